"""The tables of the organisation follow its definition."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.define import DefinitionFault
from machi.engines.definitions.public import check, load
from machi.engines.people import public
from machi.engines.people.compile import compile_organisation
from machi.engines.people.define import Organisation, Scope
from machi.engines.people.demo import DEMO_PASSWORD
from machi.engines.people.models import Account, Appointment, Grant, Person, Post, Unit
from machi.engines.people.organisation import apply_organisation

JOSO = Path(__file__).parents[3] / "cities" / "joso"


def small(**more):
    base = {
        "machi": 1,
        "kind": "organisation",
        "code": "organisation.test",
        "title": "組織",
        "roles": {
            "handler": {"title": "担当", "verbs": ["procedures.see"]},
            "viewer": {"title": "閲覧", "verbs": ["definitions.see"]},
        },
        "post_sets": {"section": [{"key": "clerk", "title": "主任", "roles": ["handler"]}]},
        "units": [
            {
                "code": "city",
                "title": "市",
                "units": [{"code": "tax", "title": "税務課"}, {"code": "roads", "title": "道路課"}],
            }
        ],
    }
    return compile_organisation(Organisation.model_validate(base | more))


@pytest.fixture
def joso(db, tmp_path):
    """Joso's own organisation, loaded as the installation loads it."""
    (tmp_path / "organisation.yaml").write_text((JOSO / "organisation.yaml").read_text())
    report = load(folders=[tmp_path], actor=SYSTEM)
    assert report.faults == []


def test_the_organisation_of_joso_has_no_fault(tmp_path):
    (tmp_path / "organisation.yaml").write_text((JOSO / "organisation.yaml").read_text())

    assert [str(fault) for fault in check([tmp_path])] == []


def test_publishing_the_organisation_fills_the_tables(joso):
    environment = public.unit("environment")

    assert str(environment) == "生活環境課"
    assert (environment.sign, environment.parent_id, environment.parent.parent_id) == (
        "環",
        "civic_life",
        "city",
    )
    assert environment.title["pt-BR"] == "Seção de Meio Ambiente"
    assert {"environment.chief", "environment.deputy", "environment.clerk"} <= set(
        Post.objects.values_list("code", flat=True)
    )
    assert {unit.code for unit in public.units()} >= {
        "citizens",
        "secretary",
        "digital",
        "counter",
        "council",
    }
    assert all(unit.is_sample for unit in Unit.objects.filter(parent="city").exclude(code="mayor_office"))


def test_a_unit_has_one_root_above_it(joso):
    assert list(Unit.objects.filter(parent=None).values_list("code", flat=True)) == ["city"]


def test_applying_the_same_organisation_again_changes_nothing(joso):
    from machi.engines.definitions.public import current_all

    changed = apply_organisation(bundle=current_all("organisation")[0].bundle)

    assert changed == {"units": 0, "posts": 0, "roles": 0, "granted": 0, "ended": 0}


def test_what_is_no_longer_named_is_closed_and_its_grants_end_today(db):
    with time_machine.travel(datetime(2026, 11, 1, 3, tzinfo=UTC), tick=False):
        apply_organisation(bundle=small())
    person = Person.objects.create(name="林 文子")
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False):
        apply_organisation(
            bundle=small(
                units=[{"code": "city", "title": "市", "units": [{"code": "tax", "title": "税務課"}]}]
            )
        )

        assert [unit.code for unit in public.units()] == ["city", "tax"]
        assert str(Unit.objects.get(pk="roads").closed_on) == "2026-11-22"
        assert str(Post.objects.get(pk="roads.clerk").closed_on) == "2026-11-22"
        assert str(Grant.objects.get(post="roads.clerk").during.upper) == "2026-11-22"
        assert Grant.objects.get(post="tax.clerk").during.upper is None
        assert public.holders("roads.clerk") == []
    assert person.appointments.count() == 0


def test_a_unit_that_comes_back_opens_again_with_its_grants(db):
    without = small(units=[{"code": "city", "title": "市"}])
    apply_organisation(bundle=small())
    apply_organisation(bundle=without)
    apply_organisation(bundle=small())

    assert [unit.code for unit in public.units()] == ["city", "tax", "roads"]
    assert Grant.objects.filter(post="roads.clerk", during__contains=public_today()).count() == 1


def public_today():
    from machi.ground.calendar import today

    return today()


def test_a_grant_from_next_april_counts_from_next_april(db):
    grants = [
        {"post": "tax.clerk", "role": "viewer", "unit": "city", "from": "2027-04-01", "until": "2027-07-01"}
    ]
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False):
        apply_organisation(bundle=small(grants=grants))
        apply_organisation(bundle=small(grants=grants))
    given = Grant.objects.get(role="viewer")

    assert (str(given.during.lower), str(given.during.upper)) == ("2027-04-01", "2027-07-01")


def test_a_grant_whose_time_is_over_is_not_made_again(db):
    grants = [
        {"post": "tax.clerk", "role": "viewer", "unit": "city", "from": "2026-04-01", "until": "2026-07-01"}
    ]
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False):
        apply_organisation(bundle=small(grants=grants))

    assert not Grant.objects.filter(role="viewer").exists()


