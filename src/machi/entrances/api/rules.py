"""Pure decisions of the API: which events programs hear of, and of which procedures."""

EVENTS = {
    "case.submitted": ("submitted",),
    "case.status_changed": ("accepted", "asked", "corrected", "reopened", "voided", "ended"),
    "case.decided": ("decided",),
    "document.issued": ("issued",),
}


def event_of(verb):
    """The event that an entry of a case's history is to programs; None for what stays inside."""
    return next((event for event, verbs in EVENTS.items() if verb in verbs), None)


def may_see(of_program, of_webhook, code, audience):
    """Whether a webhook hears of a procedure: public, one of the program's, and one it asked for (empty: all)."""
    return (
        audience == "public"
        and (not of_program or code in of_program)
        and (not of_webhook or code in of_webhook)
    )
