"""Writing a definition at the screen: every change is a revision, and none is ever lost."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from . import define
from .compile import Compiled, Resolver, compile_tree, run_tests
from .define import Fault
from .force import find_published, tell
from .library import CODE, dotted
from .models import Definition, Manuscript, Revision
from .source import place_of, read
from .validate import cast
from .writing import write

FILE = "definition.yaml"


class Overtaken(Exception):
    """Somebody changed the manuscript since it was read; `revision` is what holds now."""

    def __init__(self, revision):
        super().__init__(str(revision))
        self.revision = revision


class CodeTaken(Exception):
    """A manuscript or a definition with this code is there already."""


@dataclass(frozen=True)
class Examined:
    """What is to be said of a source tree: its faults with their lines, and the Compiled (None: errors)."""

    faults: list
    compiled: Compiled | None
    paths: list

    @property
    def errors(self):
        return [fault for fault in self.faults if fault.level == "error"]


@transaction.atomic
def begin_manuscript(*, tree, actor, assets=None, base=None):
    """A new Manuscript that says `tree`, going on from the Version `base`.

    Without `base` its code must be nobody's yet; and no other manuscript may have it open (else CodeTaken).
    """
    kind, code = tree["kind"], tree["code"]
    if base is None and Definition.objects.filter(kind=kind, code=code, versions__status="published").exists():
        raise CodeTaken(code)
    try:
        with transaction.atomic():
            manuscript = Manuscript.objects.create(kind=kind, code=code, assets=assets or {}, base=base)
    except IntegrityError:
        raise CodeTaken(code) from None
    write_revision(manuscript, tree, "begin", actor)
    tell(manuscript, "definition.manuscript_begun", actor, {})
    return manuscript


@transaction.atomic
def save_manuscript(*, manuscript_id, tree, clock, did, actor):
    """Make `tree` the next revision. Raises Overtaken when the clock has moved on."""
    manuscript = claim(manuscript_id, clock)
    write_revision(manuscript, tree, did, actor)
    return manuscript


@transaction.atomic
def step_manuscript(*, manuscript_id, clock, back, actor):
    """Undo (`back`) or redo one change; nothing happens at either end."""
    manuscript = claim(manuscript_id, clock)
    number = _before(manuscript) if back else _after(manuscript)
    if number is not None:
        manuscript.at = number
        _settle(manuscript, manuscript.revision.source)
        tell(manuscript, "definition.manuscript_stepped", actor, {"revision": number})
    return manuscript


def examine(tree, assets=None, *, text=None):
    """What is to be said of `tree`, which is the tree of one definition (written anew, or read from `text`)."""
    placed = read((text or write(tree)).encode(), FILE)[0][0]
    known = [f"{kind}/{code}" for kind, code in Definition.objects.values_list("kind", "code")]
    resolver = Resolver(tree=placed, find=find_published, known=known, read_asset=(assets or {}).get)
    compiled, found = compile_tree(placed, resolver)
    found = [*found, *(run_tests(placed["kind"], compiled.bundle) if compiled else ())]
    return Examined([_fault(placed, one) for one in found], compiled, [tuple(fault.path) for fault in found])


def read_manuscript(text, manuscript):
    """(tree, faults) of a pasted text: None when it cannot be read, breaks the grammar, or is another one."""
    documents, faults = read(text.encode(), FILE)
    if faults:
        return None, faults
    tree = documents[0] if len(documents) == 1 else {}
    wanted = {"kind": manuscript.kind, "code": manuscript.code, "machi": str(define.SCHEMA)}
    for key, value in wanted.items():
        if tree.get(key) != value:
            line = place_of(tree, (key,)).line or 1
            return None, [
                Fault(FILE, line, key, f"「{key}」は変えられません。", f"「{key}: {value}」と書いてください。")
            ]
    _model, wrong = cast(define.KINDS[manuscript.kind].model, tree)
    return (None, [_fault(tree, one) for one in wrong]) if wrong else (tree, [])


def read_definition(text):
    """(tree, faults) of a text that is one definition; None when it is not."""
    documents, faults = read(text.encode(), FILE)
    return (documents[0] if len(documents) == 1 else None), faults


def manuscript(id):  # noqa: A002 the word of the field
    """The Manuscript with this id; raises Manuscript.DoesNotExist."""
    return Manuscript.objects.get(pk=id)


def manuscripts():
    """What is being written, the last changed first."""
    return list(Manuscript.objects.filter(closed_at=None).order_by("-changed_at"))


def may_step(manuscript):
    """(whether something can be undone, whether something can be redone)."""
    return _before(manuscript) is not None, _after(manuscript) is not None


def step_target(manuscript, *, back):
    """The tree that undo (`back`) or redo would lead to, or None at either end."""
    number = _before(manuscript) if back else _after(manuscript)
    return manuscript.revisions.get(number=number).source if number is not None else None


def is_code(text):
    """Whether `text` may be the code of a definition."""
    return len(text) <= 120 and CODE.fullmatch(text) is not None


def claim(manuscript_id, clock):
    """The manuscript, locked, with its clock moved on; Overtaken when it has moved before, or is closed."""
    found = Manuscript.objects.select_for_update().get(pk=manuscript_id)
    if found.clock != clock or found.closed_at:
        raise Overtaken(found.revision)
    found.clock += 1
    return found


def write_revision(manuscript, tree, did, actor):
    """The next revision of a manuscript that was claimed."""
    number = manuscript.revisions.count() + 1
    Revision.objects.create(
        manuscript=manuscript, number=number, parent=manuscript.at or None, source=tree, did=did,
        author=actor.key, author_name=actor.name,
    )  # fmt: skip
    manuscript.at = number
    _settle(manuscript, tree)


def _settle(manuscript, tree):
    """Keep what the tree compiles to, if it does; what is shown stays the last sound state."""
    if compiled := examine(tree, manuscript.assets).compiled:
        manuscript.bundle = compiled.bundle
    manuscript.save()


def _before(manuscript):
    return manuscript.revision.parent


def _after(manuscript):
    newer = manuscript.revisions.filter(parent=manuscript.at).order_by("-number").first()
    return newer.number if newer else None


def _fault(tree, fault):
    place = place_of(tree, fault.path)
    return Fault(
        FILE, place.line, dotted(tree, fault.path), fault.message, fault.mend, getattr(fault, "level", "error")
    )
