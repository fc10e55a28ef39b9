"""Pages, and the questions on them."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.places import (
    field_at,
    fields_at,
    home_of,
    key_of,
    page_at,
    page_with,
    taken,
)
from machi.entrances.builder.operations.words import (
    LONG,
    NEVER,
    Refused,
    free,
    gone,
    move,
    no_longer_than,
    put,
    readable,
    texts,
    titled,
    whole,
    worded,
)

TYPES = (
    "text", "longtext", "choice", "choices", "bool", "date", "int", "yen", "decimal", "name", "kana", "email",
    "phone", "postal", "address", "point", "file", "repeat", "slot", "hours", "account", "code", "consent", "note",
)  # fmt: skip
CHOOSING = ("choice", "choices")
COUNTED = ("int", "decimal", "yen", "date", "choices", "repeat")
LETTERED = ("text", "longtext", "code")
NO_ANSWER = ("note", "consent")
BOOKED = ("slot", "hours")
DEFAULTED = ("text", "longtext", "choice", "bool", "date", "int", "yen", "decimal", "code")
INSIDE = tuple(kind for kind in TYPES if kind not in ("repeat", *BOOKED))
SENSITIVE = ("public", "internal", "personal", "special")


def add_page(tree, said):
    """An empty page at the end."""
    pages = tree.setdefault("pages", [])
    key = free("page", [page["key"] for page in pages])
    pages.append({"key": key, "title": titled(said.get("label")), "fields": []})


def set_page(tree, said):
    """The title and the introduction of a page."""
    page = page_at(tree, said.get("page"))
    page["title"] = texts(page.get("title"), said, "title", needed=True)
    put(page, "intro", texts(page.get("intro"), said, "intro"))
    put(page, "later", "true" if said.get("later") else "")


def move_page(tree, said):
    """A page one place up or down."""
    move(tree["pages"], tree["pages"].index(page_at(tree, said.get("page"))), said)


def remove_page(tree, said):
    """A page that has no questions any more."""
    page = page_at(tree, said.get("page"))
    if page["fields"]:
        raise Refused(_("このページには項目があります。先に項目を移すか消してください。"))
    tree["pages"].remove(page)


def add_field(tree, said):
    """A question at the end of a page, of a repeat, or of a step."""
    home, kind = said.get("home", ""), said.get("type")
    if kind not in (INSIDE if home else TYPES):
        raise Refused(_("答え方を選んでください。"))
    label = texts({}, {"label_ja": said.get("label", "")}, "label", needed=True)
    field = {"key": free("q", taken(tree)), "type": kind, "label": label}
    if kind in CHOOSING:
        field["options"] = [{"key": "a1", "label": {"ja": _("はい")}}, {"key": "a2", "label": {"ja": _("いいえ")}}]
    if kind == "repeat":
        field |= {"min": "1", "max": "5", "fields": [_first_of(tree, field["key"], label)]}
    if kind in BOOKED:
        field["pool"] = next(iter(tree.get("pools", {})), "places")
    fields_at(tree, home).append(field)
    if not home:
        page_at(tree, said.get("page"))["fields"].append(field["key"])


def _first_of(tree, beside, label):
    """A repeat asks at least one thing."""
    return {"key": free("q", [*taken(tree), beside]), "type": "text", "label": dict(label), "required": "true"}


def set_field(tree, said):
    """What a question says, whether it must be answered, its choices and its limits."""
    field = field_at(tree, said.get("key", ""))
    kind = field["type"]
    field["label"] = texts(field.get("label"), said, "label", needed=True)
    put(field, "help", texts(field.get("help"), said, "help"))
    put(field, "example", texts(field.get("example"), said, "example"))
    if kind not in NO_ANSWER:
        put(field, "required", "true" if said.get("required") else "")
    if "from" in said:
        _choose_table(tree, field, said["from"])
    if kind in CHOOSING and "from" not in field and "options" in said:
        field["options"] = worded(field.get("options", []), said["options"], "a", _option)
    _limit(field, kind, said)
    if "calc" in said:
        put(field, "calc", readable(said["calc"].strip()))
    if kind in DEFAULTED and "default" in said:
        put(field, "default", _default(kind, said["default"].strip()))
    if kind == "account" and "drawn" in said:
        book, _space, place = said["drawn"].partition(" ")
        put(field, "book", book.removeprefix("book/"))
        put(field, "place", place)
    for name, allowed in (("sensitivity", SENSITIVE), ("prefill", None), ("pool", None)):
        if name in said and (allowed is None or said[name] in (*allowed, "")):
            put(field, name, said[name])


def _default(kind, words):
    """The value that stands there from the start: a number, a day, a key of the choices, or words."""
    if kind in ("int", "yen"):
        return whole(words.replace(",", ""), _("はじめの答え"))
    return no_longer_than(words, LONG)


def _option(key, label):
    return {"key": key, "label": label}


def _choose_table(tree, field, reference):
    """The choices come from a list that the city keeps (a definition), or are written here."""
    if not reference:
        if field.pop("from", None):
            field.setdefault("options", [_option("a1", {"ja": _("はい")}), _option("a2", {"ja": _("いいえ")})])
        return
    uses = tree.setdefault("uses", {})
    name = next((name for name, one in uses.items() if one == reference), None)
    if name is None:
        name = free("table", list(uses))
        uses[name] = reference
    field["from"] = name
    field.pop("options", None)


def _limit(field, kind, said):
    """The bounds a question of this type may have."""
    for name in ("min", "max") if kind in COUNTED else ():
        if name in said:
            put(field, name, _bound(kind, said[name].strip()))
    if kind in LETTERED and "max_length" in said:
        put(field, "max_length", whole(said["max_length"], _("文字数の上限")))
    if kind == "file" and "max_files" in said:
        put(field, "max_files", whole(said["max_files"], _("ファイル数の上限")))
        put(field, "accept", [one for one in ("image", "pdf", "office") if said.get(f"accept_{one}")])


def _bound(kind, words):
    """A limit as a definition writes it: a number, a day, `today`, or the name of a setting."""
    if kind == "date" or words.startswith("$settings."):
        return no_longer_than(words, 60)
    plain = words.replace(",", "")
    number = plain.removeprefix("-").replace(".", "", 1)
    if plain and not (number.isascii() and number.isdecimal()):
        raise Refused(_("いちばん小さい値と大きい値は、数字で書いてください。"))
    return plain


def move_field(tree, said):
    """A question one place up or down; past the edge of a page it goes to the next page."""
    address = said.get("key", "")
    if home := home_of(address):
        fields = fields_at(tree, home)
        move(fields, fields.index(field_at(tree, address)), said)
        return
    page = _page_of(tree, address)
    pages, keys = tree["pages"], page["fields"]
    step = -1 if said.get("way") == "up" else 1
    if 0 <= keys.index(address) + step < len(keys):
        move(keys, keys.index(address), said)
    elif 0 <= (other := pages.index(page) + step) < len(pages):
        keys.remove(address)
        pages[other]["fields"].insert(0 if step > 0 else len(pages[other]["fields"]), address)


def remove_field(tree, said):
    """A question away; what still uses it becomes a task."""
    address = said.get("key", "")
    fields, key = fields_at(tree, home_of(address)), key_of(address)
    if not home_of(address):
        _page_of(tree, address)["fields"].remove(key)
    fields[:] = [field for field in fields if field.get("key") != key]


def add_part(tree, said):
    """The questions of a shared part (applicant, bank account …), on a page."""
    reference = said.get("part", "")
    page = page_at(tree, said.get("page"))
    if not reference or reference in tree.get("uses", {}).values():
        raise Refused(_("まだ使っていない共通の項目を選んでください。"))
    name = free("part", list(tree.get("uses", {})))
    tree.setdefault("uses", {})[name] = reference
    tree.setdefault("fields", []).append({"use": name})
    page["fields"] += [key for key in said.get("keys", "").split() if key not in taken(tree)]


def add_rule(tree, said):
    """A rule for the answer: wrong when the condition holds, with words of one's own."""
    field = field_at(tree, said.get("key", ""))
    error = texts({}, {"error_ja": said.get("error", "")}, "error")
    if not error:
        raise Refused(_("まちがいのときに出す文を書いてください。"))
    field.setdefault("validate", []).append({"if": NEVER, "error": error})


def set_rule(tree, said):
    """The words of a rule, and whether it stops or only warns."""
    rule = _rule(tree, said)
    rule["error"] = texts(rule.get("error"), said, "error", needed=True)
    put(rule, "level", "warning" if said.get("warns") else "")


def remove_rule(tree, said):
    """A rule away."""
    field = field_at(tree, said.get("key", ""))
    field["validate"].remove(_rule(tree, said))
    put(field, "validate", field["validate"])


def _rule(tree, said):
    rules, number = field_at(tree, said.get("key", "")).get("validate", []), said.get("number", "")
    if not (number.isascii() and number.isdecimal() and int(number) < len(rules)):
        raise gone()
    return rules[int(number)]


def _page_of(tree, key):
    if page := page_with(tree, key):
        return page
    raise gone()
