"""Reading documents back, and showing what one would look like."""

from django.conf import settings
from django.urls import reverse

from machi.engines.definitions import public as definitions
from machi.engines.documents.models import IssuedDocument
from machi.engines.documents.typesetting import plain, qr_svg, typeset
from machi.ground.calendar import now
from machi.ground.expr import Context, parse
from machi.ground.expr import compile as compile_expression
from machi.ground.ids import check_reference
from machi.ground.languages import pick

PREVIEW_CODE = "XXXX-XXXX-XXXX"
PREVIEW_OFFICE = {"unit": "", "title": {"ja": "○○課"}, "sign": "", "city": {"ja": "○○市"}}


def documents_of(owner):
    """The documents issued to `owner`, newest first."""
    return list(IssuedDocument.objects.filter(owner=owner))


def document(document_id):
    """The document with this id. Raises IssuedDocument.DoesNotExist."""
    return IssuedDocument.objects.get(id=document_id)


def find(verify_code):
    """The document with this verification code, however it was typed, or None."""
    code = check_reference(verify_code)
    return IssuedDocument.objects.filter(verify_code=code).first() if code else None


def find_by_digest(sha256):
    """The document whose PDF has this SHA-256, or None."""
    return IssuedDocument.objects.filter(blob=sha256).first()


def preview(bundle, data, *, unit="", language="ja"):
    """The PDF (bytes) of `bundle` with `data` (what its `data` would give), marked 見本, with no number and
    no code.

    Without `unit` the office is ○○課, and nothing is read from the database.
    """
    office = office_of(unit) if unit else PREVIEW_OFFICE
    issued = issued_words(
        bundle, at=now(), number="見本", code=PREVIEW_CODE, office=office, language=language
    )
    return typeset(**to_be_set(bundle, data, issued | {"sample": True}), at=now())


def to_be_set(bundle, data, issued):
    """All that typesetting needs besides the time, in plain forms: {template, data, issued}."""
    language = issued["language"]
    values = {name: plain(data.get(name), language) for name in bundle["data"]}
    return {"template": bundle["template"], "data": values, "issued": issued}


def evaluated(bundle, values, *, day, tables=None):
    """What the document's expressions give over `values` on `day`."""
    context = Context(today=day, tables=tables or {})
    return {
        name: compile_expression(parse(expression))(values, context)
        for name, expression in bundle["data"].items()
    }


def issued_words(bundle, *, at, number, code, office, language):
    """What a template knows of the issue itself."""
    url = verify_url(code)
    return {
        "number": number,
        "title": pick(bundle["title"], "ja"),
        "date": plain(at.date(), language),
        "time": plain(at, language),
        "code": code,
        "url": url,
        "qr": qr_svg(url),
        "unit": office["unit"],
        "office": pick(office["title"], "ja"),
        "city": pick(office["city"], "ja"),
        "language": language,
        "paper": bundle["paper"],
        "sample": False,
    }


def verify_url(code):
    """The address printed on the paper."""
    return settings.PUBLIC_URL + reverse("documents:verify_code", args=[code])


def office_of(unit):
    """Who issues: {unit: code, title: mapping, city: mapping, sign}. Words are kept as they are on that
    day.
    """
    from machi.engines.people.public import Unit

    found = Unit.objects.filter(pk=unit).first()
    city = definitions.city()
    return {
        "unit": unit,
        "title": found.title if found else {"ja": unit},
        "sign": found.sign if found else "",
        "city": city.get("name", {"ja": ""}) if city else {"ja": ""},
    }
