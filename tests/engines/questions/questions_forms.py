"""Forms the tests fill in, and a browser without scripts: it sends what the HTML of a page holds."""

import datetime as dt
from html.parser import HTMLParser

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from machi.engines.questions.define import Field, Page
from machi.engines.questions.public import Form, compile_form, fields_for, read_page

TODAY = dt.date(2026, 11, 22)
ITEMS = {
    "columns": {"fee": "yen", "note": "text"},
    "groups": [],
    "options": [
        {"key": "sofa", "label": {"ja": "ソファ", "en": "Sofa"}, "fee": 800, "note": "2人がけ"},
        {"key": "chair", "label": {"ja": "いす", "en": "Chair"}, "fee": 400, "note": None},
    ],
}
TOWNS = {
    "columns": {"route": "text"},
    "groups": [],
    "options": [
        {
            "key": "mitsukaido_suwa",
            "label": {"ja": "水海道諏訪町", "en": "Mitsukaido Suwa-machi"},
            "route": "a",
        },
        {"key": "toyooka", "label": {"ja": "豊岡町", "en": "Toyooka-machi"}, "route": "b"},
    ],
}


def a_field(key, kind, **more):
    """A field with its key as its label."""
    return Field.model_validate({"key": key, "type": kind, "label": {"ja": key}, **more})


def a_page(key, *fields, **more):
    """A page with its key as its title."""
    return Page.model_validate({"key": key, "title": {"ja": key}, "fields": list(fields), **more})


def a_form(*fields, pages=None, tables=None, settings=None):
    """A form of these fields, on one page "p" unless pages are given."""
    if pages is None:
        pages = [a_page("p", *(field.key for field in fields))]
    return Form(compile_form(fields, pages, tables or {"items": ITEMS, "towns": TOWNS}, settings or {}))


def bulky_form():
    """A bulky-waste form: names, items with fees, an exemption, an address in a town."""
    fields = [
        a_field("name", "name", label={"ja": "お名前", "en": "Name"}, required=True, prefill="name"),
        a_field("kana", "kana", label={"ja": "フリガナ"}),
        a_field(
            "birth", "date", label={"ja": "生年月日", "en": "Date of birth"}, max="today", prefill="birth"
        ),
        a_field("email", "email", label={"ja": "メール"}),
        a_field("phone", "phone", label={"ja": "電話"}),
        a_field("home", "address", label={"ja": "住所", "en": "Address"}, **{"from": "towns"}, required=True),
        a_field(
            "lines",
            "repeat",
            label={"ja": "出すもの", "en": "Items"},
            title={"ja": "品目", "en": "Item"},
            min="1",
            max="$settings.max_items",
            fields=[
                {
                    "key": "item",
                    "type": "choice",
                    "from": "items",
                    "required": True,
                    "label": {"ja": "種類", "en": "Kind"},
                },
                {
                    "key": "qty",
                    "type": "int",
                    "min": "1",
                    "max": "10",
                    "default": "1",
                    "required": True,
                    "label": "個数",
                },
                {"key": "photo", "type": "file", "accept": "image", "label": "写真"},
                {
                    "key": "fee",
                    "type": "yen",
                    "calc": "default(lookup(items, item, 'fee'), 0) * default(qty, 0)",
                    "label": "料金",
                },
            ],
        ),
        a_field("total", "yen", label={"ja": "合計", "en": "Total"}, calc="if(exempt, 0, sum(lines, fee))"),
        a_field("exempt", "bool", label={"ja": "減免を申請する"}),
        a_field(
            "reason",
            "choices",
            label={"ja": "減免の理由"},
            visible_if="exempt",
            required_if="exempt",
            sensitivity="special",
            options=[{"key": "aid", "label": {"ja": "生活保護"}}, {"key": "card", "label": {"ja": "手帳"}}],
        ),
        a_field("proof", "file", label={"ja": "証明の写真"}, visible_if="exempt", max_files=2),
        a_field("note", "longtext", label={"ja": "連絡"}, max_length=2000),
        a_field("place", "point", label={"ja": "場所"}),
        a_field("weight", "decimal", label={"ja": "重さ"}, places=1),
        a_field("agree", "consent", label={"ja": "決まりを守る"}),
    ]
    pages = [
        a_page("you", "name", "kana", "birth", "email", "phone", "home"),
        a_page("items", "lines", "total"),
        a_page("rest", "exempt", "reason", "proof", "note", "place", "weight", "agree"),
    ]
    return a_form(*fields, pages=pages, settings={"max_items": 3})


def query(lists):
    """A QueryDict of name → list of texts."""
    found = QueryDict(mutable=True)
    for name, values in lists.items():
        found.setlist(name, values)
    return found


def read(form, page, lists, answers=None, *, files=None, owner="draft:test", only=None):
    """Reads a posted page of name → text or list of texts."""
    posted = query({name: value if isinstance(value, list) else [value] for name, value in lists.items()})
    return read_page(form, page, posted, files or MultiValueDict(), answers or {}, owner=owner, only=only)


def drawn(form, page, answers, *, language="ja", errors=None, **more):
    """The HTML of a page's fields."""
    with override(language):
        sheet = form.evaluate(answers, today=TODAY)
        views = fields_for(form, page, sheet, language=language, errors=errors or {}, **more)
        return render_to_string("questions/fields.html", {"fields": views})


def sent_from(html):
    """What a browser without scripts would send of this HTML when the main button is pressed: name → list of
    texts.
    """
    browser = _Browser()
    browser.feed(html)
    browser.close()
    return browser.sent


class _Browser(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.sent, self.select, self.area, self.words = {}, None, None, []

    def send(self, name, value):
        if name:
            self.sent.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "input":
            ticks = said.get("type") in ("checkbox", "radio")
            if said.get("type") not in ("file", "submit") and (not ticks or "checked" in said):
                self.send(said.get("name"), said.get("value") or "")
        elif tag == "select":
            self.select, self.chosen = said.get("name"), None
        elif tag == "option" and self.select and ("selected" in said or self.chosen is None):
            self.chosen = said.get("value", "")
        elif tag == "textarea":
            self.area, self.words = said.get("name"), []

    def handle_endtag(self, tag):
        if tag == "select":
            self.send(self.select, self.chosen or "")
            self.select = None
        elif tag == "textarea":
            self.send(self.area, "".join(self.words).removeprefix("\n"))
            self.area = None

    def handle_data(self, data):
        if self.area is not None:
            self.words.append(data)
