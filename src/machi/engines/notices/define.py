"""What a notice may say: the kind `notice`, and to whom notices go."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from machi.engines.definitions.define import DefinitionFault, Header, Kind, Text

from .compile import FACTS, TYPES, names_in, parse

Channel = Literal["inbox", "mail"]


@dataclass(frozen=True)
class Recipient:
    """Whom to tell: an account (inbox, and mail to its address unless `email` says another), a mail address,
    or both.

    `language` is a Django language code.
    """

    account_id: int | None = None
    email: str | None = None
    language: str = "ja"


class NoticeDefinition(Header):
    """One thing the city says.

    `data` names what the texts may mention and of which type (text, longtext, list, link, date, yen).
    `subject` and `body` hold `{{ name }}`, `{{ name | filter }}` and `{% if name %}…{% endif %}`; the body
    is Markdown with paragraphs, lists, emphasis and links.
    """

    kind: Literal["notice"]
    purpose: Literal["transactional", "statutory"] = "transactional"
    channels: list[Channel] = Field(default=["inbox", "mail"], min_length=1)
    data: dict[str, Literal[TYPES]] = {}
    subject: Text
    body: Text


def compile_notice(model, _resolver):
    """The bundle of a notice. Raises DefinitionFault where a text cannot be filled in or leaves out a
    fact.
    """
    for part in ("subject", "body"):
        for tag in getattr(model, part):
            _check_text(model, part, tag)
        for tag in getattr(model, part):
            _check_facts(model, part, tag)
    return {
        "code": model.code,
        "title": dict(model.title),
        "purpose": model.purpose,
        "channels": list(model.channels),
        "data": dict(model.data),
        "subject": dict(model.subject),
        "body": dict(model.body),
    }


def _check_text(model, part, tag):
    try:
        parse(getattr(model, part)[tag], model.data, one_line=part == "subject")
    except DefinitionFault as fault:
        raise DefinitionFault((part, tag), fault.message, fault.mend) from fault


def _check_facts(model, part, tag):
    """Dates, amounts, links and lists that the Japanese text states must be stated in every language."""
    texts = getattr(model, part)
    for name in sorted(names_in(parse(texts["ja"])) - names_in(parse(texts[tag]))):
        if model.data[name] in FACTS:
            message = f"日本語の文にある {{{{ {name} }}}} が、{tag} の文にありません。"
            raise DefinitionFault((part, tag), message, f"{tag} の文にも {{{{ {name} }}}} を書いてください。")


def compat(old, new):
    """A notice that needs other data than before may break who fills it in; else it only reads
    differently.
    """
    if old["data"] == new["data"]:
        return "none"
    return "additive" if old["data"].items() <= new["data"].items() else "breaking"


NOTICE = Kind("notice", NoticeDefinition, compile=compile_notice, compat=compat, keys=lambda _bundle: {})
