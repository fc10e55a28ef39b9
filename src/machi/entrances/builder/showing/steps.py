"""One step of the flow: what it says, who does it, and where it leads."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations import flow as acts
from machi.entrances.builder.operations.form import INSIDE
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import in_languages, japanese
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.conditions import condition
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.fees import fee
from machi.entrances.builder.showing.kinds import chosen
from machi.entrances.builder.showing.known import steps as step_options
from machi.entrances.builder.showing.known import units
from machi.entrances.builder.showing.lists import listed


def unit(desk, expression, label, blank):
    """The control that chooses a unit; an expression that was there can stay."""
    plain = (expression or "").strip("'")
    listed = units()
    if expression and plain not in dict(listed):
        listed = [(f"={expression}", _("式で決める: %(text)s") % {"text": expression}), *listed]
        plain = f"={expression}"
    return desk.select("unit", label, listed, plain, blank=blank)


def about(tree, key, questions, asked, typed):
    """Everything about one step."""
    step = steps_of(tree)[key]
    kind = step.get("type", "")
    drop = () if kind == "intake" else ("remove_step", _("この段階を消す"))

    def when(where, title, always):
        return condition(tree, where, questions, asked, typed, title=title, always=always)

    deputies = (f"step:{key}:deputies", _("代わりの人が決裁してよいとき"), _("いつでも"))
    pays, people = kind == "pay", kind in acts.HUMAN
    return {
        "title": japanese(step.get("title")),
        "kind": words.STEPS.get(kind, kind),
        "sheets": [Sheet("set_step", _controls(tree, key, questions, typed), {"key": key}, drop=drop)],
        "fee": fee(step, key, questions, typed) if pays else None,
        "listed": listed(tree, key, questions, typed),
        "deputies": when(*deputies) if kind == "approve" else None,
        "fee_free": when(f"fee:{key}", _("払わなくてよいとき"), _("だれでも払います")) if pays else None,
        "ways": _ways(tree, key, step, typed),
        "branches": [when(*one, _("まだ決めていません")) for one in _branches(key, step)],
        "fields": _own_fields(key, step) if people else None,
        "new_field": _new_field(key, typed) if people else None,
        "document": _after_slash(step, "document/"),
        "letter": _after_slash(step, "letter/"),
        "notice": step.get("notice"),
    }


def _after_slash(step, sort):
    document = step.get("document") or ""
    return document.removeprefix(sort) if document.startswith(sort) else ""


def _branches(key, step):
    """(where, title) of every branch that has a condition."""
    branches = step["next"] if isinstance(step.get("next"), list) else []
    for number, one in enumerate(branches):
        if "if" in one:
            yield f"branch:{key}:{number}", _("道%(number)sへ進むとき") % {"number": number + 1}


def _own_fields(key, step):
    own = [one for one in step.get("fields", []) if "key" in one]
    return [{"address": f"{key}/{one['key']}", "label": japanese(one.get("label"))} for one in own]


def _controls(tree, key, questions, typed):
    step = steps_of(tree)[key]
    desk, kind = Desk(typed, "set_step"), step.get("type")
    said = [
        desk.texts("title", _("段階の名前"), step.get("title")),
        desk.texts(
            "public", _("申請した人に見せる言葉"), step.get("public"), hint=_("空のままなら、段階の名前を見せます。")
        ),
    ]
    if kind == "intake":
        hint = _("{fy} は年度、{seq:4} は4けたの通し番号です。")
        said.append(desk.text("number_format", _("受付番号の形"), step["number"].get("format", ""), hint=hint))
    if kind in acts.HUMAN:
        said += _human(desk, step)
    said += chosen(desk, tree, key, questions)
    if kind == "enter":
        said.append(_undone(desk, tree, key, step))
    return said


def _human(desk, step):
    lines = "\n".join(japanese(one["label"]) for one in step.get("checklist", []))
    correct = step.get("correct", "P14D")
    return [
        unit(desk, step.get("unit"), _("だれがするか"), _("手続の担当課")),
        desk.days("due", _("いつまでにするか"), step.get("due")),
        desk.days(
            "escalate",
            _("遅れたら、何日後に課長へ知らせるか"),
            "" if step.get("escalate") == "never" else step.get("escalate", "P3BD"),
            hint=_("空にすると、知らせません。"),
        ),
        desk.area("checklist", _("確かめること（1行に1つ）"), lines, rows=3),
        desk.days(
            "correct",
            _("補正を待つ日数"),
            "" if correct == "never" else correct,
            units=("D", "BD"),
            hint=_("空にすると、補正を求められません。"),
        ),
    ]


def _undone(desk, tree, key, step):
    """Which earlier entries are taken back, instead of making new ones."""
    others = [(one, japanese(said.get("title"))) for one, said in steps_of(tree).items() if said.get("type") == "enter"]
    offered = [one for one in others if one[0] != key]
    return desk.ticks("undo", _("取り消す記入（新しく記入しないとき）"), offered, step.get("undo", []))


def _ways(tree, key, step, typed):
    """The form of where a step leads, with a button that takes each outcome away."""
    listed = step_options(tree)
    if step.get("outcomes"):
        return _outcomes(tree, key, step, listed, typed)
    if "next" not in step:
        return None
    desk = Desk(typed, "set_next")
    branches = step["next"] if isinstance(step["next"], list) else [{"to": step["next"]}]
    names = (
        [_("次の段階")]
        if len(branches) == 1
        else [_("道%(number)sの行き先") % {"number": number} for number in range(1, len(branches))]
        + [_("それ以外の行き先")]
    )
    controls = [
        desk.select(f"to:{place}", names[place], listed, one.get("to", "")) for place, one in enumerate(branches)
    ]
    drops = [
        ("remove_branch", str(place), _("道%(number)sを消す") % {"number": place + 1})
        for place in range(len(branches) - 1)
    ]
    new = Sheet(
        "add_branch",
        [Desk(typed, "add_branch").select("new_to", _("条件に合うときの行き先"), listed, "")],
        {"key": key},
        button=_("条件の付いた道を足す"),
        quiet=True,
    )
    return {"sheet": Sheet("set_next", controls, {"key": key}), "drops": drops, "new": new}


def _outcomes(tree, key, step, listed, typed):
    desk, kind = Desk(typed, "set_outcomes"), step["type"]
    groups = [
        {"legend": _legend(kind, name, one, dict(listed)), "controls": _outcome(desk, kind, name, one, listed)}
        for name, one in step["outcomes"].items()
    ]
    if kind in acts.HUMAN:
        new = [
            desk.text("new_label", _("ボタンの言葉"), "", hint=_("例: 認める")),
            desk.select("new_to", _("行き先"), listed, ""),
        ]
        groups.append({"legend": _("結果を足す"), "controls": new})
    drops = [
        ("remove_outcome", name, _("「%(name)s」を消す") % {"name": _outcome_name(kind, name, one)})
        for name, one in step["outcomes"].items()
    ]
    may_drop = len(drops) > 1 and (kind in acts.HUMAN or kind == "approve")
    return {"sheet": Sheet("set_outcomes", groups, {"key": key}), "drops": drops if may_drop else []}


def _legend(kind, name, outcome, titles):
    to = outcome.get("to", "") if isinstance(outcome, dict) else outcome
    return f"{_outcome_name(kind, name, outcome)} → {titles.get(to, '?')}"


def _outcome_name(kind, name, outcome):
    return japanese(outcome["label"]) if isinstance(outcome, dict) and "label" in outcome else words.outcome(kind, name)


def _outcome(desk, kind, name, outcome, listed):
    to = outcome.get("to", "") if isinstance(outcome, dict) else outcome
    leads = desk.select(f"to:{name}", _("行き先"), listed, to)
    results = desk.select(
        f"result:{name}",
        _("決定の種類"),
        words.options(words.RESULTS, acts.RESULTS),
        outcome.get("result", "") if isinstance(outcome, dict) else "",
        blank=_("決定ではない"),
    )
    if kind == "approve":
        return [leads, results]
    if kind not in acts.HUMAN:
        return [leads]
    said = [desk.text(f"label:{name}", _("ボタンの言葉"), in_languages(outcome.get("label")).get("ja", "")), leads]
    if kind == "decide":
        said += [
            results,
            desk.select(
                f"conditions:{name}",
                _("付ける条件"),
                words.options(words.CONDITIONS),
                outcome.get("conditions", "none"),
            ),
        ]
    return [
        *said,
        desk.tick(f"reasons:{name}", _("理由を必ず書く"), on=outcome.get("reasons") == "required"),
        desk.select(f"tone:{name}", _("ボタンの見え方"), words.options(words.TONES), outcome.get("tone", "secondary")),
    ]


def _new_field(key, typed):
    desk = Desk(typed, "add_field")
    controls = [
        desk.text("label", _("職員が書くこと"), "", id="new-step-field"),
        desk.select("type", _("答え方"), words.options(words.TYPES, INSIDE), "text", id="new-step-field-type"),
    ]
    return Sheet("add_field", controls, {"home": f"{key}/"}, button=_("職員が書く項目を足す"), quiet=True)
