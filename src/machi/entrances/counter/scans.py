"""Paper that comes back: a stack is read page by page, each page goes where its mark says, the rest to a tray."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.engines.audit.public import record, saw
from machi.engines.definitions.public import current
from machi.engines.effects.public import enqueue
from machi.engines.files import public as files
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.counter import queries, scanning
from machi.entrances.counter.models import Scan, Stack
from machi.ground.calendar import now

PAPER, PORT, MOST_MB, MOST_PAGE = "_paper", "counter.read_stack", 50, 200


@transaction.atomic
def put_in(*, upload, actor):
    """Take in a scan (PDF or photo) of one page or many; it is read by a worker. Raises files.FileRefused."""
    received = files.receive(upload, accept=["image", "pdf"], max_mb=MOST_MB)
    unit = next((one.code for one in people.units_of(actor)), "")
    stack = Stack.objects.create(blob=received.blob, name=received.name, clerk_id=actor.account, unit=unit)
    enqueue(port=PORT, key=f"counter.stack:{stack.id}", payload={"stack": str(stack.id)})
    return stack


def read_stack(*, stack_id):
    """Read the pages of a stack that are not read yet, each in its own transaction."""
    stack = Stack.objects.select_related("blob", "clerk").get(id=stack_id)
    data, mime = files.read(stack.blob), stack.blob.mime
    stack.pages = min(scanning.count(data, mime), scanning.MOST_PAGES)
    Stack.objects.filter(id=stack.id).update(pages=stack.pages)
    for number in range(1, stack.pages + 1):
        if not Scan.objects.filter(stack=stack, number=number).exists():
            _read_page(stack, data, mime, number)
    Stack.objects.filter(id=stack.id).update(read_at=now())


def _read_page(stack, data, mime, number):
    try:
        picture, mark = scanning.look(data, mime, number)
    except scanning.Unreadable:
        return
    with transaction.atomic():
        blob = files.store(picture, mime="image/jpeg")
        scan = Scan.objects.create(
            stack=stack, number=number, blob=blob, unit=stack.unit, reason="unread" if mark is None else "blank",
            **({"form": mark.form, "code": mark.code, "page": mark.page, "pages": mark.pages} if mark else {}),
        )  # fmt: skip
        version = current("procedure", mark.form) if mark else None
        if version:
            Scan.objects.filter(id=scan.id).update(unit=version.bundle["owner"])
        if mark and mark.code:
            _try(scan, people.actor_for(stack.clerk))


def _try(scan, actor):
    """Place a page by its code; what hinders is noted."""
    Scan.objects.filter(id=scan.id).update(reason=_placed(scan, actor))


def _placed(scan, actor):
    """The same as _place, where the same page may come at the same moment."""
    try:
        with transaction.atomic():
            return _place(scan, actor)
    except IntegrityError:
        return "twice"


def _place(scan, actor):
    """Give a page to the draft or case of its code. "" when it is there, else why it is not."""
    thing, version = named(scan.code)
    if thing is None:
        return "gone"
    if scan.form and version.code != scan.form:
        return "mixed"
    if not queries.may_receive(actor, version):
        return "elsewhere"
    if Scan.objects.filter(code=scan.code, page=scan.page, reason="").exclude(id=scan.id).exists():
        return "twice"
    name = _("申請書 %(page)s-%(pages)s.jpg") % {"page": scan.page, "pages": scan.pages or scan.page}
    files.attach(blob=scan.blob, owner=thing.owner, field=PAPER, name=name)
    if isinstance(thing, procedures.Case):
        record(stream=thing.owner, verb="scanned", actor=actor, payload={"page": scan.page, "pages": scan.pages})
    Scan.objects.filter(id=scan.id).update(reason="", form=version.code, code=scan.code, page=scan.page)
    return ""


def named(code):
    """(Draft or Case, its Version) that a code names, (None, None) without."""
    draft_id = questions.recalled(code)
    draft = questions.draft_of(draft_id) if draft_id else None
    if draft:
        return draft, draft.version
    case = procedures.case_sent_from(f"draft:{draft_id}") if draft_id else procedures.case_of_reference(code)
    return (case, case.definition) if case else (None, None)


@transaction.atomic
def assign(*, scan, code, page, actor):
    """Give a page of the tray to the draft or case of `code`, as its page `page`. Raises procedures.Refused."""
    scan.code, scan.page, scan.form = code, page, ""
    hindrance = _placed(scan, actor)
    if hindrance:
        raise procedures.Refused(str(queries.REASONS[hindrance]))


@transaction.atomic
def drop(*, scan, actor):
    """Throw a page of the tray away: an empty back, a page that does not belong here."""
    saw(actor=actor, owner=f"scan:{scan.id}", what="dropped")
    Scan.objects.filter(id=scan.id).exclude(reason="").update(reason="dropped")
