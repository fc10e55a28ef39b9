"""Sample people, to try things out as. They exist in development only: everybody knows their password."""

from datetime import date
from typing import Literal

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Prefetch
from pydantic import BaseModel, ConfigDict

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.define import Header
from machi.engines.people.actions import appoint, prove, save_profile
from machi.engines.people.models import Account, Appointment, Person, Post
from machi.ground.calendar import today
from machi.ground.languages import LANGUAGES

DEMO_PASSWORD = "machi-no-mihon"  # noqa: S105 — a sample password, in development only


class DemoPerson(BaseModel):
    """One sample person; `posts` makes it staff, `card` gives it the proof a My Number card would."""

    model_config = ConfigDict(extra="forbid")

    mail: str
    name: str
    kana: str = ""
    birth: date | None = None
    postal: str = ""
    town: str = ""
    line: str = ""
    building: str = ""
    phone: str = ""
    language: Literal[tuple(language.tag for language in LANGUAGES)] = "ja"
    card: bool = False
    posts: list[str] = []


class DemoPeople(Header):
    """A file of sample people."""

    kind: Literal["demo_people"]
    audience: Literal["staff"] = "staff"
    people: list[DemoPerson]


class NotInDevelopment(Exception):
    """Sample people were asked for on an installation that serves real ones."""


@transaction.atomic
def load_demo_people(people, *, actor=SYSTEM):
    """Make the sample `people` (DemoPerson) who do not exist yet. Safe to repeat.

    Returns (how many are new, those who wait). Who has a post that the organisation in force does not have waits: a
    changed organisation is a draft until a second person publishes it. Raises NotInDevelopment.
    """
    if not settings.DEVELOPMENT:
        raise NotInDevelopment
    missing = [person for person in people if not Account.objects.filter(email=person.mail).exists()]
    posts = set(Post.objects.values_list("code", flat=True))
    new = [person for person in missing if posts.issuperset(person.posts)]
    password = make_password(DEMO_PASSWORD)  # once for all: making it is slow on purpose
    for person in new:
        _make(person, password, actor)
    return len(new), [person for person in missing if not posts.issuperset(person.posts)]


def _make(given, password, actor):
    person = Person.objects.create(is_sample=True)
    account = Account.objects.create(
        email=given.mail,
        password=password,
        person=person,
        language=given.language.lower(),
        is_staff=bool(given.posts),
        is_sample=True,
    )
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    values = given.model_dump(
        include={"name", "kana", "birth", "postal", "town", "line", "building", "phone"}
    )
    save_profile(account=account, values=values, source="card" if given.card else "typed", actor=actor)
    if given.card:
        prove(person=person, kind="card", level="card", evidence="sample", actor=actor)
    since = date(today().year - (today().month < 4), 4, 1)
    for place, code in enumerate(given.posts):
        post = Post.objects.get(pk=code)
        appoint(person=person, post=post.pk, since=since, main=place == 0, actor=actor)


def demo_accounts(*, staff):
    """The sample accounts with their people; `.chairs` names the posts. Nobody outside development."""
    if not settings.DEVELOPMENT:
        return []
    held = Appointment.objects.filter(during__contains=today()).select_related("post__unit").order_by("-main")
    found = (
        Account.objects.filter(is_sample=True, is_staff=staff)
        .select_related("person")
        .prefetch_related(Prefetch("person__appointments", queryset=held))
        .order_by("pk")
    )
    for account in found:
        account.chairs = "、".join(str(appointment.post) for appointment in account.person.appointments.all())
    return found
