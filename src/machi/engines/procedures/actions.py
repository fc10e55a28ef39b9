"""The two ways a case changes: it is sent, and it receives commands. Nothing else writes its tables."""

import uuid
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from machi.engines.audit.define import SYSTEM, Actor
from machi.engines.bookings import public as bookings
from machi.engines.files import public as files
from machi.engines.people.define import LEVELS
from machi.engines.procedures import flow, scope, slots, waiting
from machi.engines.procedures.accounts import account_errors
from machi.engines.procedures.answers import add_revision
from machi.engines.procedures.drafting import drafter_of
from machi.engines.procedures.models import ENDED, Case, Command
from machi.engines.procedures.parties import name_parties
from machi.engines.procedures.period import not_sent
from machi.engines.procedures.rights import may
from machi.engines.procedures.rules import Refused
from machi.engines.procedures.steps import advance
from machi.engines.procedures.telling import notify
from machi.engines.procedures.verbs import VERBS
from machi.ground.calendar import now, parse_duration, today
from machi.ground.ids import check_reference, new_id, reference_code


class NotAllowed(Exception):
    """The actor has no right to this."""


class Stale(Exception):
    """Somebody else changed the case meanwhile; nothing was done."""

    def __init__(self, case, expected):
        super().__init__(f"{case.id}: expected {expected}, is {case.revision}")
        self.case = case
        self.expected = expected


@dataclass(frozen=True)
class Sender:
    """Who sends an application, and how sure the city is of it.

    `post` is for internal procedures: the post in which a member of staff drafts. `confirmed` is for what a clerk types
    for somebody: how that person agreed to what was typed (no personal data; it stands in the record for ever).
    """

    actor: Actor
    account_id: int | None = None
    assurance: str = "none"
    email: str = ""
    language: str = "ja"
    origin: str = "web"
    post: str = ""
    confirmed: dict | None = None

    @property
    def key(self):
        """Who this is when cases are counted: an account, of residents or of staff; None for others."""
        return self.actor.account if self.post else self.account_id


@transaction.atomic
def submit(*, version, answers, sender, command_id, from_owner="", sample=False):
    """Send an application: the case, pinned to `version` for ever, runs to its first stop.

    `from_owner` is the draft that holds files and places. Repeating `command_id` gives the first case again.
    Raises `Refused` (with errors by field) when the answers do not stand, a place was lost or a limit is
    reached.
    """
    _one_at_a_time(command_id, from_owner, sender.key and f"{sender.key}:{version.code}")
    done = _sent_before(command_id, from_owner, sender.actor)
    if done:
        return done
    bundle = version.bundle
    sheet = scope.evaluated(version, answers)
    _check_sending(version, sheet, sender)
    case = _new_case(version, sheet, sender, sample)
    Command.objects.create(
        id=command_id, case=case, verb="submit", source=from_owner, actor=sender.actor.key, revision=1
    )
    add_revision(case, sheet.stored(), by=sender.actor.key)
    if from_owner:
        files.move(from_owner=from_owner, to_owner=case.owner)
        bookings.move(from_owner=from_owner, to_owner=case.owner)
    slots.hold_chosen(version, sheet, owner=case.owner)
    name_parties(case, sheet)
    run = flow.begin(case, sender.actor, sheet)
    told = {"version": version.number, "digest": version.digest, "origin": sender.origin}
    run.say("submitted", told | ({"confirmed": sender.confirmed} if sender.confirmed else {}))
    advance(run, bundle["flow"]["start"])
    return case


def _one_at_a_time(*names):
    """Let submissions that share a name (command, draft, person and procedure) wait for one another."""
    with connection.cursor() as cursor:
        for name in sorted(f"procedures.submit:{name}" for name in names if name):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _sent_before(command_id, from_owner, actor):
    """The case that this command, or this draft, has become already; None when it is new.

    Raises `Refused` for the id of a command of somebody else, or of another kind.
    """
    same = Q(id=command_id)
    if from_owner:
        same |= Q(source=from_owner, verb="submit")
    found = Command.objects.filter(same).select_related("case").first()
    if found is None:
        return None
    ours = found.actor == actor.key or (from_owner and found.source == from_owner)
    if found.verb != "submit" or not ours:
        raise Refused(_("この番号の操作は、別のことに使われています。画面を開き直してください。"))
    return found.case


def _check_sending(version, sheet, sender):
    bundle = version.bundle
    if closed := not_sent(bundle, sender.origin):
        raise Refused(closed)
    errors = dict(sheet.errors) or account_errors(version, sheet, sender.actor)
    if errors:
        raise Refused(_("入力を確かめてください。"), errors)
    if LEVELS.index(sender.assurance) < LEVELS.index(bundle["assurance"]):
        raise Refused(_("この手続には、より確かな本人確認が必要です。"))
    limit = bundle["limits"]["open_cases"]
    if limit and sender.key:
        owner = {"drafter__account" if sender.post else "account_id": sender.key}
        running = Case.objects.filter(**owner, code=bundle["code"]).exclude(status__in=ENDED)
        if running.count() >= limit:
            raise Refused(
                _("この手続は同時に%(count)s件まで申し込めます。先の申込みが終わってからにしてください。")
                % {"count": limit}
            )


