"""Where people apply: what the portal, the desk and the counter tell the pages they all have in common."""

from abc import ABC, abstractmethod

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from machi.engines.definitions.public import current
from machi.engines.procedures.public import not_taken
from machi.ground.calendar import parse_duration, today

DRAFTS, CASES, MOST = "drafts", "cases", 30
NAMES = (
    "procedure", "page", "review", "later", "discard", "draft_form", "case", "correct", "withdraw", "readdress",
)  # fmt: skip


class Host(ABC):
    """One entrance where people apply.

    `space` is the namespace of its addresses, `frame` the template its pages stand in, `audience` whose procedures it
    offers. It mounts `urls.addresses(host)` and has two addresses of its own in the same namespace: `procedure`, from
    where one begins, and `later`, where one leaves off.
    """

    space = "portal"
    frame = "portal/frame.html"
    audience = "public"

    def guard(self, view):
        """Who may come here at all, as a decorator of every page."""
        return view

    def address(self, name, *args):
        """Where one of its pages is."""
        return reverse(f"{self.space}:{name}", args=args)

    def render(self, request, template, context, status=200):
        """Show one of the common pages in this entrance."""
        return render(request, template, {**self.surroundings(), **context}, status=status)

    def surroundings(self):
        """What every page of this entrance knows: its frame, and the names of its addresses."""
        return {"frame": self.frame, "at": {name: f"{self.space}:{name}" for name in NAMES}}

    def offers(self, version):
        """Whether this entrance has anything to do with a procedure."""
        return version.bundle["audience"] == self.audience

    def procedure_or_404(self, code):
        """The published version of a procedure that is offered here."""
        version = current("procedure", code)
        if version is None or not self.offers(version):
            raise Http404
        return version

    def hindrance(self, _request, version):
        """Why this visitor cannot begin the procedure, in a sentence; "" when they can."""
        return not_taken(version.bundle)

    def spoken(self, request):
        """The language of the person whose application it is."""
        return request.LANGUAGE_CODE

    def beginning(self, request, version):
        """What a new draft has from the start."""
        return {
            "kind": "procedure",
            "version": version,
            "language": request.LANGUAGE_CODE,
            "expires_on": parse_duration(version.bundle["drafts"]["keep"]).after(today()),
        }

    def begun(self, request, draft):  # noqa: B027 (a hook; not every entrance has something to do)
        """A draft was begun by this visitor."""

    def remember(self, request, kind, key):
        """Let this browser session open a draft or a case again."""
        known = [one for one in request.session.get(self._kept(kind), []) if one != str(key)]
        request.session[self._kept(kind)] = [*known, str(key)][-MOST:]

    def knows(self, request, kind, key):
        """Whether this browser session was let in before."""
        return str(key) in request.session.get(self._kept(kind), [])

    def _kept(self, kind):
        return kind if self.space == "portal" else f"{self.space}:{kind}"

    @abstractmethod
    def may_open(self, request, kind, key, found):
        """Whether this visitor may open the draft or case `found`."""

    def not_here(self, request, found):
        """The answer to who may not open `found` (which may be None)."""
        raise Http404

    def opened(self, request, draft):  # noqa: B027 (the same)
        """A draft was opened by who may open it."""

    def reviewing(self, _request, _draft):
        """What the page before sending shows besides, with the template `part` for it."""
        return {}

    def following(self, _request, _case):
        """What the page of a case shows besides, with the template `part` for it."""
        return {}

    @abstractmethod
    def sender(self, request, draft):
        """The `procedures.Sender` of a draft. Raises procedures.Refused when something is missing."""

    def sent(self, request, case):
        """A draft has become a case. Where its sender goes on."""
        self.remember(request, CASES, case.id)
        return f"{self.address('case', case.id)}?sent=1"

    @abstractmethod
    def applicant(self, request, case):
        """The actor behind what a visitor does to a case they may open."""

    @abstractmethod
    def back(self, request):
        """{"back_href", "back"}: where the page of a case leads back to."""

    @abstractmethod
    def home(self):
        """Where one goes when nothing is left to do."""
