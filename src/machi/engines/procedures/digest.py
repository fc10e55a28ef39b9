"""The daily mail for staff: what is new, late and waits for them, at half past eight of every business day."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from machi.engines.approvals import public as approvals
from machi.engines.definitions.public import current, office_days
from machi.engines.effects.define import Done, Port
from machi.engines.effects.public import enqueue
from machi.engines.notices.public import mail_plain
from machi.engines.people.public import Account, actor_for
from machi.engines.procedures.models import Digest
from machi.engines.procedures.queries import queue, visible_cases, waiting_counts
from machi.ground.calendar import OFFICE, TOKYO, now, today
from machi.ground.languages import pick

WHEN, SHOWN = time(8, 30), 8


def wants_digest(account_id):
    """Whether this member of staff gets the mail: everybody does who has not switched it off."""
    return not Digest.objects.filter(account_id=account_id, off=True).exists()


def switch_digest(*, account_id, on):
    """Switch the mail on or off, for oneself."""
    Digest.objects.update_or_create(account_id=account_id, defaults={"off": not on})


def plan_next():
    """Put the next mail on the queue; its key makes it one, however often this is called."""
    local = now().astimezone(TOKYO)
    first = local.date() + timedelta(days=local.time() >= WHEN)
    day = _office().on_or_after(first)
    due = datetime.combine(day, WHEN, tzinfo=TOKYO)
    enqueue(port=PORT.name, key=f"digest:{day}", payload={"day": day.isoformat()}, due_at=due)


def _office():
    found = current("calendar", "calendar.office")
    return office_days(found.bundle) if found else OFFICE


def execute(effect):
    """One mail; or (without an account) one effect for each of the staff. Yesterday's news is not sent."""
    day, account_id = effect.payload["day"], effect.payload.get("account")
    if day != today().isoformat():
        return Done()
    if account_id:
        _send(Account.objects.get(pk=account_id), day)
        return Done()
    off = Digest.objects.filter(off=True).values("account")
    staff = Account.objects.filter(is_staff=True, is_active=True).exclude(email=None).exclude(pk__in=off)
    for one in staff.values_list("pk", flat=True):
        enqueue(port=PORT.name, key=f"digest:{day}:{one}", payload={"day": day, "account": one})
    return Done()


def _send(account, day):
    """Nothing is mailed where nothing waits. No word of what people wrote leaves the house."""
    actor = actor_for(account)
    with translation.override(account.language):
        counts, slots = waiting_counts(actor), approvals.waiting_for(actor.posts).count()
        new = visible_cases(actor).filter(submitted_at__gte=_last_time(day)).count()
        if not (new or slots or counts["mine"] or counts["late"] or counts["unclaimed"]):
            return
        words = {**counts, "new": new, "slots": slots, "url": settings.PUBLIC_URL}
        subject = _("今日の仕事: 期限超過 %(late)s件、自分の担当 %(mine)s件、新着 %(new)s件") % words
        mail_plain(to=account.email, subject=subject, body=_body(words, _late(actor)), key=f"digest:{day}:{account.pk}",
                   owner=f"staff:{account.pk}")  # fmt: skip


def _last_time(day):
    """When the mail before this one was due."""
    before = _office().add_business_days(datetime.fromisoformat(day).date(), -1)
    return datetime.combine(before, WHEN, tzinfo=TOKYO)


def _body(words, late):
    lines = _(
        "新しく届いた案件: %(new)s件\n期限を過ぎたもの: %(late)s件\n2日以内に期限が来るもの: %(soon)s件\n"
        "自分の担当: %(mine)s件\n担当者のいないもの: %(unclaimed)s件\n決裁を待つもの: %(slots)s件\n"
        "申請者の返事を待つもの: %(awaiting)s件"
    )
    listed = _("期限を過ぎたもの:") + "\n" + "\n".join(late) + "\n\n" if late else ""
    end = _("開く: %(url)s/desk/\nこのメールをやめる: %(url)s/desk/digest/")
    return f"{lines % words}\n\n{listed}{end % words}"


def _late(actor):
    """The latest of what is late: number, procedure, step, day."""
    return [_late_line(step) for step in queue(actor).filter(due_on__lt=today())[:SHOWN]]


def _late_line(step):
    bundle = step.case.definition.bundle
    words = (pick(bundle["title"], "ja"), pick(bundle["flow"]["steps"][step.key]["title"], "ja"))
    return f"- {step.case} {words[0]} / {words[1]} ({step.due_on})"


PORT = Port(name="procedures.digest", execute=execute, local=True)