@pytest.mark.parametrize(
    ("more", "path", "words"),
    [
        (
            {"units": [{"code": "a", "title": "あ", "units": [{"code": "a", "title": "い"}]}]},
            ("units", 0, "units", 0, "code"),
            "2回",
        ),
        (
            {"units": [{"code": "a", "title": "あ", "posts": "none"}]},
            ("units", 0, "posts"),
            "職の組 none がありません",
        ),
        (
            {"grants": [{"post": "tax.boss", "role": "viewer", "unit": "tax"}]},
            ("grants", 0, "post"),
            "職 tax.boss がありません",
        ),
        (
            {"grants": [{"post": "tax.clerk", "role": "king", "unit": "tax"}]},
            ("grants", 0, "role"),
            "役割 king がありません",
        ),
        (
            {"grants": [{"post": "tax.clerk", "role": "viewer", "unit": "moon"}]},
            ("grants", 0, "unit"),
            "課 moon がありません",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_a_fault_with_its_place(more, path, words):
    with pytest.raises(DefinitionFault) as fault:
        small(**more)

    assert fault.value.path == path
    assert words in fault.value.message
    assert fault.value.mend


def test_sample_people_sit_on_posts_of_joso(joso, capsys):
    call_command("demo_people", JOSO / "demo" / "people.yaml")
    clerk = Account.objects.get(email="kankyo.tanto@joso.example")
    actor = public.actor_for(clerk)

    assert clerk.check_password(DEMO_PASSWORD)
    assert public.can(actor, "procedures.handle", Scope("environment", "waste.bulky_pickup"))
    assert not public.can(actor, "procedures.decide", Scope("environment", "waste.bulky_pickup"))
    assert not public.can(actor, "procedures.see", Scope("citizens", "residents.residence_certificate"))
    assert Account.objects.get(email="yoshino@joso.example").person.name == "𠮷野 健"
    assert Account.objects.get(email="watanabe@joso.example").person.name == "渡邉\U000e010f 正"
    assert all(account.is_sample for account in Account.objects.all())


def test_two_different_people_draft_and_publish_definitions(joso):
    call_command("demo_people", JOSO / "demo" / "people.yaml")
    scope = Scope("environment", "waste.bulky_items", "internal")
    people = {
        account.email: [
            verb
            for verb in ("draft", "publish")
            if public.can(public.actor_for(account), f"definitions.{verb}", scope)
        ]
        for account in Account.objects.filter(is_staff=True)
    }

    assert people["digital.kanri@joso.example"] == ["draft"]
    assert people["digital.kokai@joso.example"] == ["draft", "publish"]
    assert people["kankyo.tanto@joso.example"] == []
    assert people["kansa@joso.example"] == []


def test_sample_people_are_made_once(joso):
    call_command("demo_people", JOSO / "demo" / "people.yaml")
    before = (Account.objects.count(), Person.objects.count(), Appointment.objects.count())
    call_command("demo_people", JOSO / "demo" / "people.yaml")

    assert (Account.objects.count(), Person.objects.count(), Appointment.objects.count()) == before


def test_sample_people_wait_for_posts_that_nobody_has_published(joso, tmp_path, capsys):
    told = (JOSO / "demo" / "people.yaml").read_text("utf-8")
    told = told.replace("posts: [environment.chief]", "posts: [moon.chief]")
    (tmp_path / "people.yaml").write_text(told, "utf-8")

    call_command("demo_people", tmp_path / "people.yaml")

    assert "kankyo.kacho@joso.example waits for moon.chief" in capsys.readouterr().err
    assert not Account.objects.filter(email="kankyo.kacho@joso.example").exists()
    assert Account.objects.filter(email="kankyo.tanto@joso.example").exists()


def test_sample_people_never_come_to_a_real_city(joso, settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="development only"):
        call_command("demo_people", JOSO / "demo" / "people.yaml")
    assert not Account.objects.exists()


def test_the_list_of_people_says_how_each_signs_in(joso, capsys):
    import json

    call_command("demo_people", JOSO / "demo" / "people.yaml")
    capsys.readouterr()
    call_command("people", "--json")
    people = json.loads(capsys.readouterr().out)["people"]
    by_mail = {person["email"]: person for person in people}

    assert by_mail["kankyo.kacho@joso.example"] == {
        "email": "kankyo.kacho@joso.example",
        "password": DEMO_PASSWORD,
        "sign_in": "http://localhost:8000/accounts/staff/",
        "kind": "staff",
        "name": "鈴木 一郎",
        "language": "ja",
        "posts": ["environment.chief"],
        "titles": "生活環境課 課長",
        "proved": [],
    }
    assert by_mail["hanako@joso.example"]["proved"] == ["card"]
    assert sum(person["kind"] == "resident" for person in people) >= 8
    assert sum(person["kind"] == "staff" for person in people) >= 10
