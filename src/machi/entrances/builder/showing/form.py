"""The questions: pages at the left, what is chosen at the right."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.form import (
    BOOKED,
    CHOOSING,
    COUNTED,
    DEFAULTED,
    INSIDE,
    LETTERED,
    NO_ANSWER,
    SENSITIVE,
    TYPES,
)
from machi.entrances.builder.operations.places import (
    fields_at,
    find_field,
    home_of,
    page_with,
)
from machi.entrances.builder.operations.words import japanese
from machi.entrances.builder.sentences import NUMBERS
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.conditions import condition
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.known import book_places, in_force, labels_of, questions_of


def show(manuscript, tree, asked, typed):
    """Everything of the page; `asked` chooses a page or a question, `typed` is kept after a refusal."""
    address = typed.get("key") or asked.get("field", "")
    field = find_field(tree, address)
    place = _page(tree, typed.get("page") or asked.get("page"))
    on_page = page_with(tree, address.partition(".")[0]) if field and "/" not in address else None
    here = place or on_page or next(iter(tree.get("pages", [])), None)
    desk, questions = Desk(typed), questions_of(manuscript, tree)
    labels = labels_of(manuscript, tree)
    return {
        "pages": [_listed(tree, one, labels) for one in tree.get("pages", [])],
        "here": here,
        "chosen": f"field={address}" if field else f"page={here['key']}" if here else "",
        "address": address if field else "",
        "page_chosen": here["key"] if here and not field else "",
        "about": _about_field(tree, address, field, questions, asked, typed)
        if field
        else _about_page(tree, here, questions, asked, typed)
        if here
        else None,
        "new_page": _new_page(desk),
        "new_field": _new_field(desk, here, "") if here else None,
        "new_part": _new_part(tree, here) if here else None,
    }


def _new_page(desk):
    control = desk.text("label", _("新しいページの名前"), "", id="new-page")
    return Sheet("add_page", [control], button=_("ページを足す"), quiet=True)


def _page(tree, key):
    return next((one for one in tree.get("pages", []) if key and one["key"] == key), None)


def _listed(tree, page, labels):
    own = {field.get("key"): field for field in tree.get("fields", [])}
    fields = [_line(key, own.get(key), labels) for key in page["fields"]]
    return {"key": page["key"], "title": japanese(page.get("title")), "fields": fields}


def _line(key, field, labels):
    children = [
        {"address": f"{key}.{one['key']}", "label": japanese(one.get("label")) or one["key"]}
        for one in (field or {}).get("fields", [])
        if "key" in one
    ]
    marks = bool(field and (field.get("visible_if") or field.get("required_if")))
    return {"key": key, "label": labels.get(key) or key, "own": field is not None, "inside": children, "marks": marks}


def _new_field(desk, page, home, kinds=TYPES):
    options = words.options(words.TYPES, kinds)
    controls = [
        desk.text("label", _("聞くこと"), "", id=f"new-field-{home or 'page'}"),
        desk.select("type", _("答え方"), options, "text", id=f"new-type-{home or 'page'}"),
    ]
    hidden = {"page": page["key"]} if page else {}
    return Sheet("add_field", controls, {**hidden, "home": home}, button=_("項目を足す"))


def _new_part(tree, page):
    used = set(tree.get("uses", {}).values())
    parts = [(one, label) for one, label in in_force("fragment") if one not in used]
    if not parts:
        return None
    control = Desk({}).select(
        "part", _("共通の項目"), parts, "", hint=_("氏名と連絡先、口座などを、まとめて足します。")
    )
    return Sheet("add_part", [control], {"page": page["key"]}, button=_("まとめて足す"), quiet=True)


def _about_page(tree, page, questions, asked, typed):
    desk = Desk(typed, "set_page")
    controls = [
        desk.texts("title", _("ページの名前"), page.get("title")),
        desk.texts("intro", _("ページの初めの説明"), page.get("intro"), rows=2),
        desk.tick("later", _("申請のときは聞かず、あとの段階で聞く"), on=page.get("later") == "true"),
    ]
    sheet = Sheet("set_page", controls, {"page": page["key"]}, drop=("remove_page", _("このページを消す")))
    where = f"page:{page['key']}:visible_if"
    before = _earlier(tree, questions, page["fields"])
    title = _("このページを出すとき")
    return {
        "title": japanese(page.get("title")),
        "kind": _("ページ"),
        "sheets": [sheet],
        "conditions": [condition(tree, where, before, asked, typed, title=title)],
    }


def _earlier(tree, questions, keys):
    """The questions that may decide whether these are asked: all but themselves."""
    return {key: one for key, one in questions.items() if key not in keys}


def _about_field(tree, address, field, questions, asked, typed):
    kind, hidden = field["type"], {"key": address}
    own, inner = address.partition(".")[0], "." in address or "/" in address
    others = {} if "/" in address else _earlier(tree, questions, [own])
    every = {own: questions[own], **others} if own in questions else others
    answers, drop = kind not in NO_ANSWER, ("remove_field", _("この項目を消す"))
    return {
        "title": japanese(field.get("label")),
        "kind": words.TYPES.get(kind, kind),
        "sheets": [Sheet("set_field", _controls(tree, address, field, questions, typed), hidden, drop=drop)],
        "conditions": [] if inner else _conditions(tree, address, answers, others, asked, typed),
        "rules": _rules(tree, address, field, every, asked, typed),
        "new_rule": _new_rule(address, typed) if answers and not inner else None,
        "new_inside": _new_field(Desk(typed, "add_field"), None, address, INSIDE) if kind == "repeat" else None,
        "moves": len(fields_at(tree, home_of(address))) > 1 and home_of(address),
    }


def _conditions(tree, address, answers, others, asked, typed):
    """When a question is asked, and when it must be answered."""
    asks = condition(tree, f"field:{address}:visible_if", others, asked, typed, title=_("聞くとき"))
    if not answers:
        return [asks]
    title, always = _("必ず答えてもらうとき"), _("上の「必ず答えてもらう」のとおり")
    where = f"field:{address}:required_if"
    return [asks, condition(tree, where, others, asked, typed, title=title, always=always)]


def _default(desk, field, questions):
    """What stands there from the start; the applicant may change it."""
    kind, label, value = field["type"], _("はじめの答え"), field.get("default", "")
    if kind == "bool":
        return desk.select("default", label, [("true", _("はい")), ("false", _("いいえ"))], value, blank=_("空欄"))
    if kind == "choice":
        options = questions.get(field["key"], {}).get("options") or [
            (one["key"], japanese(one["label"])) for one in field.get("options", [])
        ]
        return desk.select("default", label, options, value, blank=_("空欄"))
    hint = _("2026-04-01 のように書きます。") if kind == "date" else _("初めから入れておく答えです。直せます。")
    return desk.text("default", label, value, hint=hint)


def _controls(tree, address, field, questions, typed):
    desk, kind = Desk(typed, "set_field"), field["type"]
    said = [desk.texts("label", _("聞くこと"), field.get("label"))]
    if kind not in NO_ANSWER:
        said.append(desk.tick("required", _("必ず答えてもらう"), on=field.get("required") == "true"))
    said += _choices(tree, field, desk)
    said.append(desk.texts("help", _("説明"), field.get("help"), hint=_("迷いそうなことを、先に書いておきます。")))
    if kind not in NO_ANSWER:
        said.append(desk.texts("example", _("記入例"), field.get("example")))
    said += _limits(field, desk)
    if kind in DEFAULTED and not field.get("calc"):
        said.append(_default(desk, field, questions))
    if kind == "account":
        drawn = f"book/{field.get('book', '')} {field.get('place', '')}"
        said.append(desk.select("drawn", _("どの帳簿のどこから使うか"), list(book_places()), drawn))
    if kind in BOOKED:
        said.append(
            desk.select(
                "pool",
                _("予約の枠"),
                [(key, japanese(one.get("label")) or key) for key, one in tree.get("pools", {}).items()],
                field.get("pool", ""),
            )
        )
    if kind not in NO_ANSWER:
        blank = _("その種類のふつうの扱い")
        said.append(
            desk.select(
                "sensitivity",
                _("情報の扱い"),
                words.options(words.SENSITIVITY, SENSITIVE),
                field.get("sensitivity", ""),
                blank=blank,
            )
        )
    if kind in ("text", "name", "kana", "date", "postal", "address", "phone", "email"):
        said.append(
            desk.select(
                "prefill",
                _("利用登録から写す"),
                words.options(words.PREFILL),
                field.get("prefill", ""),
                blank=_("写さない"),
            )
        )
    return said


def _choices(tree, field, desk):
    if field["type"] not in CHOOSING:
        return []
    here = tree.get("uses", {}).get(field.get("from", ""), "")
    tables = in_force("choices")
    said = [desk.select("from", _("選択肢"), tables, here, blank=_("ここに書く"))]
    if not here:
        lines = "\n".join(japanese(one["label"]) for one in field.get("options", []))
        said.append(desk.area("options", _("選ぶもの（1行に1つ）"), lines, rows=4))
    return said


def _limits(field, desk):
    kind, said = field["type"], []
    if kind in COUNTED:
        hint = {"date": _("日付（2026-04-01）か today（今日）。"), "choices": _("選ぶ数。"), "repeat": _("件数。")}.get(
            kind, ""
        )
        said += [
            desk.text("min", _("いちばん小さい値"), field.get("min", ""), width=12, hint=hint),
            desk.text("max", _("いちばん大きい値"), field.get("max", ""), width=12, hint=hint),
        ]
    if kind in NUMBERS:
        hint = _("ほかの項目から計算するときだけ。例: default(qty, 0) * 300")
        said.append(desk.text("calc", _("計算で決める（式）"), field.get("calc", ""), hint=hint))
    if kind in LETTERED:
        said.append(
            desk.text("max_length", _("文字数の上限"), field.get("max_length", ""), width=4, inputmode="numeric")
        )
    if kind == "file":
        accept = field.get("accept", ["image", "pdf"])
        names = {"image": _("写真"), "pdf": _("PDF"), "office": _("Word・Excel など")}
        said += [desk.tick(f"accept_{one}", label, on=one in accept) for one, label in names.items()]
        said.append(
            desk.text("max_files", _("ファイル数の上限"), field.get("max_files", "1"), width=4, inputmode="numeric")
        )
    return said


def _rules(tree, address, field, questions, asked, typed):
    title, always = _("まちがいになるとき"), _("まだ決めていません")
    return [
        {
            "sheet": _rule(address, number, rule, typed),
            "condition": condition(
                tree, f"rule:{address}:{number}", questions, asked, typed, title=title, always=always
            ),
        }
        for number, rule in enumerate(field.get("validate", []))
    ]


def _rule(address, number, rule, typed):
    desk = Desk(typed if typed.get("number") == str(number) else {}, "set_rule")
    controls = [
        desk.texts("error", _("まちがいのときに出す文"), rule.get("error"), rows=2),
        desk.tick("warns", _("注意だけして、先へ進んでもらう"), on=rule.get("level") == "warning"),
    ]
    drop = ("remove_rule", _("この決まりを消す"))
    return Sheet("set_rule", controls, {"key": address, "number": number}, drop=drop)


def _new_rule(address, typed):
    control = Desk(typed, "add_rule").text("error_ja", _("まちがいのときに出す文"), "", id="new-rule")
    return Sheet("add_rule", [control], {"key": address}, button=_("決まりを足す"), quiet=True)
