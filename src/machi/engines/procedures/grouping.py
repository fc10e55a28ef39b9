"""Groups of cases (案件のまとまり): what is handled together, of one visit, one event or one household."""

from django.db import transaction
from django.utils.translation import gettext as _

from machi.engines.audit.public import record
from machi.engines.procedures.models import Group
from machi.engines.procedures.queries import visible_cases
from machi.engines.procedures.rules import Refused


@transaction.atomic
def make_group(*, title, kind, cases, actor):
    """A group of these cases, as far as the actor may handle them. Raises Refused where none is left."""
    chosen = list(visible_cases(actor, "procedures.handle").filter(id__in=[case.id for case in cases]))
    if not chosen:
        raise Refused(_("まとまりに入れる案件を選んでください。"))
    group = Group.objects.create(title=_title(title), kind=kind if kind in Group.KINDS else "other", by=actor.key)
    for case in chosen:
        _put_in(group, case, actor)
    return group


@transaction.atomic
def gather(*, key, title, kind, cases, actor):
    """The group that `key` stands for, with these cases in it; made when there are two, filled as others come."""
    group = Group.objects.filter(key=key).first()
    if group is None and len(cases) < 2:
        return None
    about = {"title": title[:120], "kind": kind, "by": actor.key}
    group = group or Group.objects.get_or_create(key=key, defaults=about)[0]
    for case in cases:
        _put_in(group, case, actor)
    return group


@transaction.atomic
def put_in(*, group, case, actor):
    """Handle the case in this group, too."""
    _put_in(group, _handled(case, actor), actor)


@transaction.atomic
def take_out(*, group, case, actor):
    """The case is no longer handled in this group."""
    group.cases.remove(_handled(case, actor))
    record(stream=case.owner, verb="left_group", actor=actor, payload={"group": str(group.id)})


@transaction.atomic
def name_group(*, group, title, kind, actor):
    """Another title, or another kind."""
    group.title, group.kind = _title(title), kind if kind in Group.KINDS else group.kind
    group.save(update_fields=["title", "kind"])
    record(stream=f"group:{group.id}", verb="group_named", actor=actor, payload={"kind": group.kind})


def _title(said):
    title = " ".join((said or "").split())[:120]
    if not title:
        why = _("何のまとまりか、あとでわかる名前にしてください。")
        raise Refused(_("まとまりの名前を書いてください。"), {"title": why})
    return title


def _put_in(group, case, actor):
    if not group.cases.filter(id=case.id).exists():
        group.cases.add(case)
        record(stream=case.owner, verb="joined_group", actor=actor, payload={"group": str(group.id)})


def _handled(case, actor):
    found = visible_cases(actor, "procedures.handle").filter(id=case.id).first()
    if found is None:
        raise Refused(_("この操作をする権限がありません。"))
    return found


def visible_groups(actor):
    """The groups in which the actor may see a case, newest first."""
    return Group.objects.filter(cases__in=visible_cases(actor)).distinct().order_by("-at")
