"""Who is there today, who is away, and who acts for whom."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from machi.engines.people.models import Absence, Appointment, Post
from machi.ground.calendar import today


@dataclass(frozen=True)
class Seat:
    """Somebody in a post today; `back_on` is the day they return, where they are away."""

    name: str
    account: int | None
    back_on: date | None = None


def who_sits(posts):
    """Who holds each of these posts today: {code: [Seat, …]}, with an empty list where nobody does."""
    day = today()
    held = Appointment.objects.filter(post__in=posts, during__contains=day).order_by("-main", "id")
    held = list(held.select_related("person", "person__account"))
    away = _away([one.person_id for one in held], day)
    found = {code: [] for code in posts}
    for one in held:
        account = getattr(one.person, "account", None)
        found[one.post_id].append(Seat(one.person.name, account and account.pk, away.get(one.person_id)))
    return found


def _away(people, day):
    """The day on which each of these people who is away returns."""
    found = Absence.objects.filter(person__in=people, during__contains=day, taken_back_at=None)
    return {one.person_id: one.during.upper for one in found}


def is_away(post):
    """Whether somebody holds the post and nobody of them is there today."""
    seats = who_sits([post])[post]
    return bool(seats) and all(seat.back_on for seat in seats)


def stand_in(post, *, besides=None):
    """The post that acts for `post` today, or None: its first deputy in which somebody is, where in itself nobody is.

    besides: an account that must not act, because it drafted what is to be decided.
    """
    found = Post.objects.filter(pk=post).values_list("deputies", flat=True).first() or []
    seats = who_sits([post, *found])
    there = {code: [one.account for one in held if not one.back_on] for code, held in seats.items()}
    if there[post]:
        return None
    return next((code for code in found if any(one != besides for one in there[code])), None)


def posts_acted_for(actor):
    """The posts in which nobody is today and for which a post of `actor` is a deputy; looked up once per actor."""
    if not actor.posts:
        return ()
    if actor.acts_for is None:
        object.__setattr__(actor, "acts_for", tuple(_unmanned_with_deputy(actor.posts)))
    return actor.acts_for


def _unmanned_with_deputy(posts):
    codes = Post.objects.filter(deputies__overlap=list(posts), closed_on=None).values_list("pk", flat=True)
    return [code for code, seats in who_sits(list(codes)).items() if all(seat.back_on for seat in seats)]


def absences_from_today(people):
    """The absences of these people that are not over, by person and day."""
    found = Absence.objects.filter(person__in=people, taken_back_at=None, during__endswith__gt=today())
    return list(found.select_related("person").order_by("during"))


def people_in(units):
    """The people who hold a post of these units today, each with its posts: {Person: [Post, …]}."""
    found = defaultdict(list)
    held = Appointment.objects.filter(post__unit__in=units, during__contains=today()).order_by("post__order")
    for one in held.select_related("person", "post__unit"):
        found[one.person].append(one.post)
    return dict(found)


def last_day(absence):
    """The last day on which somebody is away."""
    return absence.during.upper - timedelta(days=1)
