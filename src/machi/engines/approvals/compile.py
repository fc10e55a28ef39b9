"""A table of powers is checked exactly: every case fits one row, every post exists, nobody is asked twice."""

from math import prod

from machi.engines.approvals import rules
from machi.engines.definitions.define import DefinitionFault


def compile_route(model, resolver):
    """The bundle of a Route. Raises DefinitionFault; all faults but the last go to `resolver.report`."""
    bundle = model.model_dump(mode="json", by_alias=True)
    faults = [*_condition_faults(bundle), *_post_faults(bundle, resolver)]
    faults = faults or list(_hole_faults(bundle))
    for fault in faults[1:]:
        resolver.report(fault)
    if faults:
        raise faults[0]
    return bundle


def test_route(bundle):
    """The tests the table carries: faults where other levels come out than expected."""
    faults = []
    for place, test in enumerate(bundle["tests"]):
        row = rules.choose(bundle, test["given"])
        found = [[slot["post"] for slot in level] for level in row["levels"]] if row else None
        if found != test["levels"]:
            faults.append(
                DefinitionFault(
                    ("tests", place, "levels"),
                    f"テスト「{test['name']}」: {test['levels']} のはずですが、{found} でした。",
                    "表かテストのどちらかを直してください。",
                )
            )
    return faults


def _condition_faults(bundle):
    inputs = bundle["inputs"]
    for name, one in inputs.items():
        if (one["type"] == "choice") != bool(one["options"]):
            yield DefinitionFault(
                ("inputs", name, "options"),
                "選択肢（options）は choice の項目にだけ書きます。",
                "type か options を直してください。",
            )
    for place, row in enumerate(bundle["rows"]):
        for name, condition in row["when"].items():
            path = ("rows", place, "when", name)
            if name not in inputs:
                yield DefinitionFault(
                    path, f"「{name}」という項目はありません。", "inputs に書き足すか、名前を直してください。"
                )
            else:
                yield from _wrong_condition(path, inputs[name], condition)


def _wrong_condition(path, one, condition):
    form = {"choice": list, "bool": bool}.get(one["type"], dict)
    if not isinstance(condition, form):
        mend = {list: "[選択肢, …]", bool: "true か false", dict: "{from: 下限, below: 上限}"}[form]
        yield DefinitionFault(path, "条件の書き方がこの項目に合いません。", f"{mend} と書いてください。")
    elif form is list:
        for key in condition:
            if key not in one["options"]:
                yield DefinitionFault(
                    path, f"「{key}」という選択肢はありません。", "inputs の options にあるものを書いてください。"
                )
    elif form is dict and _empty(condition["from"], condition["below"]):
        yield DefinitionFault(path, "下限が上限より小さくありません。", "from を below より小さくしてください。")


def _empty(low, high):
    return low is not None and high is not None and low >= high


def _post_faults(bundle, resolver):
    for place, row in enumerate(bundle["rows"]):
        seen = set()
        named = [
            (("rows", place, "levels", level, at, "post"), slot["post"])
            for level, slots in enumerate(row["levels"])
            for at, slot in enumerate(slots)
        ]
        for path, post in named:
            if post in seen:
                yield DefinitionFault(
                    path, f"職「{post}」が同じ決裁ルートに2回出てきます。", "どちらかを消してください。"
                )
            seen.add(post)
        named += [(("rows", place, "circulate", at), post) for at, post in enumerate(row["circulate"])]
        yield from unknown_posts(named, resolver)


def unknown_posts(named, resolver):
    """Faults of posts that are named, as (path, name), and that no organisation has."""
    posts = {post["code"] for one in resolver.every("organisation") for post in one["posts"]}
    known = posts | {code.partition(".")[2] for code in posts}
    for path, post in named:
        if posts and post not in known:
            yield DefinitionFault(
                path,
                f"職「{post}」がありません。",
                "組織の定義にある職のキー（例: chief）か「課のコード.職のキー」で書いてください。",
            )


def _hole_faults(bundle):
    axes = rules.cells(bundle)
    if prod(len(values) for _name, values in axes) > rules.MOST_CELLS:
        yield DefinitionFault(
            ("rows",), "表が大きすぎて、抜けと重なりを確かめられません。", "表を二つに分けてください。"
        )
        return
    for said, rows in rules.holes(bundle):
        words = _said(bundle, said)
        if rows:
            both = "と".join(f"「{bundle['rows'][place]['rule']}」" for place in rows)
            yield DefinitionFault(
                ("rows", rows[-1], "when"),
                f"{words}に、{both}の両方が当てはまります。",
                "条件が重ならないように直してください。",
            )
        else:
            yield DefinitionFault(
                ("rows",), f"{words}に当てはまる行がありません。", "行を書き足すか、条件を広げてください。"
            )


def _said(bundle, said):
    """The case in words: 50万円以上100万円未満の「委託」."""
    numbers, others = [], []
    for name, value in said.items():
        one = bundle["inputs"][name]
        if one["type"] == "choice":
            others.append(f"「{one['options'][value]['ja']}」")
        elif one["type"] == "bool":
            others.append(f"「{one['label']['ja']}: {'はい' if value else 'いいえ'}」")
        else:
            numbers.append(_band(one, *value))
    return "の".join([text for text in numbers if text] + ["・".join(others)] if others else numbers) or "すべて"


def _band(one, low, high):
    write = _yen if one["type"] == "yen" else lambda number: f"{one['label']['ja']}{number:,}"
    low = None if one["type"] == "yen" and low == 0 else low
    words = (f"{write(low)}以上" if low is not None else "") + (f"{write(high)}未満" if high is not None else "")
    return words or f"すべての{one['label']['ja']}"


def _yen(amount):
    """An amount as the rules write it: 50万円, 1億円, 1,234円."""
    if amount and amount % 100_000_000 == 0:
        return f"{amount // 100_000_000:,}億円"
    return f"{amount // 10_000:,}万円" if amount and amount % 10_000 == 0 else f"{amount:,}円"
