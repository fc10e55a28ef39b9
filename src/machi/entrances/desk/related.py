"""Cases beside a case, as the desk shows them: likely the same, merged into it or it into another, related, grouped."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.engines.procedures import public as procedures
from machi.entrances.desk.answers import shown_answers
from machi.entrances.desk.rows import HIDDEN, reads_names
from machi.entrances.desk.words import GROUPS, moment, state_chip, title_of

WHY = {
    "name": gettext_lazy("氏名"),
    "birth": gettext_lazy("生年月日"),
    "phone": gettext_lazy("電話番号"),
    "email": gettext_lazy("メールアドレス"),
    "place": gettext_lazy("場所"),
}


def related(case, actor):
    """{"same", "merged", "main", "links", "groups"} of a case; nothing that the actor may not see."""
    visible = procedures.visible_cases(actor)
    links = procedures.related_links(case)
    same = procedures.likely_same(case, actor) if case.is_open else ()
    return {
        "same": [_same(other, why, actor) for other, why in same],
        "merged": [_merged(link.case, actor) for link in procedures.merged_into(case)],
        "main": _seen(procedures.main_case(case), visible, actor),
        "links": [
            one | {"id": link.id}
            for link in links
            if (one := _seen(link.other if link.case_id == case.id else link.case, visible, actor))
        ],
        "groups": list(procedures.groups_of(case)),
    }


def _line(case, actor):
    readable = reads_names(actor, Scope(unit=case.unit, code=case.code))
    return {
        "case": case,
        "title": title_of(case),
        "who": (case.applicant or _("名前なし")) if readable else HIDDEN,
        "subject": case.subject if readable else "",
        "chip": state_chip(case),
        "when": moment(case.submitted_at),
    }


def _same(case, why, actor):
    listed = ", ".join(str(WHY[one]) for one in why)
    return _line(case, actor) | {"control": f"same-{case.id}", "why": _("同じ: %(traits)s") % {"traits": listed}}


def _merged(case, actor):
    """A duplicate with all that was sent with it, as far as the actor may read."""
    may_see = people.can(actor, "procedures.see", Scope(case.unit, case.code))
    level = procedures.ceiling(actor, case) if may_see else "public"
    line = _line(case, actor)
    return line | {"shown": shown_answers(case, level), "label": f"{case}　{line['who']}　{line['when']}"}


def _seen(case, visible, actor):
    return _line(case, actor) if case and visible.filter(id=case.id).exists() else None


def group_choices(actor):
    """What the form for putting a case into a group offers: {"group_choices", "group_kinds"}."""
    known = procedures.visible_groups(actor)[:20]
    return {
        "group_choices": [{"value": str(one.id), "label": one.title} for one in known],
        "group_kinds": [{"value": key, "label": label} for key, label in GROUPS.items()],
    }
