"""Every change at the counter. What is typed are unsent papers, as drafts are; sending leaves the audit line."""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from machi.engines.audit.public import saw
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.entrances.counter import rules, signatures
from machi.entrances.counter.models import Errand, Screen, Sitting
from machi.entrances.counter.queries import sitting_of
from machi.ground.calendar import now
from machi.ground.ids import ALPHABET, token_digest

SIGNATURE = "_signature"
SIGNS = 6


@transaction.atomic
def open_sitting(*, actor, language="ja", plan_code=""):
    """Begin to serve somebody. A clerk serves one person at a time: what is open is gone on with."""
    found = sitting_of(actor.account)
    if found is None:
        try:
            with transaction.atomic():
                return Sitting.objects.create(clerk_id=actor.account, language=language, plan_code=plan_code)
        except IntegrityError:  # pressed twice
            found = sitting_of(actor.account)
    if plan_code and not found.plan_code:
        _change(found, plan_code=plan_code)
    return found


@transaction.atomic
def take_up(*, sitting, draft, actor):
    """Make an unsent form an errand of the sitting; that the clerk sees it leaves a line in the access log."""
    errand, new = Errand.objects.get_or_create(
        sitting=sitting, draft_id=draft.id, defaults={"code": draft.code, "page": draft.page}
    )
    if new:
        saw(actor=actor, owner=draft.owner, what="counter", purpose=_("窓口での受付"))
    _change(sitting, shown=errand.id)
    return errand


@transaction.atomic
def show(*, sitting, errand, page):
    """Both look at this page of this errand now."""
    if errand.page != page:
        Errand.objects.filter(id=errand.id).update(page=page)
        errand.page = page
    elif sitting.shown == errand.id:
        Sitting.objects.filter(id=sitting.id).update(touched_at=now())
        return
    _change(sitting, shown=errand.id)


@transaction.atomic
def set_language(*, sitting, language):
    """The person reads this language."""
    _change(sitting, language=language)


@transaction.atomic
def note_identity(*, sitting, identity):
    """What the clerk looked at to know who this is."""
    _change(sitting, identity=identity)


@transaction.atomic
def ask(*, errand, draft):
    """Ask the person whether what was typed is right: what they agree to is what stands there now."""
    digest = procedures.digest_of(draft.version, draft.answers)
    Errand.objects.filter(id=errand.id).update(asked_digest=digest, objected=False)
    _change(errand.sitting, shown=errand.id)


@transaction.atomic
def object_(*, errand):
    """The person says that something is wrong."""
    Errand.objects.filter(id=errand.id).update(asked_digest="", objected=True)
    _change(errand.sitting)


@transaction.atomic
def agree(*, errand, draft, seen, way, lines=(), name=""):
    """The person agrees to what was `seen` (a digest): by signing on the glass, by name, or on paper.

    Raises procedures.Refused when the answers are no longer those, or nothing was signed.
    """
    locked = Errand.objects.select_for_update().get(id=errand.id)
    digest = procedures.digest_of(draft.version, draft.answers)
    if seen != digest or (way != "paper" and locked.asked_digest != digest):
        raise procedures.Refused(_("この間に内容が変わりました。もう一度確かめてください。"))
    if (way == "glass" and not lines) or (way == "name" and not name):
        raise procedures.Refused(_("枠の中に署名するか、名前を入力してください。"))
    _keep_signature(errand.owner, lines, name)
    locked.digest, locked.way, locked.confirmed_at, locked.objected = digest, way, now(), False
    locked.save(update_fields=["digest", "way", "confirmed_at", "objected"])
    _change(errand.sitting)


def _keep_signature(owner, lines, name):
    """In place of the one before: the picture of the strokes, or a small text with the name that was typed."""
    for link in files.links(owner, SIGNATURE):
        files.detach(link_id=link.id)
    if lines:
        blob = files.store(signatures.picture(lines), mime="image/png")
        files.attach(blob=blob, owner=owner, field=SIGNATURE, name=f"{_('署名')}.png")
    elif name:
        blob = files.store(name.encode(), mime="text/plain")
        files.attach(blob=blob, owner=owner, field=SIGNATURE, name=f"{_('入力した名前')}.txt")


def end_with_session(sender, user, **_more):
    """Whoever signs out serves nobody any more."""
    sitting = sitting_of(user.pk) if user else None
    if sitting:
        close_sitting(sitting=sitting)


@transaction.atomic
def close_sitting(*, sitting):
    """The visit is over: the screen is free again and forgets whom it faced."""
    Sitting.objects.filter(id=sitting.id, closed_at=None).update(closed_at=now())
    for screen in Screen.objects.filter(sitting=sitting):
        release(screen=screen)


def _change(sitting, **values):
    """Change a sitting so that its screen notices."""
    Sitting.objects.filter(id=sitting.id).update(**values, clock=F("clock") + 1, touched_at=now())
    for name, value in values.items():
        setattr(sitting, name, value)


# The screen that faces people


def add_screen(*, token):
    """Let the browser that holds this secret be a screen."""
    return _with_code(lambda code: Screen.objects.create(token_digest=token_digest(token), code=code))


def release(*, screen):
    """The screen faces nobody, and shows a new code."""

    def put(code):
        Screen.objects.filter(pk=screen.pk).update(sitting=None, code=code)
        return code

    screen.code, screen.sitting = _with_code(put), None


def _with_code(put):
    """What `put` gives with a code that no other screen has."""
    for _turn in range(5):
        try:
            with transaction.atomic():
                return put("".join(secrets.choice(ALPHABET) for _sign in range(SIGNS)))
        except IntegrityError:
            continue
    raise RuntimeError("no free code for a screen")


def note_seen(*, screen):
    """The screen asked just now."""
    Screen.objects.filter(pk=screen.pk).update(seen_at=now())


@transaction.atomic
def pair(*, sitting, code):
    """Let the screen that shows `code` face the person of this sitting; the one before is free again.

    Raises procedures.Refused when no screen shows it.
    """
    signs = "".join(sign for sign in code.upper() if sign in ALPHABET)
    screen = Screen.objects.select_for_update().filter(code=signs, sitting=None).first()
    if screen is None or now() - screen.seen_at > rules.LOST:
        raise procedures.Refused(_("この番号の画面は見つかりません。住民側の画面に出ている番号を確かめてください。"))
    for other in Screen.objects.filter(sitting=sitting):
        release(screen=other)
    Screen.objects.filter(pk=screen.pk).update(sitting=sitting)
    _change(sitting)


def tidy():
    """End visits that nobody ended, and forget screens that nobody uses any more; returns how many."""
    left = list(Sitting.objects.filter(closed_at=None, touched_at__lt=now() - rules.NIGHT))
    for sitting in left:
        close_sitting(sitting=sitting)
    return len(left) + Screen.objects.filter(sitting=None, seen_at__lt=now() - rules.NIGHT).delete()[0]
