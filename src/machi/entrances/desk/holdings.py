"""What a case holds besides answers: places booked, money, documents, what the applicant was told."""

from machi.engines.documents.public import verify_url
from machi.engines.files import public as files
from machi.engines.notices import public as notices
from machi.engines.procedures import public as procedures
from machi.entrances.desk.words import BOOKINGS, CHARGES, DELIVERIES, DOCUMENTS, chip, moment


def held(case, *, personal):
    """{"bookings", "charges", "documents", "told", "papers"} of a case; the last two only with `personal`."""
    holds = procedures.what_it_holds(case)
    return {
        "bookings": [_booking(one) for one in holds["bookings"]],
        "charges": [{"charge": one, "chip": chip(CHARGES[one.state])} for one in holds["charges"]],
        "documents": [_document(one) for one in holds["documents"]],
        "told": [_told(one) for one in notices.of_owner(case.owner)] if personal else [],
        "papers": _papers(case) if personal else [],
    }


def _booking(one):
    return {"day": one.day, "time": one.time, "chip": chip(BOOKINGS[one.state])}


def _document(one):
    return {"document": one, "chip": chip(DOCUMENTS[one.state]), "check": verify_url(one.verify_code)}


def _told(notice):
    """One notice: its words, and how far each mail got."""
    ways = [
        {"address": delivery.address, "state": DELIVERIES[delivery.state], "bad": delivery.state in BAD}
        for delivery in notice.deliveries.all()
    ]
    return {"subject": notice.subject, "text": notice.text, "when": moment(notice.created_at), "ways": ways}


def _papers(case):
    """What came with the case besides its answers: the signature, and scanned paper in the order of its pages."""
    kept = [link for link in files.links(case.owner) if link.field in BESIDES]
    return sorted(kept, key=lambda link: (link.field != BESIDES[0], link.name))


BESIDES = ("_signature", "_paper")
BAD = ("failed", "unknown")
