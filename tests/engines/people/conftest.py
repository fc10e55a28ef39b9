"""A small city hall, people in it, and the way they sign in."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db.backends.postgresql.psycopg_any import DateRange

from machi.engines.audit.define import SYSTEM
from machi.engines.people.models import Account, Appointment, Grant, Person, Post, Role, Unit

SINCE = date(2026, 4, 1)
PASSWORD = "kasumi-to-tsukuba"


@pytest.fixture(autouse=True)
def empty_cache():
    """Rate limits of one test do not reach the next."""
    cache.clear()


@pytest.fixture
def hall(db):
    """A root with two departments and three sections; a chief and a clerk in each section."""
    tree = {
        "city": None,
        "life": "city",
        "works": "city",
        "citizens": "life",
        "environment": "life",
        "roads": "works",
    }
    for order, (code, parent) in enumerate(tree.items()):
        Unit.objects.create(code=code, title={"ja": code}, parent_id=parent, order=order)
    Role.objects.create(
        code="handler",
        title={"ja": "担当"},
        verbs=["procedures.see", "procedures.handle"],
        ceiling="personal",
    )
    Role.objects.create(code="viewer", title={"ja": "閲覧"}, verbs=["procedures.see"], ceiling="internal")
    for unit in ("citizens", "environment", "roads"):
        for key in ("chief", "clerk"):
            Post.objects.create(code=f"{unit}.{key}", unit_id=unit, title={"ja": key})


@pytest.fixture
def grant(hall):
    def give(post, role, unit, code="*", since=SINCE, until=None):
        return Grant.objects.create(
            post_id=post, role_id=role, unit_id=unit, code=code, during=DateRange(since, until)
        )

    return give


@pytest.fixture
def staff(hall):
    """staff(*posts, since=, until=) → an account of who holds these posts; the first is the main one."""
    made = []

    def make(*posts, since=SINCE, until=None):
        person = Person.objects.create(name=f"職員 {len(made) + 1}")
        account = Account.objects.create_user(
            f"staff{len(made)}@joso.example", PASSWORD, person=person, is_staff=True
        )
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
        for place, post in enumerate(posts):
            Appointment.objects.create(
                person=person, post_id=post, during=DateRange(since, until), main=place == 0
            )
        made.append(account)
        return account

    return make


@pytest.fixture
def resident(db):
    """An account of a resident whose mail address is verified."""
    account = Account.objects.create_user("hanako@joso.example", PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


@pytest.fixture
def signed_in(client, resident):
    """A browser in which the resident signed in with the password."""
    answer = client.post("/accounts/login/", {"login": resident.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def system():
    return SYSTEM
