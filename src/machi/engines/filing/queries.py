"""Reading the file plan, binders, documents and lists. Whoever reads, reads through `visible_to`."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q

from machi.engines.audit.public import history
from machi.engines.definitions.public import current_all
from machi.engines.filing import rules
from machi.engines.filing.models import OPEN_LISTS, Binder, Connection, Disposal, Document, Hold, Item
from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.ground.calendar import TOKYO, fiscal_year, today
from machi.ground.text import search_key

HERE = {"unit": "holder", "code": "code"}


def plan():
    """The bundle of the file plan in force, or None. A city has one; of several the first by code counts."""
    plans = current_all("file_plan")
    return plans[0].bundle if plans else None


def may(actor, verb, thing):
    """Whether `actor` may do `verb` to a binder, a document or a list."""
    unit = thing.unit if isinstance(thing, Disposal) else thing.holder
    return people.can(actor, verb, Scope(unit, thing.code, getattr(thing, "sensitivity", "internal")))


def may_file(actor, unit, code):
    """Whether `actor` may make binders of a unit under a class."""
    return people.can(actor, "filing.handle", Scope(unit, code, "internal"))


def documents(actor, verb="filing.see"):
    """The documents this actor may read, as far as their sensitivity goes."""
    return Document.objects.filter(people.visible_to(actor, verb, **HERE, sensitivity="sensitivity"))


def binders(actor, verb="filing.see"):
    """The binders this actor may see."""
    return Binder.objects.filter(people.visible_to(actor, verb, **HERE))


def lists(actor, verb="filing.see"):
    """The disposal lists this actor may see, newest first."""
    found = Disposal.objects.filter(people.visible_to(actor, verb, unit="unit", code="code"))
    return found.order_by("-made_at")


def found(shown, words):
    """Of the documents `shown`, those whose numbers, subject or correspondent have each of the words."""
    keys = [search_key(word) for word in words.replace("\x00", "").split()[:8]]
    return shown.filter(*[Q(words__contains=key) for key in keys])


def units_where(actor, verb):
    """The units in which this actor may do `verb` to documents of some class, in the order of the organisation."""
    rights = [unit for unit in people.units() if _anywhere_in(actor, verb, unit.code)]
    mine = [unit.code for unit in people.units_of(actor)]
    return sorted(rights, key=lambda unit: unit.code not in mine)


def _anywhere_in(actor, verb, unit):
    in_force = plan()
    codes = [one["key"] for one in rules.classes_for(in_force, unit)] if in_force else []
    return any(people.can(actor, verb, Scope(unit, code, "internal")) for code in codes)


def open_binders(actor, unit, day=None):
    """The binders of a unit into which this actor may file today, by class."""
    year = fiscal_year(day or today())
    mine = binders(actor, "filing.handle").filter(holder=unit, closed_on=None, year__gte=year - 1)
    return mine.order_by("-year", "code", "title")


def last_binder(actor, unit):
    """The id of the open binder of a unit in which this actor registered last, as text; "" if there is none."""
    mine = Document.objects.filter(registered_by=actor.key, holder=unit, owner=None, binder__closed_on=None)
    found = mine.order_by("-registered_at").values_list("binder", flat=True).first()
    return str(found or "")


def binder_rows(shown):
    """Binders with how many documents they hold, and how many of them are still open."""
    return shown.annotate(
        count=Count("documents"),
        running=Count("documents", filter=Q(documents__state="open")),
        earliest=Min("documents__kept_until"),
    )


def held(document):
    """The holds in force on a document, its binder's too."""
    return Hold.objects.filter(_on(document.id, document.binder_id), lifted_at=None).order_by("at")


def _on(document_id, binder_id):
    return Q(document_id=document_id) | Q(binder_id=binder_id)


def is_held():
    """A condition on documents: something holds them."""
    mine = Hold.objects.filter(lifted_at=None, document=OuterRef("pk"))
    binders_ = Hold.objects.filter(lifted_at=None, binder=OuterRef("binder"))
    return Exists(mine) | Exists(binders_)


def due(unit, day=None):
    """The documents of a unit whose retention is over, that are complete and on no open list."""
    over = Document.objects.filter(holder=unit, state="completed", kept_until__lt=day or today())
    return over.exclude(items__line__disposal__state__in=OPEN_LISTS)


@dataclass(frozen=True)
class Due:
    """What a unit could put on a list: how many documents, how many of them held."""

    unit: object
    count: int
    held: int


def due_by_unit(actor):
    """What is due in the units where this actor makes lists."""
    counted = ((unit, due(unit.code)) for unit in units_where(actor, "filing.dispose"))
    rows = [Due(unit, shown.count(), shown.filter(is_held()).count()) for unit, shown in counted]
    return [row for row in rows if row.count]


def of_owner(owner):
    """The document that stands for a thing of another engine, or None."""
    return Document.objects.filter(owner=owner).select_related("binder").first()


def owners():
    """The names of all things of other engines that are filed, for a condition on their tables."""
    return Document.objects.filter(owner__isnull=False).values("owner")


def connected(owner):
    """The documents that a case concerns, oldest first."""
    ids = Connection.objects.filter(owner=owner).order_by("at").values_list("document", flat=True)
    by_id = Document.objects.select_related("binder").in_bulk(list(ids))
    return [by_id[one] for one in ids]


def owners_of(document):
    """The cases that concern a document."""
    return list(Connection.objects.filter(document=document).order_by("at").values_list("owner", flat=True))


def life_of(document):
    """The stages of a document: [(stage, day, state)]."""
    issue = document.issues.order_by("at").first()
    days = {
        "received": document.received_on,
        "drafted": document.registered_at.astimezone(TOKYO).date(),
        "decided": document.decided_on,
        "issued": issue and issue.issued_on,
        "completed": document.completed_on,
        "kept": document.kept_until,
        "gone": document.gone_on,
    }
    first = "received" if document.kind == "received" else "drafted"
    return rules.life(first=first, days=days, state=document.state)


def story(document):
    """Who did what to a document, oldest first; what was written is None once it was destroyed."""
    return history(document.stream)


def outcomes(line):
    """How many documents of a line had which outcome ("" for those that wait)."""
    counted = Item.objects.filter(line=line).order_by().values_list("outcome").annotate(Count("id"))
    return dict(counted)


def progress(made):
    """(documents dealt with, all) of a list."""
    items = Item.objects.filter(line__disposal=made)
    return items.exclude(outcome="").count(), items.count()


def catalogued():
    """(units, fiscal years) of which the public catalogue has binders: units in order, the newest year first."""
    listed = Binder.objects.filter(listed=True).order_by()
    units = set(listed.values_list("holder", flat=True).distinct())
    years = sorted(listed.values_list("year", flat=True).distinct(), reverse=True)
    return [unit.code for unit in people.Unit.objects.all() if unit.code in units], years


def catalogue(*, unit="", year=None):
    """The public catalogue of binders (ファイル管理簿): their titles, never what is in them."""
    shown = Binder.objects.filter(listed=True).order_by("-year", "unit", "code", "title")
    shown = shown.filter(holder=unit) if unit else shown
    return shown.filter(year=year) if year else shown
