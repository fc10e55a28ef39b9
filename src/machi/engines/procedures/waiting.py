"""What time does while a step waits: it reminds who is waited for, and tells the head of the unit who is late."""

from django.utils import translation
from django.utils.translation import gettext as _

from machi.engines.bookings import public as bookings
from machi.engines.notices.public import mail_plain
from machi.engines.people.public import heads_of
from machi.engines.procedures.links import link_at_desk
from machi.engines.procedures.telling import notify
from machi.engines.procedures.telling import remind as tell_again
from machi.ground.calendar import era_date, today
from machi.ground.languages import pick

BOOKED = "notice/general.booking_reminder"


def remind(run, step):
    """The last day comes near: whoever the step waits for is told once more, without any reproach."""
    if step.state == "active" and step.due_on and step.due_on >= today():
        tell_again(run, step)
        run.say("reminded", {"step": step.key})


def remind_of_booking(run, step):
    """The booked day comes near."""
    booked = next((one for one in bookings.of_owner(run.case.owner) if one.state == "confirmed"), None)
    if booked and booked.day >= today():
        notify(run, BOOKED, f"booked:{step.id}:{today()}")
        run.say("reminded", {"step": step.key})


def escalate(run, step):
    """A step of the office is late: the head of its unit is told, by mail."""
    if step.state != "active" or not step.due_on or step.due_on >= today():
        return
    told = heads_of(step.unit or run.case.unit)
    for account in told if not run.case.sample else ():
        with translation.override(account.language):
            key = f"escalate:{step.id}:{account.pk}"
            mail_plain(to=account.email, key=key, owner=run.case.owner, **_late(run, step))
    run.say("escalated", {"step": step.key, "count": len(told)})


def _late(run, step):
    title, number = pick(run.bundle["title"], "ja"), run.case.number or run.case.reference
    words = {"title": title, "number": number, "step": pick(run.steps[step.key]["title"], "ja")}
    body = _(
        "「%(title)s」%(number)s の「%(step)s」が、期限の %(due)s を過ぎています。\n"
        "担当者と進め方を確かめてください。\n\n%(link)s"
    )
    said = {**words, "due": era_date(step.due_on), "link": link_at_desk(run.case)}
    return {"subject": _("期限を過ぎています: %(title)s %(number)s") % words, "body": body % said}


DOES = {"remind": remind, "remind_of_booking": remind_of_booking, "escalate": escalate}
