"""Upkeep: definitions and their versions, and what did not get out of the house."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.definitions import public as definitions
from machi.engines.effects import public as effects
from machi.engines.notices import public as notices
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page, stuck_outside
from machi.entrances.desk.words import DELIVERIES, KINDS, chip, moment
from machi.ground.languages import pick

LISTED = (
    "procedure", "guide", "choices", "notice", "document", "file_plan", "fragment", "calendar", "organisation", "city",
    "book", "route", "intake",
)  # fmt: skip
MOST = 100


def _needed(request, *verbs):
    """404 unless this member of staff has one of the rights somewhere."""
    actor = people.actor_of(request)
    if not any(people.can_anywhere(actor, verb) for verb in verbs):
        raise Http404
    return actor


# definitions


@people.staff_required
def definition_list(request):
    """Everything in force, and the drafts that wait for a second person."""
    actor = _needed(request, "definitions.see")
    rows = [
        {"version": version, "title": pick(version.title, "ja"), "kind": KINDS[kind]}
        for kind in LISTED
        for version in definitions.current_all(kind)
    ]
    labels = (_("名前"), _("種類"), _("コード"), _("版"), _("公開日時"))
    context = {
        "waiting": [_draft(draft, actor) for draft in definitions.drafts()],
        "rows": rows,
        "columns": [{"label": label, "end": number == 3} for number, label in enumerate(labels)],
        "may_publish": people.can_anywhere(actor, "definitions.publish"),
    }
    return page(request, "desk/definitions.html", context, here="definitions")


def _draft(draft, actor):
    return {
        "version": draft,
        "title": pick(draft.title, "ja"),
        "kind": KINDS.get(draft.kind, draft.kind),
        "author": _("定義のファイル") if draft.author == "system:files" else draft.author_name,
        "own": draft.author == actor.key,
        "changes": definitions.difference(definitions.current(draft.kind, draft.code), draft),
        "touched": _touched(draft),
        "note_id": f"note-{draft.id}",
    }


def _touched(draft):
    """The procedures a draft changes, itself or through what they use: [(title, cases that run)]."""
    reference = f"{draft.kind}/{draft.code}"
    found = [
        version
        for version in definitions.current_all("procedure")
        if f"procedure/{version.code}" == reference or reference in version.lock
    ]
    return [(pick(version.title, "ja"), procedures.open_cases(version.code)) for version in found]


@require_POST
@people.staff_required
def publish(request, version_id):
    """Put a draft into force, as the second person; or take it away."""
    actor = _needed(request, "definitions.publish")
    note = request.POST.get("note", "").strip()
    try:
        if request.POST.get("do") == "withdraw":
            version = definitions.withdraw(version_id=version_id, actor=actor, reason=note)
            said = _("%(title)sの下書き（第%(number)s版）を取り下げました。")
        else:
            version = definitions.publish(version_id=version_id, actor=actor, note=note)
            said = _("%(title)sの第%(number)s版を公開しました。")
    except definitions.Version.DoesNotExist:
        raise Http404 from None
    except definitions.PublishRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said % {"title": pick(version.title, "ja"), "number": version.number})
    return redirect("desk:definitions")


# what is stuck outside


@people.staff_required
def outside(request):
    """Mails and calls that failed, or of which nobody knows whether they arrived."""
    _needed(request, "effects.manage")
    mails, calls = stuck_outside()
    labels = (_("何を"), _("状態"), _("いつ"), _("理由"), _("どうするか"))
    context = {
        "rows": [*map(_mail, mails[:MOST]), *map(_call, calls[:MOST])],
        "columns": [{"label": label} for label in labels],
    }
    return page(request, "desk/outside.html", context, here="outside")


def _mail(delivery):
    """One mail; whoever mends the house need not know to whom it goes, nor what it says."""
    name, _at, host = delivery.address.partition("@")
    return {
        "what": _("メール"),
        "about": f"{name[:1]}***@{host}",
        "chip": chip((DELIVERIES[delivery.state], "late")),
        "when": moment(delivery.created_at),
        "error": delivery.error,
        "href": reverse("desk:settle_mail", args=[delivery.id]),
        "evidence_id": f"evidence-{delivery.id}",
    }


def _call(effect):
    states = {"dead": _("あきらめた"), "unknown": _("届いたかどうか不明")}
    ports = {"procedures.timer": _("案件の期限"), "api.webhook": _("プログラムへの知らせ")}
    return {
        "what": ports.get(effect.port, effect.port),
        "about": effect.owner,
        "chip": chip((states.get(effect.state, effect.state), "late")),
        "when": moment(effect.created_at),
        "error": effect.error,
        "href": reverse("desk:settle_call", args=[effect.id]),
        "evidence_id": f"evidence-{effect.id}",
    }


@require_POST
@people.staff_required
def settle_mail(request, delivery_id):
    """Send a mail again, or note how one knows that it has arrived."""
    actor = _needed(request, "effects.manage")
    again = partial(notices.resend, delivery_id=delivery_id, actor=actor)
    arrived = partial(notices.mark_sent, delivery_id=delivery_id, actor=actor)
    return _settle(request, again, arrived, notices.Delivery.DoesNotExist)


@require_POST
@people.staff_required
def settle_call(request, effect_id):
    """Carry a call out again, or note how one knows that it has happened."""
    actor = _needed(request, "effects.manage")
    again = partial(effects.retry, effect_id=effect_id, actor=actor)
    arrived = partial(effects.settle, effect_id=effect_id, actor=actor)
    return _settle(request, again, arrived, effects.Effect.DoesNotExist)


def _settle(request, again, arrived, settled_already):
    evidence = request.POST.get("evidence", "").strip()
    try:
        if request.POST.get("do") == "retry":
            again()
            messages.success(request, _("もう一度送ります。"))
        elif evidence:
            arrived(evidence=evidence)
            messages.success(request, _("届いたものとして記録しました。"))
        else:
            messages.error(request, _("届いたことをどう確かめたかを書いてください。"))
    except settled_already:
        messages.info(request, _("ほかの人が先に決めました。"))
    return redirect("desk:outside")
