"""Who may do what: denied unless a post held today has a grant for it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from machi.engines.audit.define import ANONYMOUS, SYSTEM, Actor
from machi.engines.people import public
from machi.engines.people.actions import appoint, end_appointment
from machi.engines.people.define import SENSITIVITIES, Scope
from machi.engines.people.models import Appointment, Grant
from machi.engines.people.rules import PostHolder, Right, code_fits, subtree

BULKY = Scope("environment", "waste.bulky_pickup")
NOON = 3  # noon in Tokyo, in UTC


def see(account, scope, verb="procedures.see"):
    return public.can(public.actor_for(account), verb, scope)


def test_nobody_may_anything_without_a_grant(staff):
    clerk = public.actor_for(staff("environment.clerk"))
    resident = Actor(kind="resident", account=1, posts=("environment.clerk",))

    for actor in (clerk, resident, ANONYMOUS, SYSTEM):
        assert not public.can(actor, "procedures.see", BULKY)
        assert list(Grant.objects.filter(public.visible_to(actor, "procedures.see", unit="unit_id"))) == []
        assert public.ceiling(actor, BULKY) == "public"


def test_a_grant_allows_its_verbs_in_its_unit_only(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")

    assert see(account, BULKY)
    assert see(account, BULKY, "procedures.handle")
    assert not see(account, BULKY, "procedures.decide")
    assert not see(account, Scope("citizens", "waste.bulky_pickup"))


def test_a_resident_who_names_a_post_gets_nothing(staff, grant):
    staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")

    assert not public.can(
        Actor(kind="resident", account=1, posts=("environment.clerk",)), "procedures.see", BULKY
    )


def test_a_grant_reaches_every_unit_below_and_none_above_or_beside(staff, grant):
    account = staff("citizens.chief")
    grant("citizens.chief", "handler", "life")

    reached = [
        unit
        for unit in ("city", "life", "works", "citizens", "environment", "roads")
        if see(account, Scope(unit, "x.y"))
    ]

    assert reached == ["life", "citizens", "environment"]


def test_a_grant_counts_for_the_definitions_it_names(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment", "waste.*")

    assert see(account, BULKY)
    assert not see(account, Scope("environment", "wastes.other"))
    assert not see(account, Scope("environment", "voice.citizen"))


def test_what_is_too_sensitive_for_the_role_is_denied(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")

    allowed = [s for s in SENSITIVITIES if see(account, Scope("environment", "waste.bulky_pickup", s))]

    assert allowed == ["public", "internal", "personal"]
    assert public.ceiling(public.actor_for(account), BULKY) == "personal"


def test_who_left_yesterday_has_no_rights_today(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")

    with time_machine.travel(datetime(2026, 11, 21, NOON, tzinfo=UTC), tick=False):
        end_appointment(appointment=Appointment.objects.get(), last_day=date(2026, 11, 21), actor=SYSTEM)
        assert see(account, BULKY)
    with time_machine.travel(datetime(2026, 11, 22, NOON, tzinfo=UTC), tick=False):
        assert not see(account, BULKY)
        assert public.actor_for(account).posts == ()


def test_on_the_first_of_april_rights_change_with_the_post_at_midnight_in_japan(staff, grant):
    account = staff("environment.clerk", until=date(2027, 4, 1))
    appoint(person=account.person, post="roads.clerk", since=date(2027, 4, 1), actor=SYSTEM)
    grant("environment.clerk", "handler", "environment")
    grant("roads.clerk", "handler", "roads")
    road = Scope("roads", "roads.report")

    with time_machine.travel(datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC), tick=False):
        assert (see(account, BULKY), see(account, road)) == (True, False)
    with time_machine.travel(datetime(2027, 3, 31, 15, 0, tzinfo=UTC), tick=False):
        assert (see(account, BULKY), see(account, road)) == (False, True)


def test_a_grant_counts_in_its_period_only(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment", since=date(2026, 6, 1), until=date(2026, 7, 1))

    held = []
    for day in ((2026, 5, 31), (2026, 6, 1), (2026, 6, 30), (2026, 7, 1)):
        with time_machine.travel(datetime(*day, NOON, tzinfo=UTC), tick=False):
            held.append(see(account, BULKY))

    assert held == [False, True, True, False]


def test_rights_belong_to_the_post_and_pass_to_whoever_holds_it(staff, grant):
    grant("environment.clerk", "handler", "environment")
    before, after = (
        staff("environment.clerk", until=date(2026, 5, 1)),
        staff("environment.clerk", since=date(2026, 5, 1)),
    )

    with time_machine.travel(datetime(2026, 11, 22, NOON, tzinfo=UTC), tick=False):
        assert (see(before, BULKY), see(after, BULKY)) == (False, True)
        assert public.holders("environment.clerk") == [after.person]


def test_two_posts_give_the_rights_of_both(staff, grant):
    account = staff("environment.clerk", "roads.clerk")
    grant("environment.clerk", "handler", "environment")
    grant("roads.clerk", "viewer", "roads")

    actor = public.actor_for(account)

    assert [unit.code for unit in public.units_of(actor)] == ["environment", "roads"]
    assert public.can(actor, "procedures.handle", BULKY)
    assert public.can(actor, "procedures.see", Scope("roads", "x.y", "internal"))
    assert not public.can(actor, "procedures.see", Scope("roads", "x.y", "personal"))


def test_nobody_holds_two_main_posts_at_once(staff):
    account = staff("environment.clerk")

    with pytest.raises(IntegrityError), transaction.atomic():
        appoint(person=account.person, post="roads.clerk", since=date(2026, 11, 1), actor=SYSTEM)
    appoint(person=account.person, post="roads.clerk", since=date(2026, 11, 1), main=False, actor=SYSTEM)

    assert Appointment.objects.filter(person=account.person).count() == 2


def test_a_closed_account_is_nobody(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")
    account.is_active = False

    assert public.actor_for(account) == ANONYMOUS


def request_of(account, methods=("password",)):
    request = RequestFactory().get("/desk/")
    request.user = account
    request.session = {"account_authentication_methods": [{"method": method} for method in methods]}
    return request


def test_outside_development_a_password_gives_staff_no_posts(staff, grant, settings):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")
    settings.DEVELOPMENT = False
    by_password, by_passkey = request_of(account), request_of(account)
    by_passkey.session["account_authentication_methods"] = [
        {"method": "mfa", "type": "webauthn", "passwordless": True}
    ]

    assert public.actor_of(by_password).posts == ()
    assert not public.can(public.actor_of(by_password), "procedures.see", BULKY)
    assert public.can(public.actor_of(by_passkey), "procedures.see", BULKY)


def test_rights_are_looked_up_once_a_request_and_anew_in_the_next(staff, grant, django_assert_num_queries):
    account = staff("environment.clerk")
    given = grant("environment.clerk", "handler", "environment")
    request = request_of(account)
    actor = public.actor_of(request)

    with django_assert_num_queries(0):
        assert public.can(public.actor_of(request), "procedures.see", BULKY)
        assert public.can(actor, "procedures.handle", BULKY)
    given.delete()

    assert not public.can(public.actor_of(request_of(account)), "procedures.see", BULKY)


def test_staff_pages_send_strangers_to_sign_in_and_refuse_who_has_no_post(staff, resident, settings):
    page = public.staff_required(lambda _request: HttpResponse("desk"))
    stranger = RequestFactory().get("/desk/?a=1")
    stranger.user, stranger.session = AnonymousUser(), {}

    answer = page(stranger)
    assert (answer.status_code, answer.url) == (302, "/accounts/staff/?next=/desk/%3Fa%3D1")
    assert page(request_of(staff("environment.clerk"))).content == b"desk"
    for account in (resident, staff()):
        with pytest.raises(PermissionDenied):
            page(request_of(account))


UNITS = ("city", "life", "works", "citizens", "environment", "roads")
CODES = ("waste.bulky_pickup", "waste.burnable", "voice.citizen")
GRANTS = st.lists(
    st.tuples(
        st.sampled_from(("environment.clerk", "roads.chief")),
        st.sampled_from(("handler", "viewer")),
        st.sampled_from(UNITS),
        st.sampled_from(("*", "waste.*", "waste.burnable", "voice.*")),
    ),
    unique=True,
    max_size=6,
)


@given(grants=GRANTS, verb=st.sampled_from(("procedures.see", "procedures.handle", "procedures.void")))
def test_what_is_visible_is_exactly_what_may_be_done(grants, verb):
    parents = {
        "city": None,
        "life": "city",
        "works": "city",
        "citizens": "life",
        "environment": "life",
        "roads": "works",
    }
    verbs = {"handler": {"procedures.see", "procedures.handle"}, "viewer": {"procedures.see"}}
    rights = tuple(
        Right(frozenset(verbs[role]), subtree(unit, parents), code, "personal")
        for _post, role, unit, code in grants
    )
    actor = PostHolder(kind="staff", rights=rights)
    filtered = public.visible_to(actor, verb, unit="unit", code="code")
    for unit in UNITS:
        for code in CODES:
            assert public.can(actor, verb, Scope(unit, code)) == matches(
                filtered, {"unit": unit, "code": code}
            )


def matches(condition, row):
    """Whether `row` fits a Q of the lookups in, startswith and exact."""
    results = []
    for child in condition.children:
        if not isinstance(child, tuple):
            results.append(matches(child, row))
            continue
        name, _sep, lookup = child[0].partition("__")
        value = row.get(name, "")
        test = {"in": lambda a, b: a in b, "startswith": str.startswith, "": str.__eq__}[lookup]
        results.append(test(value, child[1]))
    return any(results) if condition.connector == "OR" else all(results)


def test_the_database_sees_what_the_filter_says(staff, grant):
    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "life", "waste.*")
    grant("roads.chief", "viewer", "environment", "waste.bulky_pickup")
    grant("roads.chief", "viewer", "environment", "voice.citizen")
    grant("roads.chief", "viewer", "roads", "waste.bulky_pickup")

    mine = public.visible_to(public.actor_for(account), "procedures.see", unit="unit_id")

    found = Grant.objects.filter(mine).values_list("unit_id", "code")
    assert sorted(found) == [("environment", "waste.bulky_pickup"), ("life", "waste.*")]


@pytest.mark.parametrize(
    ("pattern", "code", "fits"),
    [
        ("*", "a.b", True),
        ("waste.*", "waste.bulky_pickup", True),
        ("waste.*", "waste", False),
        ("waste.bulky", "waste.bulky_pickup", False),
        ("waste.bulky_pickup", "waste.bulky_pickup", True),
    ],
)
def test_a_pattern_is_all_a_code_or_a_beginning(pattern, code, fits):
    assert code_fits(pattern, code) is fits
