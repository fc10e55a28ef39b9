"""A case keeps the version it was sent with: its questions, its fees, its way, its words."""

import shutil
from datetime import timedelta

import pytest

from fixtures.cases import BULKY, act, active, applicant, bulky, day_for, person, send
from fixtures.databases import ROOT
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current, drafts, load, publish
from machi.engines.documents import public as documents
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.ground.calendar import today


@pytest.fixture
def dearer(joso, tmp_path):
    """dearer() publishes a second version in which a sofa costs 9,000 yen and the step is called otherwise.
    """

    def raise_fee():
        items = (ROOT / "cities/joso/waste/choices/bulky_items.yaml").read_text("utf-8")
        city = tmp_path / "cities" / "joso"
        shutil.copytree(ROOT / "cities/joso", city)
        line = next(one for one in items.splitlines() if "key: sofa_2," in one)
        new = line.replace("fee: 1000", "fee: 9000")
        assert new != line
        (city / "waste/choices/bulky_items.yaml").write_text(items.replace(line, new), "utf-8")
        (city / "waste" / "procedures").mkdir(exist_ok=True)
        (city / "waste/procedures/later.yaml").write_text(
            "machi: 1\nkind: overlay\nbase: procedure/waste.bulky_pickup\n"
            "set: {flow.steps.collect.title.ja: 新しい収集, tests: []}\n",
            "utf-8",
        )
        report = load(folders=[ROOT / "packages/municipality", city], actor=SYSTEM)
        assert not report.errors, report.errors
        for draft in sorted(drafts(), key=lambda one: one.kind, reverse=True):
            publish(version_id=draft.id, actor=person("digital.kokai"), note="値上げ")
        return current("procedure", BULKY)

    return raise_fee


def test_a_running_case_keeps_its_version_for_ever(dearer):
    first = current("procedure", BULKY)
    case = send(BULKY, bulky())
    before = {
        "answers": procedures.answers_of(case),
        "bundle": case.definition.bundle,
        "pdf": documents.pdf(procedures.what_it_holds(case)["documents"][0]),
        "total": procedures.sheet_of(case).values["total"],
    }

    second = dearer()
    assert second.number > first.number == 1
    assert second.bundle["flow"]["steps"]["collect"]["title"]["ja"] == "新しい収集"

    old = procedures.Case.objects.get(id=case.id)
    assert before == {
        "answers": procedures.answers_of(old),
        "bundle": old.definition.bundle,
        "pdf": documents.pdf(procedures.what_it_holds(old)["documents"][0]),
        "total": procedures.sheet_of(old).values["total"],
    }
    assert old.definition.digest == first.digest
    old = act(old, "complete", person("kankyo.tanto"), outcome="absent")
    assert active(old) == ["again"]
    day = day_for(procedures.answers_of(old), version=first, first=1, owner=old.owner)
    old = act(old, "correct", applicant(old), answers={"day": day})
    assert [one.amount for one in procedures.what_it_holds(old)["charges"]] == [1800]

    new = send(BULKY, bulky())
    assert procedures.sheet_of(new).values["total"] == 9800
    assert [one.amount for one in procedures.what_it_holds(new)["charges"]] == [9800]


def test_an_unsent_application_is_carried_to_the_new_version(dearer):
    first = current("procedure", BULKY)
    draft = questions.start_draft(
        kind="procedure",
        version=first,
        language="ja",
        answers=bulky(),
        expires_on=today() + timedelta(days=3),
    )

    second = dearer()
    questions.carry(draft=draft, version=second)

    assert draft.version_id == second.id
    assert procedures.form_of(second).evaluate(draft.answers, today=today()).values["total"] == 9800


def test_what_is_open_is_counted_before_a_new_version_is_published(dearer):
    send(BULKY, bulky())

    assert procedures.open_cases(BULKY) == 1
