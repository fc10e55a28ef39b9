"""What the pages of the builder show of a manuscript."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.entrances.builder import rules
from machi.ground.languages import LANGUAGES, pick

TYPE_WORDS = {
    "text": gettext_lazy("短い文"),
    "longtext": gettext_lazy("長い文"),
    "name": gettext_lazy("氏名"),
    "kana": gettext_lazy("ふりがな"),
    "email": gettext_lazy("メールアドレス"),
    "phone": gettext_lazy("電話番号"),
    "postal": gettext_lazy("郵便番号"),
    "address": gettext_lazy("住所"),
    "int": gettext_lazy("数"),
    "yen": gettext_lazy("金額"),
    "date": gettext_lazy("日付"),
    "bool": gettext_lazy("はい・いいえ"),
    "choice": gettext_lazy("一つ選ぶ"),
    "choices": gettext_lazy("いくつか選ぶ"),
    "file": gettext_lazy("写真・書類"),
    "point": gettext_lazy("地図の場所"),
    "consent": gettext_lazy("同意"),
    "note": gettext_lazy("説明だけ"),
}
START_WORDS = {
    "application": gettext_lazy("申請（受付→審査と決定→完了）"),
    "notification": gettext_lazy("届出（受付→確認→完了）"),
}


def start_choices(starts):
    """What one can begin from, as options of a select."""
    new = [{"value": f"new/{name}", "label": START_WORDS[name], "group": _("ひな形から")} for name in starts]
    in_force = [(one.code, pick(one.title, "ja")) for one in definitions.current_all("procedure")]
    copies = [{"value": f"copy/{code}", "label": title, "group": _("写して新しく")} for code, title in in_force]
    edits = [{"value": f"edit/{code}", "label": title, "group": _("今の手続を直す")} for code, title in in_force]
    return [*new, *copies, *edits]


def bench(manuscript, tree, asked, typed):
    """Everything the bench shows; `asked` chooses a page, a question or a step, `typed` is kept after faults."""
    field = _one(tree.get("fields", []), typed.get("key") or asked.get("field"))
    place = _one(tree.get("pages", []), typed.get("page") or asked.get("page"))
    steps = tree.get("flow", {}).get("steps", {})
    step = typed.get("key") or asked.get("step")
    here = place or _page_with(tree, field) or next(iter(tree.get("pages", [])), None)
    undo, redo = definitions.may_step(manuscript)
    return {
        "manuscript": manuscript,
        "title": rules.japanese(tree.get("title")),
        "pages": [_page(tree, one, manuscript) for one in tree.get("pages", [])],
        "steps": [{"key": key, "title": rules.japanese(one.get("title"))} for key, one in steps.items()],
        "here": here,
        "chosen": _chosen(tree, field, place, step if step in steps else None, typed),
        "types": [{"value": key, "label": words} for key, words in TYPE_WORDS.items()],
        "typed": typed,
        "tasks": _tasks(manuscript, tree),
        "undo": undo,
        "redo": redo,
    }


def _one(things, key):
    return next((one for one in things if key and one.get("key") == key), None)


def _page_with(tree, field):
    return field and next((one for one in tree.get("pages", []) if field["key"] in one["fields"]), None)


def _page(tree, said, manuscript):
    own = {field["key"]: rules.japanese(field.get("label")) for field in tree.get("fields", []) if "key" in field}
    lent = {one["key"]: pick(one["label"], "ja") for one in (manuscript.bundle or {}).get("form", {}).get("fields", [])}
    fields = [{"key": key, "label": own.get(key) or lent.get(key, key), "own": key in own} for key in said["fields"]]
    return {"key": said["key"], "title": rules.japanese(said.get("title")), "fields": fields}


def _chosen(tree, field, place, step, typed):
    """What the right side is about: its sort, key, operation and values."""
    if field:
        return _about_field(tree, field, typed)
    if step:
        said = tree["flow"]["steps"][step]
        return {"sort": "step", "key": step, "do": "set_step", "texts": _texts(said.get("title"), "title", typed)}
    if place:
        texts = _texts(place.get("title"), "title", typed)
        return {"sort": "page", "key": place["key"], "do": "set_page", "texts": texts}
    units = [{"value": unit.code, "label": pick(unit.title, "ja")} for unit in people.Unit.objects.order_by("code")]
    years = tree.get("retention", {}).get("years", "")
    return {
        "sort": "title", "do": "set_title", "texts": _texts(tree.get("title"), "title", typed), "units": units,
        "owner": typed.get("owner", tree.get("owner", "")), "years": typed.get("years", years),
    }  # fmt: skip


def _about_field(tree, field, typed):
    sentences = [
        {"value": text, "label": _("［%(field)s］が［%(value)s］のときだけ聞く") % {"field": label, "value": value}}
        for text, label, value in rules.conditions(tree, field["key"])
    ]
    current = field.get("visible_if", "")
    if current and current not in {one["value"] for one in sentences}:
        sentences.append({"value": current, "label": _("今の条件のまま（%(text)s）") % {"text": current}})
    options = "\n".join(rules.japanese(one["label"]) for one in field.get("options", []))
    chooses = field["type"] in rules.CHOOSING and "from" not in field
    return {
        "sort": "field",
        "key": field["key"],
        "do": "set_field",
        "type": TYPE_WORDS.get(field["type"], field["type"]),
        "texts": _texts(field.get("label"), "label", typed),
        "helps": _texts(field.get("help"), "help", typed),
        "required": bool(typed.get("required")) if typed else field.get("required") == "true",
        "options": typed.get("options", options) if chooses else None,
        "sentences": sentences,
        "visible_if": typed.get("visible_if", current),
    }


def _texts(text, name, typed):
    """One line for each language: what was typed, else what is kept."""
    kept = text if isinstance(text, dict) else {"ja": text or ""}
    return [
        {
            "name": f"{name}_{one.tag}",
            "language": one.name,
            "html": one.html,
            "value": typed.get(f"{name}_{one.tag}", kept.get(one.tag, "")),
        }
        for one in LANGUAGES
    ]


def _tasks(manuscript, tree):
    """What is still to do: faults (they stop publishing), then what residents would miss."""
    examined = definitions.examine(tree, manuscript.assets)
    tasks = [
        {"stops": True, "words": fault.message, "mend": fault.mend, "to": _to(tree, path)}
        for fault, path in zip(examined.faults, examined.paths, strict=True)
        if fault.level == "error"
    ]
    names = {one.tag: one.name for one in LANGUAGES}
    for sort, key, words, lacking in rules.untranslated(tree):
        said = {"text": words[:30], "languages": "、".join(names[tag] for tag in lacking)}
        told = _("「%(text)s」の翻訳がありません: %(languages)s") % said
        tasks.append({"stops": False, "words": told, "to": f"{sort}={key}" if key else ""})
    if not tree.get("tests"):
        tasks.append({"stops": False, "words": _("確かめの例がありません。"), "to": None})
    return tasks


def _to(tree, path):
    """The query that chooses the thing a fault is about."""
    if path[:1] == ("fields",) and len(path) > 1 and "key" in tree["fields"][path[1]]:
        return f"field={tree['fields'][path[1]]['key']}"
    if path[:1] == ("pages",) and len(path) > 1:
        return f"page={tree['pages'][path[1]]['key']}"
    if path[:2] == ("flow", "steps") and len(path) > 2:
        return f"step={path[2]}"
    return ""
