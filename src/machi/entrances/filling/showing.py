"""Answers, files, bookings, charges and documents as the pages take them."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.words import signer_chip
from machi.ground.calendar import TOKYO
from machi.ground.daywords import date_words
from machi.ground.ids import new_id
from machi.ground.languages import pick

THUMBNAIL = 160
CHARGES = {
    "due": _("まだ支払っていません"),
    "paid": _("支払いました"),
    "cancelled": _("支払わなくてよくなりました"),
    "waived": _("支払わなくてよくなりました"),
    "refund_due": _("お返しします"),
    "refunded": _("お返ししました"),
}
VIAS = {
    "counter": _("窓口で支払います。"),
    "collection": _("収集のときに支払います。"),
    "delivery": _("届いたときに支払います。"),
}


@dataclass
class AnswerGroup:
    """The answers of one page: `rows` of {"row", "files": [{"name", "href", "thumb"}]}."""

    page_key: str
    title: str
    rows: list = field(default_factory=list)


def linked(errors):
    """Faults (path → sentence) as the summary at the top shows them, each leading to its field."""
    return [
        {"href": f"#{questions.control_id(path)}" if path else "", "text": text}
        for path, text in errors.items()
    ]


def draft_file_address(host, draft):
    """A function: FileLink of this draft → where its owner sees it."""
    return lambda link: host.address("draft_file", draft.id, link.id)


def case_file_address(host, case):
    """A function: FileLink of this case → where its applicant sees it."""
    return lambda link: host.address("case_file", case.id, link.id)


def answer_groups(groups, address):
    """The groups of questions.summary with their files as small pictures or names."""
    return [
        AnswerGroup(
            group.page_key,
            group.title,
            [{"row": row, "files": [_file(link, address(link)) for link in row.files]} for row in group.rows],
        )
        for group in groups
    ]


def _file(link, href):
    return {"name": link.name, "href": href, "thumb": f"{href}?size={THUMBNAIL}" if link.is_image else ""}


def file_response(request, link):
    """A file, or with ?size= the small picture of it."""
    if request.GET.get("size") == str(THUMBNAIL) and link.is_image:
        picture = HttpResponse(files.thumbnail(link, THUMBNAIL), content_type="image/jpeg")
        picture["Cache-Control"] = "private, max-age=3600"
        return picture
    return files.response(link)


def document_lines(host, case, documents, language):
    """Issued documents: {"href", "title", "number", "gone"}; those that no longer count say so."""
    return [
        {
            "href": host.address("document", case.id, document.id),
            "title": pick(document.title, language),
            "number": document.number,
            "gone": document.state != "valid",
        }
        for document in documents
    ]


def charge_lines(case, charges, language):
    """Charges: {"title", "amount", "words"}, named as the step that made them."""
    steps = case.definition.bundle["flow"]["steps"]
    return [
        {
            "title": pick(steps.get(charge.code, {}).get("title"), language),
            "amount": charge.amount,
            "words": VIAS.get(charge.via, "") if charge.state == "due" else CHARGES[charge.state],
        }
        for charge in charges
        if charge.amount
    ]


def signer_lines(case, language):
    """Those whose consent is asked for, as the applicant sees them: {"party", "chip", "when", "waits"}."""
    return [
        {
            "party": party,
            "chip": signer_chip(party, step),
            "when": date_words(party.answered_at.astimezone(TOKYO).date(), language) if party.answered_at else "",
            "due": date_words(step.due_on, language) if step.due_on else "",
            "control": f"mail-{party.id}",
            "command_id": new_id(),
            "waits": party.state == "waiting" and step.state == "active" and case.is_open,
        }
        for step, parties in procedures.signers_of(case)
        for party in parties
    ]


def booking_lines(case, bookings, language):
    """Booked days: {"title", "day"}, named as the question they answer."""
    asked = [field for field in case.definition.bundle["form"]["fields"] if field["type"] in ("slot", "hours")]
    labels = {f"{case.code}.{field['pool']}": field["label"] for field in asked}
    return [
        {
            "title": pick(labels.get(booking.pool), language),
            "day": f"{date_words(booking.day, language)} {booking.time}".strip(),
        }
        for booking in bookings
    ]
