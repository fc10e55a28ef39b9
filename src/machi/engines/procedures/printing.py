"""Procedures on paper: the blank form, and the form filled with what was typed."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.engines.definitions import public as definitions
from machi.engines.documents import public as documents
from machi.engines.people.public import unit
from machi.engines.procedures import scope
from machi.engines.questions import public as questions
from machi.ground.calendar import now
from machi.ground.languages import pick


def form_pdf(version, *, language, answers=None, code=""):
    """The PDF of a procedure's form: blank without `answers`; with a gloss in `language` as far as letters allow.

    Raises documents.MissingGlyph when a letter of the answers is in no font.
    """
    sheet = scope.evaluated(version, answers) if answers is not None else None
    try:
        return _printed(version, sheet, language, code)
    except documents.MissingGlyph:
        return _printed(version, sheet, "ja", code)  # an alphabet that this machine has no letters for


def _printed(version, sheet, language, code):
    bundle, city, office = version.bundle, definitions.city() or {}, unit(version.bundle["owner"])
    title = pick(bundle["title"], "ja")
    gloss = pick(bundle["title"], language) if language not in ("ja", "ja-easy") else ""
    data = {
        "title": title,
        "gloss": gloss if gloss != title else "",
        "city": pick(city.get("name", ""), "ja"),
        "office": pick(office.title, "ja") if office else "",
        "legal": "、".join(pick(law["text"], "ja") for law in bundle["legal"]),
        "language": language.partition("-")[0],
        "signature": _sign_here(language) if gloss else "",
        "form": f"{version.code}@{version.number}",
        "pages": questions.on_paper(questions.form_of(version), language=language, sheet=sheet),
    }
    at = now() if sheet else version.published_at or now()
    return documents.print_form(form=version.code, version=version.number, code=code, data=data, at=at)


def _sign_here(language):
    with override(language):
        return _("上のとおり申請します。署名")
