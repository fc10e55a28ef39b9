"""The counter as a place where people apply: a clerk types for the person of the open sitting."""

from functools import wraps

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.engines.guides import public as guides
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.counter import actions, queries
from machi.entrances.counter.rules import IDENTITIES
from machi.entrances.desk import frame
from machi.entrances.filling.host import Host
from machi.ground.calendar import today
from machi.ground.languages import BY_CODE

IDENTITY_WORDS = {
    "photo": gettext_lazy("顔写真のある公的な証明書を1点見た（マイナンバーカード、運転免許証、在留カードなど）"),
    "two": gettext_lazy("写真のない公的な証明書などを2点見た"),
    "other": gettext_lazy("そのほかの方法で確かめた（聞きとり、証明書1点など）"),
    "unseen": gettext_lazy("確かめていない（確かめなくてよい手続）"),
}


def receiving(view):
    """Only for staff who take in applications at the counter."""

    @people.staff_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not people.can_anywhere(people.actor_of(request), queries.RIGHT):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def sitting_of(request):
    """The open sitting of the clerk who asks, or None; looked up once in a request."""
    if not hasattr(request, "counter_sitting"):
        request.counter_sitting = queries.sitting_of(people.actor_of(request).account)
    return request.counter_sitting


class Counter(Host):
    """What is open here is what belongs to the clerk's open sitting, and nothing else."""

    space = "counter"
    frame = "counter/frame.html"

    def guard(self, view):
        return receiving(view)

    def render(self, request, template, context, status=200):
        sitting = sitting_of(request)
        known = {
            "sitting": sitting,
            "screen": screen_line(sitting),
            "spoken": BY_CODE.get(sitting.language) if sitting else None,
        }
        return frame.page(
            request, template, {**self.surroundings(), **known, **context}, here="counter", status=status
        )

    def hindrance(self, request, version):
        if queries.may_receive(people.actor_of(request), version):
            return ""
        return _("この手続は%(unit)sの窓口で受け付けます。") % {"unit": queries.owner_unit(version.code)}

    def spoken(self, request):
        return sitting_of(request).language

    def beginning(self, request, version):
        sitting = request.counter_sitting = actions.open_sitting(actor=people.actor_of(request))
        known = queries.known_for(sitting, version)
        return {**super().beginning(request, version), "language": sitting.language, "answers": known}

    def begun(self, request, draft):
        sitting = sitting_of(request)
        actions.take_up(sitting=sitting, draft=draft, actor=people.actor_of(request))
        plan = guides.plan_of_code(sitting.plan_code) if sitting.plan_code else None
        for task in plan.draft.version.bundle["tasks"] if plan else ():
            if task["procedure"] == draft.code:
                guides.note_begun(plan=plan, task=task["key"], owner=draft.owner)

    def remember(self, request, kind, key):
        """Nothing: what a clerk may open hangs on the sitting, not on the browser."""

    def may_open(self, request, _kind, key, found):
        version = found.definition if isinstance(found, procedures.Case) else found.version
        theirs = queries.errand_of(sitting_of(request), key)
        return theirs is not None and queries.may_receive(people.actor_of(request), version)

    def not_here(self, request, _found):
        return self.render(request, "counter/not_here.html", {}, status=404)

    def opened(self, request, draft):
        """Both look at the same page; a small picture that is fetched on the side changes nothing."""
        at = request.resolver_match
        if at.url_name in ("page", "review"):
            errand = queries.errand_of(sitting_of(request), draft.id)
            actions.show(sitting=sitting_of(request), errand=errand, page=at.kwargs.get("page", ""))

    def reviewing(self, request, draft):
        sitting = sitting_of(request)
        return {
            "part": "counter/review.html",
            "complete": False,  # the button that sends is the part's own: it comes once the person has agreed
            "identities": [{"value": key, "label": words} for key, words in IDENTITY_WORDS.items()],
            "identity": request.POST.get("identity") or sitting.identity,
            **agreement(request, draft),
        }

    def sender(self, request, draft):
        sitting, said = sitting_of(request), request.POST.get("identity", "")
        identity = said if said in IDENTITIES else sitting.identity
        if not identity:
            raise procedures.Refused(_("本人をどう確かめたかを選んでください。"))
        actions.note_identity(sitting=sitting, identity=identity)
        errand = queries.errand_of(sitting, draft.id)
        if queries.stage_of(errand, draft, None) != "agreed":
            raise procedures.Refused(_("内容の確認と署名が、まだです。その人に確認してもらってください。"))
        return procedures.Sender(
            actor=people.actor_of(request),
            account_id=draft.account_id,
            assurance=IDENTITIES[identity],
            email=people.account(draft.account_id).email if draft.account_id else "",
            language=sitting.language,
            origin="counter",
            confirmed={
                "way": errand.way, "digest": errand.digest, "identity": identity, "language": sitting.language,
            },
        )  # fmt: skip

    def sent(self, request, case):
        return f"{self.home()}?sent={case.reference}"

    def applicant(self, request, _case):
        return people.actor_of(request)

    def back(self, _request):
        return {"back_href": self.home(), "back": _("応対")}

    def home(self):
        return reverse("counter:home")


COUNTER = Counter()


def screen_line(sitting):
    """The screen of a sitting as the pages show it: {"there": bool}, None without one."""
    screen = getattr(sitting, "screen", None) if sitting else None
    return screen and {"there": queries.is_there(screen)}


def agreement(request, draft):
    """How far the person is with agreeing to a draft, for the page before sending and its part that asks again."""
    sitting = sitting_of(request)
    errand = queries.errand_of(sitting, draft.id)
    sheet = procedures.form_of(draft.version).evaluate(draft.answers, today=today())
    return {
        "draft": draft,
        "errand": errand,
        "stage": queries.stage_of(errand, draft, None),
        "whole": not sheet.errors,
        "screen": screen_line(sitting),
        "digest": procedures.digest_of(draft.version, draft.answers),
    }
