"""From a notice's bundle and its data to words: subject, plain text and HTML.

Values never meet the Markdown reader. They stand in as random marks, the marks are read as words, and only
then do values take their place, escaped; so no value can become a heading, a link or a tag.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt

from machi.ground.calendar import era_date
from machi.ground.daywords import date_words
from machi.ground.languages import pick
from machi.ground.money import yen_words

from .compile import Block, parse

MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True})
MARKDOWN.enable(["list", "emphasis", "link", "newline", "escape", "balance_pairs"])
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a"}
SCHEMES = {"http", "https", "mailto", "tel"}


@dataclass(frozen=True)
class Rendered:
    """A notice in one language: subject (one line), text (plain) and html (safe: p br ul ol li strong em a
    only).
    """

    subject: str
    text: str
    html: str


def render(bundle, data, language):
    """The notice `bundle` filled with `data` in `language` (a Django code). Values that are missing are
    blank.
    """
    types = bundle["data"]
    values = {name: _value(types[name], data.get(name), language) for name in types}
    marks = _Marks(types, values, language)
    subject = marks.fill(parse(pick(bundle["subject"], language)))
    body = marks.fill(parse(pick(bundle["body"], language)))
    return Rendered(
        subject=" ".join(marks.plain(subject).split()),
        text=marks.plain(_as_text(MARKDOWN.parse(body))).strip() + "\n",
        html=clean(marks.html(MARKDOWN.render(body))).strip(),
    )


def clean(html):
    """`html` with only the tags and link schemes of notices."""
    return nh3.clean(
        html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )


def _value(kind, value, language):
    """A value as words; a list stays a list of words, a date a date."""
    if value in (None, "", [], ()):
        return [] if kind == "list" else ""
    if kind == "list":
        return [str(item) for item in value]
    if kind == "yen":
        return yen_words(value, language)
    if kind == "date":
        return _as_date(value)
    if kind == "link" and urlsplit(str(value)).scheme not in ("http", "https"):
        message = "a link must begin with http or https"
        raise ValueError(message)
    return str(value)


def _as_date(value):
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value.date() if isinstance(value, dt.datetime) else value


class _Marks:
    """Random words that stand for values while the Markdown is read."""

    def __init__(self, types, values, language):
        self.types, self.values, self.language = types, values, language
        self.nonce = secrets.token_hex(8)
        self.slots = {}

    def fill(self, nodes):
        """The text of `nodes` with a mark for each value."""
        out = []
        for node in nodes:
            if isinstance(node, str):
                out.append(node)
            elif isinstance(node, Block):
                out.append(self.fill(node.nodes) if self.values[node.name] else "")
            else:
                out.append(self._mark(node))
        return "".join(out)

    def _mark(self, slot):
        mark = f"x{self.nonce}n{len(self.slots)}x"
        self.slots[mark] = slot
        return f"\n\n{mark}\n\n" if self.types[slot.name] == "list" else mark

    def _words(self, slot):
        value = self.values[slot.name]
        if not isinstance(value, dt.date):
            return value
        if slot.filter == "date" and self.language in ("ja", "ja-easy"):
            return era_date(value)
        return date_words(value, self.language)

    def plain(self, text):
        """`text` with values in place of marks, as plain text."""
        for mark, slot in self.slots.items():
            words = self._words(slot)
            text = text.replace(
                mark, "\n".join(f"- {item}" for item in words) if isinstance(words, list) else words
            )
        return text

    def html(self, html):
        """`html` with values in place of marks, escaped."""
        for mark, slot in self.slots.items():
            words = self._words(slot)
            if isinstance(words, list):
                points = "".join(f"<li>{escape(item)}</li>" for item in words)
                html = html.replace(f"<p>{mark}</p>", f"<ul>{points}</ul>" if points else "")
                continue
            words = escape(words).replace("\n", "<br>")
            if self.types[slot.name] == "link":
                html = html.replace(f'href="{mark}"', f'href="{words}"')
                words = f'<a href="{words}">{words}</a>' if words else ""
            html = html.replace(mark, words)
        return html


def _as_text(tokens):
    """Markdown tokens as plain text: points as `- `, links as words and address, emphasis dropped."""
    out, numbers = [], []
    for token in tokens:
        if token.type == "inline":
            out.append(_inline(token.children))
        elif token.type == "paragraph_close":
            out.append("\n" if token.hidden else "\n\n")
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(0 if token.type == "ordered_list_open" else None)
        elif token.type == "list_item_open":
            numbers[-1] = None if numbers[-1] is None else numbers[-1] + 1
            out.append("- " if numbers[-1] is None else f"{numbers[-1]}. ")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
            out.append("\n")
    return "".join(out)


def _inline(children):
    out, href, begin = [], "", 0
    for child in children:
        if child.type == "link_open":
            href, begin = child.attrs["href"], len(out)
        elif child.type == "link_close":
            words = "".join(out[begin:])
            out[begin:] = [words if words == href else f"{words}\n{href}"]
        elif child.type in ("softbreak", "hardbreak"):
            out.append("\n")
        else:
            out.append(child.content)
    return "".join(out)
