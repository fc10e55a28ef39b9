"""Cases that belong together: a duplicate goes on in another case (併合), or two are related (関連)."""

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from machi.engines.filing import public as filing
from machi.engines.people.define import Scope
from machi.engines.people.public import can
from machi.engines.procedures import flow, rules
from machi.engines.procedures.following import merged_into
from machi.engines.procedures.giving_back import give_back
from machi.engines.procedures.models import Case, Link
from machi.engines.procedures.rules import Refused
from machi.engines.procedures.steps import advance
from machi.engines.procedures.telling import notify
from machi.ground.calendar import now
from machi.ground.ids import check_reference


def merge(run, payload):
    """Close this duplicate: it goes on in another case, and whoever sent it hears so, and later the result."""
    reason = (payload.get("reason") or "").strip()
    if not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("申請した人に伝わります。")})
    main = _locked(_found(run, payload, "procedures.handle"))
    _check(run, main)
    Link.objects.create(
        case=run.case, other=main, kind="merged", resume=_standing_at(run.case), by=run.actor.key
    )
    give_back(run, reason)
    run.say("merged", {"into": str(main.id)}, {"reason": f"{main} {reason}"})
    flow.begin(main, run.actor).say("merged_here", {"case": str(run.case.id)}, {"reason": str(run.case)})
    flow.close(run, "closed", "merged")
    notify(run, run.bundle["notices"].get("merged", "notice/general.merged"), f"merged:{run.case.revision}",
           other=str(main), reason=reason)  # fmt: skip


def _check(run, main):
    """Raise Refused where a merge would mix what is different, or hide a decision."""
    if main.code != run.case.code:
        message = _("ちがう手続の案件とはまとめられません。関係する案件にしてください。")
        raise Refused(message, {"into": _("手続がちがいます。")})
    if not main.is_open:
        raise Refused(_("まとめる先の案件は終わっています。"), {"into": _("進んでいる案件の番号を書いてください。")})
    if run.case.decisions.exists():
        raise Refused(_("決定した案件はまとめられません。"))


def _standing_at(case):
    """The step from which the case would go on: the newest step of people's work, else where it stands."""
    human = case.steps.filter(type__in=rules.HUMAN).order_by("-opened_at", "-id").first()
    active = case.steps.filter(state="active").first()
    return human.key if human else active.resume or active.key


def unmerge(run, _payload):
    """The duplicate was none: it goes on by itself, while the other case still runs."""
    link = run.case.links.filter(kind="merged", undone_at=None).select_related("other").first()
    if link is None:
        raise Refused(_("この案件は、ほかにまとめられていません。"))
    if not link.other.is_open:
        raise Refused(_("まとめた先の案件が終わったので、元に戻せません。再開してください。"))
    link.undone_at = now()
    link.save(update_fields=["undone_at"])
    filing.unfile(run.case.owner, actor=run.actor)
    run.move("working")
    run.case.closed_at = run.case.retention_until = None
    run.case.result = ""
    run.say("unmerged", {"from": str(link.other_id)})
    flow.begin(link.other, run.actor).say("unmerged", {"case": str(run.case.id)}, {"reason": str(run.case)})
    advance(run, link.resume)


def let_go(run):
    """The case ends without a result: whoever was merged into it goes on alone."""
    for link in merged_into(run.case):
        alone = flow.begin(_locked(link.case), run.actor)
        alone.case.revision += 1
        unmerge(alone, {})
        alone.case.save()


def link(run, payload):
    """The two cases belong together, and stay two."""
    other = _found(run, payload, "procedures.see")
    if links_between(run.case, other).exists():
        raise Refused(_("もう関係する案件になっています。"), {"into": _("ほかの番号を書いてください。")})
    Link.objects.create(case=run.case, other=other, kind="related", by=run.actor.key)
    run.say("linked", {"case": str(other.id)}, {"reason": str(other)})


def unlink(run, payload):
    """They do not belong together after all."""
    both = Q(case=run.case) | Q(other=run.case)
    found = Link.objects.filter(both, kind="related", undone_at=None, id=payload.get("link") or 0).first()
    if found is None:
        raise Refused(_("この関係は、もうありません。画面を開き直してください。"))
    found.undone_at = now()
    found.save(update_fields=["undone_at"])
    run.say("unlinked", {"case": str(found.other_id if found.case_id == run.case.id else found.case_id)})


def links_between(one, other):
    """The links in force between two cases."""
    both = Q(case=one, other=other) | Q(case=other, other=one)
    return Link.objects.filter(both, undone_at=None)


def _found(run, payload, verb):
    """The other case, by its number or receipt number: one that whoever asks may see. Raises Refused."""
    said = (payload.get("into") or "").strip()
    named = Q(number=said) | Q(reference=check_reference(said) or said)
    found = next(
        (
            case
            for case in (Case.objects.filter(named).exclude(id=run.case.id) if said else ())
            if can(run.actor, verb, Scope(unit=case.unit, code=case.code))
        ),
        None,
    )
    if found is None:
        raise Refused(_("その番号の案件は見つかりません。"), {"into": _("案件の番号か受付番号を書いてください。")})
    return found


def _locked(case):
    """The other case, locked; whoever merges the two the other way round at this moment is asked to try again."""
    try:
        with transaction.atomic():
            return Case.objects.select_for_update(of=("self",), nowait=True).get(id=case.id)
    except DatabaseError as busy:
        raise Refused(_("ほかの人がその案件を変えています。少し待って、もう一度押してください。")) from busy
