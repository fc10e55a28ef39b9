"""What keeps the queue quick: a step knows its procedure, a case the keys by which it is searched."""

from fixtures import cases
from machi.engines.procedures.public import Case, Step, queue
from machi.ground.text import search_key


def test_an_open_step_knows_the_procedure_of_its_case(joso):
    case = cases.send(cases.VOICE, cases.voice())

    assert set(Step.objects.filter(case=case).values_list("code", flat=True)) == {cases.VOICE}
    assert [step.case for step in queue(cases.person("hisho.tanto"))] == [case]


def test_a_case_is_found_by_its_name_however_that_is_written(joso):
    case = cases.send(cases.VOICE, cases.voice(name="髙﨑 美咲", heading="ゴミ集積所"))
    found = [
        written
        for written in ("高崎美咲", "髙﨑", "ごみ集積所", case.number, case.reference.lower(), "田中")
        if Case.objects.filter(words__contains=search_key(written)).exists()
    ]

    assert found == ["高崎美咲", "髙﨑", "ごみ集積所", case.number, case.reference.lower()]
