"""Who applies for whom: kept with the case, and said in what is told."""

import pytest
from small_procedure import faults, load_beside, small, smaller

from fixtures.cases import send
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures

ROLES = [{"key": key, "label": key} for key in ("self", "household", "guardian", "agent")]
AGENT = [
    {"key": "on_behalf", "type": "choice", "label": "だれの手続ですか", "options": ROLES, "required": True},
    {"key": "person_name", "type": "name", "label": "本人の氏名", "visible_if": "on_behalf != 'self'"},
]


@pytest.fixture
def sent(joso, tmp_path):
    """sent(on_behalf, person_name) → the case of an application that says so."""
    source = smaller() | {"acts_for": {"role": "on_behalf", "name": "person_name"}}
    source["fields"] += AGENT
    source["pages"][0]["fields"] += ["on_behalf", "person_name"]
    load_beside(tmp_path, source)
    answers = {"name": "山田 花子", "route": "a", "copies": 2, "email": "a@joso.example"}
    return lambda **more: send("test.small", answers | more)


@pytest.mark.parametrize("role", ["agent", "guardian", "household"])
def test_whose_case_it_is_and_who_sent_it_are_two(sent, role):
    case = sent(on_behalf=role, person_name="山田 梅")

    named = [(one.role, one.name, one.email) for one in procedures.named_parties(case)]
    assert named == [("applicant", "山田 梅", ""), (role, "山田 花子", "a@joso.example")]
    told = Notice.objects.get(owner=case.owner, code="general.receipt").text
    assert "山田 花子 様" in told and "山田 梅 さんについての手続です。" in told


def test_who_applies_for_themselves_is_one(sent):
    case = sent(on_behalf="self", person_name="山田 梅")

    assert [(one.role, one.name) for one in procedures.named_parties(case)] == [("applicant", "山田 花子")]
    assert "についての手続" not in Notice.objects.get(owner=case.owner, code="general.receipt").text


def test_the_fields_that_say_so_must_be_there():
    source = small() | {"acts_for": {"role": "name", "name": "nobody"}}
    assert sorted(fault[1] for fault in faults(source)) == [
        "「name」は choice の項目ではありません。",
        "「nobody」という項目はありません。",
    ]