def _new_case(version, sheet, sender, sample):
    bundle, named = version.bundle, version.bundle["contact_fields"]
    drafter = drafter_of(bundle, sender)
    values = {**sheet.values, **scope.drafter_names(drafter)}
    case = Case(
        version=version,
        code=bundle["code"],
        reference=reference_code(),
        unit=bundle["owner"],
        revision=1,
        origin=sender.origin,
        language=sender.language,
        account_id=sender.account_id,
        email=sender.email or values.get(named.get("email", ""), "") or "",
        applicant=(values.get(named.get("name", ""), "") or (drafter or {}).get("name") or "")[:200],
        drafter=drafter,
        assurance=sender.assurance,
        place=_point(sheet.stored().get(bundle["place"] or "")),
        sample=sample,
        submitted_at=now(),
        due_on=parse_duration(bundle["flow"]["due"]).after(today(), scope.calendar_of(bundle)),
    )
    if bundle["flow"]["unit"]:
        case.unit = scope.unit_code(scope.evaluate_with(version, bundle["flow"]["unit"], values), case.unit)
    if bundle["subject"]:
        case.subject = (scope.evaluate_with(version, bundle["subject"], values) or "")[:300]
    case.save(force_insert=True)
    return case


def _point(answer):
    return (
        Point(float(answer["lng"]), float(answer["lat"]), srid=4326) if answer and answer.get("lat") else None
    )


@transaction.atomic
def command(*, case_id, command_id, expected_revision, verb, payload, actor):
    """Carry out one command on a case: idempotent by `command_id`, refused when the case has moved on.

    Returns the case. Raises `NotAllowed`, `Stale`, `Refused`, `Case.DoesNotExist`; then nothing has changed.
    """
    case = Case.objects.select_for_update(of=("self",)).get(id=case_id)
    done = Command.objects.filter(id=command_id).first()
    if done and (done.case_id, done.verb, done.actor) == (case.id, verb, actor.key):
        return case
    if verb not in VERBS or not may(actor, verb, case):
        raise NotAllowed(verb)
    if done:
        raise Refused(_("この番号の操作は、別のことに使われています。画面を開き直してください。"))
    if case.destroyed_at:
        raise Refused(_("この案件は、保存期間が終わって廃棄されています。"))
    if expected_revision != case.revision:
        raise Stale(case, expected_revision)
    if case.status not in VERBS[verb].statuses:
        raise Refused(_("今の状態ではできません。画面を開き直してください。"))
    case.revision += 1
    run = flow.begin(case, actor)
    VERBS[verb].do(run, payload)
    case.save()
    Command.objects.create(id=command_id, case=case, verb=verb, actor=actor.key, revision=case.revision)
    return case


@transaction.atomic
def mail_link_again(*, reference, email):
    """Mail the link of a case again, at most once an hour, if receipt number and mail address belong
    together.
    """
    code, address = check_reference(reference), email.strip()
    if not (code and address):
        return
    found = Case.objects.filter(reference=code, email__iexact=address, drafter__isnull=True)
    case = found.select_for_update(of=("self",)).first()
    if case:
        notify(
            flow.begin(case, SYSTEM), case.definition.bundle["notices"]["receipt"], f"again:{now():%Y%m%d%H}"
        )


@transaction.atomic
def fire_timer(*, case_id, step_id):
    """A timer of the case has come (called by the effects worker); nothing happens if the waiting is over."""
    case = Case.objects.select_for_update(of=("self",)).get(id=case_id)
    if not case.is_open or not case.steps.filter(id=step_id, state="active").exists():
        return
    command(
        case_id=case_id,
        command_id=uuid.uuid5(uuid.NAMESPACE_URL, f"timer:{step_id}"),
        expected_revision=case.revision,
        verb="fire",
        payload={"timer_step": step_id},
        actor=SYSTEM,
    )


@transaction.atomic
def fire_reminder(*, case_id, step_id, do):
    """A morning has come on which somebody is told once more (called by the worker). The case stays as it is."""
    case = Case.objects.select_for_update(of=("self",)).get(id=case_id)
    step = case.steps.filter(id=step_id).first()
    if case.is_open and step:
        waiting.DOES[do](flow.begin(case, SYSTEM), step)


def new_command_id():
    """A fresh id for a command: put into the form, so that a double click is one command."""
    return new_id()
