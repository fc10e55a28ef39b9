"""The portal as a place where people apply: residents, with or without an account."""

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.audit.define import Actor
from machi.engines.people import public as people
from machi.engines.people.define import is_at_least
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.host import Host
from machi.entrances.portal import guided


class Portal(Host):
    """What is a visitor's: what is their account's, and what their browser or a mailed link has proved."""

    def hindrance(self, request, version):
        needed = version.bundle["assurance"]
        if not is_at_least(people.assurance(request), needed):
            return _("この手続には、先に本人確認が必要です。")
        return super().hindrance(request, version)

    def beginning(self, request, version):
        known = self._known(request, version)
        return {**super().beginning(request, version), "account_id": account_id(request), "answers": known}

    def _known(self, request, version):
        """What the city knows already: from the profile of a signed-in resident, and from the guide that led here."""
        bundle = version.bundle["form"]
        known = questions.prefilled(bundle, people.profile(request.user) if request.user.is_authenticated else None)
        told = guided.answers(self, request, version)
        proved = {key: known[key] for key in known.get("_from", {})}
        sources = {**told.get("_from", {}), **known.get("_from", {})}
        return {**known, **told, **proved, **({"_from": sources} if sources else {})}

    def begun(self, request, draft):
        guided.note_begun(self, request, draft)

    def may_open(self, request, kind, key, found):
        mine = found.account_id is not None and found.account_id == account_id(request)
        return mine or self.knows(request, kind, key)

    def not_here(self, request, found):
        """Ask whom it may belong to to sign in; say to others how their things are opened."""
        if found is not None and found.account_id and not request.user.is_authenticated:
            return redirect_to_login(request.path, resolve_url("account_login"))
        return render(request, "portal/not_here.html", status=404)

    def opened(self, request, draft):
        """A draft begun before signing in becomes the account's, unless a link to it is on its way by mail."""
        if draft.account_id is None and account_id(request) and not draft.token_hash:
            questions.claim_draft(draft=draft, account_id=account_id(request))

    def sender(self, request, _draft):
        return procedures.Sender(
            actor=people.actor_of(request),
            account_id=account_id(request),
            assurance=people.assurance(request),
            email=request.user.email if request.user.is_authenticated else "",
            language=request.LANGUAGE_CODE,
        )

    def sent(self, request, case):
        guided.note_sent(self, request, case)
        return super().sent(request, case)

    def applicant(self, request, case):
        if case.account_id and case.account_id == account_id(request):
            return people.actor_of(request)
        return Actor(kind="resident", person=case.owner, name=case.applicant)

    def back(self, request):
        if request.user.is_authenticated:
            return {"back_href": reverse("portal:mine"), "back": _("マイページ")}
        return {"back_href": self.home(), "back": _("はじめのページ")}

    def home(self):
        return reverse("portal:home")


def account_id(request):
    """The id of the signed-in account, or None."""
    return request.user.pk if request.user.is_authenticated else None


PORTAL = Portal()
