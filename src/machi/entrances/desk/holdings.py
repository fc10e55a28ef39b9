"""What a case holds besides answers: places booked, money, documents, what the applicant was told."""

from machi.engines.documents.public import verify_url
from machi.engines.notices import public as notices
from machi.engines.procedures import public as procedures
from machi.entrances.desk.words import BOOKINGS, CHARGES, DELIVERIES, DOCUMENTS, chip, moment


def held(case, *, personal):
    """{"bookings", "charges", "documents", "told"} of a case; what was told only with `personal`."""
    holds = procedures.what_it_holds(case)
    return {
        "bookings": [_booking(one) for one in holds["bookings"]],
        "charges": [{"charge": one, "chip": chip(CHARGES[one.state])} for one in holds["charges"]],
        "documents": [_document(one) for one in holds["documents"]],
        "told": [_told(one) for one in notices.of_owner(case.owner)] if personal else [],
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


BAD = ("failed", "unknown")
