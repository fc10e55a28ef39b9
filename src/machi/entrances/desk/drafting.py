"""The desk as a place where people apply: staff draft internal procedures (申請・起案), in one of their posts."""

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.approvals import public as approvals
from machi.engines.definitions.public import current_all
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk import frame
from machi.entrances.desk.marking import adding
from machi.entrances.desk.route import rounds_drawn
from machi.entrances.filling.host import Host
from machi.ground.languages import pick
from machi.ground.text import search_key

OTHERS = "others"


class Drafting(Host):
    """Whoever holds a post may draft; a draft and its case are their drafter's alone."""

    space = "drafting"
    frame = "desk/drafting/frame.html"
    audience = "staff"

    def guard(self, view):
        return people.staff_required(view)

    def render(self, request, template, context, status=200):
        return frame.page(request, template, {**self.surroundings(), **context}, here="drafting", status=status)

    def beginning(self, request, version):
        return {**super().beginning(request, version), "account_id": request.user.pk}

    def may_open(self, request, _kind, _key, found):
        if isinstance(found, procedures.Case):
            return bool(found.drafter) and found.drafter["account"] == request.user.pk
        return found.account_id == request.user.pk

    def reviewing(self, request, _draft):
        actor = people.actor_of(request)
        posts = [
            {"value": post.code, "label": people.title_in(post)} for post in people.posts_held(actor)
        ]
        return {
            "part": "desk/drafting/post.html",
            "posts": posts,
            "post": request.POST.get("post") or posts[0]["value"],
            "drafter": actor.name,
        }

    def following(self, request, case):
        kept = approvals.rounds_of(case.owner)
        if not kept:
            return {}
        rounds, going_on = rounds_drawn(kept), kept[0].state == "open"
        return {
            "part": "desk/drafting/following.html",
            "rounds": rounds,
            "may_recall": going_on and not rounds[0]["begun"],
            "adding": adding(kept[0], people.actor_of(request)) if going_on else None,
        }

    def sender(self, request, _draft):
        actor = people.actor_of(request)
        return procedures.Sender(
            actor=actor,
            post=request.POST.get("post") or actor.posts[0],
            assurance=people.assurance(request),
            email=request.user.email or "",
            language=request.LANGUAGE_CODE,
        )

    def applicant(self, request, _case):
        return people.actor_of(request)

    def back(self, _request):
        return {"back_href": reverse("drafting:mine"), "back": _("自分の申請")}

    def home(self):
        return reverse("drafting:catalogue")


DRAFTING = Drafting()


def shelves(wish=""):
    """Internal procedures as groups [{"title", "items"}], or those that hold every word of `wish`."""
    titles = {
        "personnel": _("勤務・人事"),
        "money": _("予算・支払"),
        "things": _("物品・施設"),
        "documents": _("文書・決裁"),
        OTHERS: _("そのほか"),
    }
    groups = {key: [] for key in titles}
    for version in sorted(_offered(), key=lambda one: pick(one.bundle["title"], "ja")):
        if _holds(version.bundle, wish):
            groups[version.bundle.get("shelf") or OTHERS].append(_item(version))
    return [{"title": titles[key], "items": items} for key, items in groups.items() if items]


def _offered():
    return [version for version in current_all("procedure") if DRAFTING.offers(version)]


def _holds(bundle, wish):
    said = [pick(bundle["title"], "ja"), pick(bundle["summary"], "ja"), *bundle["words"].get("ja", [])]
    text = " ".join(search_key(one) for one in said)
    return all(search_key(word) in text for word in wish.split())


def _item(version):
    return {
        "href": reverse("drafting:procedure", args=[version.code]),
        "label": pick(version.bundle["title"], "ja"),
        "text": pick(version.bundle["summary"], "ja"),
    }
