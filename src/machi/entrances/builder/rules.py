"""What a clerk does to a procedure: pure functions from one source tree to the next, or Refused in words.

`said` is what the form posted. Keys are made here; a tree may be broken afterwards, which the task list says.
"""

from copy import deepcopy

from django.utils.translation import gettext as _

from machi.ground.languages import TAGS

LONGEST = {"label": 200, "title": 200, "help": 1000}
TYPES = (
    "text", "longtext", "name", "kana", "email", "phone", "postal", "address", "int", "yen", "date", "bool",
    "choice", "choices", "file", "point", "consent", "note",
)  # fmt: skip
CHOOSING = ("choice", "choices")


class Refused(Exception):
    """An operation that cannot be done; its words say what to do."""


def set_title(tree, said):
    """The title in all languages, the unit that answers for it, and how long cases are kept."""
    tree["title"] = _texts(tree.get("title"), said, "title", needed=True)
    if said.get("owner"):
        tree["owner"] = said["owner"]
    if years := said.get("years", "").strip():
        if not years.isascii() or not years.isdecimal():
            raise Refused(_("保存する年数は、数字で書いてください。"))
        tree["retention"] = {**tree.get("retention", {}), "years": years}


def add_page(tree, said):
    """An empty page at the end."""
    pages = tree.setdefault("pages", [])
    title = _texts({}, {"title_ja": said.get("label", "")}, "title", needed=True)
    pages.append({"key": _free("page", [page["key"] for page in pages]), "title": title, "fields": []})


def set_page(tree, said):
    """The title of a page."""
    page = _page(tree, said)
    page["title"] = _texts(page.get("title"), said, "title", needed=True)


def move_page(tree, said):
    """A page one place up or down."""
    _move(tree["pages"], tree["pages"].index(_page(tree, said)), said)


def remove_page(tree, said):
    """A page that has no questions any more."""
    page = _page(tree, said)
    if page["fields"]:
        raise Refused(_("このページには項目があります。先に項目を移すか消してください。"))
    tree["pages"].remove(page)


def add_field(tree, said):
    """A question at the end of a page."""
    page, kind = _page(tree, said), said.get("type")
    if kind not in TYPES:
        raise Refused(_("答え方を選んでください。"))
    label = _texts({}, {"label_ja": said.get("label", "")}, "label", needed=True)
    field = {"key": _free("q", _taken(tree)), "type": kind, "label": label}
    if kind in CHOOSING:
        field["options"] = [
            {"key": "a1", "label": {"ja": _("はい")}},
            {"key": "a2", "label": {"ja": _("いいえ")}},
        ]
    tree.setdefault("fields", []).append(field)
    page["fields"].append(field["key"])


def set_field(tree, said):
    """What a question says, whether it must be answered, its choices, and when it is asked."""
    field = _field(tree, said)
    field["label"] = _texts(field.get("label"), said, "label", needed=True)
    _put(field, "help", _texts(field.get("help"), said, "help"))
    _put(field, "required", "true" if said.get("required") else "")
    if "visible_if" in said:
        _put(field, "visible_if", said["visible_if"])
    if field["type"] in CHOOSING and "from" not in field:
        field["options"] = _options(field.get("options", []), said.get("options", ""))


def move_field(tree, said):
    """A question one place up or down; past the edge it goes to the next page."""
    page, key = _page_of(tree, said), said["key"]
    pages, keys = tree["pages"], page["fields"]
    step = -1 if said.get("way") == "up" else 1
    if 0 <= keys.index(key) + step < len(keys):
        _move(keys, keys.index(key), said)
    elif 0 <= (other := pages.index(page) + step) < len(pages):
        keys.remove(key)
        pages[other]["fields"].insert(0 if step > 0 else len(pages[other]["fields"]), key)


def remove_field(tree, said):
    """A question away from its page and from the procedure; what still uses it becomes a task."""
    page, key = _page_of(tree, said), said["key"]
    page["fields"].remove(key)
    tree["fields"] = [field for field in tree["fields"] if field.get("key") != key]


def set_step(tree, said):
    """The words of a step of the flow, for staff and (`public`) for residents."""
    step = tree.get("flow", {}).get("steps", {}).get(said.get("key"))
    if step is None:
        raise Refused(_gone())
    step["title"] = _texts(step.get("title"), said, "title", needed=True)


OPERATIONS = {
    one.__name__: one
    for one in (
        set_title, add_page, set_page, move_page, remove_page, add_field, set_field, move_field, remove_field,
        set_step,
    )
}  # fmt: skip


def apply(name, tree, said):
    """The tree after the operation `name`; the given one stays as it is."""
    if name not in OPERATIONS:
        raise Refused(_gone())
    after = deepcopy(tree)
    OPERATIONS[name](after, said)
    return after


def conditions(tree, key):
    """[(expression, field label, value label)]: when the question `key` may be asked, after those before it."""
    found = []
    for field in tree.get("fields", []):
        if field.get("key") == key:
            break
        label = japanese(field.get("label"))
        if field.get("type") == "bool":
            found.append((f"default({field['key']}, false)", label, _("はい")))
        elif field.get("type") == "choice":
            found += [
                (f"{field['key']} == '{option['key']}'", label, japanese(option["label"]))
                for option in field.get("options", [])
            ]
    return found


def japanese(text):
    """The Japanese of a text in a source tree."""
    return text.get("ja", "") if isinstance(text, dict) else text or ""


def untranslated(tree):
    """[(what kind of thing, its key, its Japanese, tags that lack)] of pages, questions and the title."""
    places = [("title", "", tree.get("title"))]
    places += [("page", page["key"], page.get("title")) for page in tree.get("pages", [])]
    places += [("field", one["key"], one.get("label")) for one in tree.get("fields", []) if "key" in one]
    for sort, key, text in places:
        lacking = [tag for tag in TAGS if not (isinstance(text, dict) and text.get(tag))]
        if lacking:
            yield sort, key, japanese(text), lacking


def _texts(old, said, name, *, needed=False):
    """The languages of a text with what was posted ("label_pt-BR"); languages that were not posted stay."""
    texts = dict(old) if isinstance(old, dict) else {"ja": old} if old else {}
    for tag in TAGS:
        if (words := said.get(f"{name}_{tag}")) is not None:
            texts[tag] = " ".join(words.split())
    texts = {tag: words for tag, words in texts.items() if words}
    if needed and "ja" not in texts:
        raise Refused(_("日本語の名前を書いてください。"))
    if any(len(words) > LONGEST[name] for words in texts.values()):
        raise Refused(_("長すぎます。%(most)s文字までにしてください。") % {"most": LONGEST[name]})
    return texts


def _options(old, posted):
    """Choices from lines of words: a line that was there keeps its key and its translations."""
    lines = list(dict.fromkeys(line for raw in posted.splitlines() if (line := " ".join(raw.split()))))
    known = {japanese(option["label"]): option for option in old}
    if any(len(line) > LONGEST["label"] for line in lines):
        raise Refused(_("長すぎます。%(most)s文字までにしてください。") % {"most": LONGEST["label"]})
    taken, options = [option["key"] for option in old], []
    for line in lines:
        option = known.get(line) or {"key": _free("a", taken), "label": {"ja": line}}
        taken.append(option["key"])
        options.append(option)
    return options


def _taken(tree):
    """Keys that a new question must not have: those on pages too, which common parts bring."""
    own = [field.get("key", "") for field in tree.get("fields", [])]
    return own + [key for page in tree.get("pages", []) for key in page["fields"]]


def _free(stem, taken):
    return next(key for number in range(1, len(taken) + 2) if (key := f"{stem}{number}") not in taken)


def _put(field, name, value):
    if value:
        field[name] = value
    else:
        field.pop(name, None)


def _move(things, index, said):
    other = index + (-1 if said.get("way") == "up" else 1)
    if 0 <= other < len(things):
        things[index], things[other] = things[other], things[index]


def _page(tree, said):
    for page in tree.get("pages", []):
        if page["key"] == said.get("page"):
            return page
    raise Refused(_gone())


def _page_of(tree, said):
    for page in tree.get("pages", []):
        if said.get("key") in page["fields"]:
            return page
    raise Refused(_gone())


def _field(tree, said):
    for field in tree.get("fields", []):
        if field.get("key") == said.get("key"):
            return field
    raise Refused(_gone())


def _gone():
    return _("それはもうありません。今の内容を見て、やり直してください。")


def named(tree, code, said):
    """A copy of a tree under another code and title, with a number sequence of its own."""
    title = _texts({}, {"title_ja": said.get("title", "")}, "title", needed=True)
    after = {**deepcopy(tree), "code": code, "title": title}
    for step in after.get("flow", {}).get("steps", {}).values():
        if isinstance(step.get("number"), dict) and "sequence" in step["number"]:
            step["number"]["sequence"] = f"{code}/{{fy}}"
    return after
