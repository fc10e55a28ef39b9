"""A citizen's voice from wish to published answer."""

from fixtures.cases import VOICE, act, active, path, person, send, voice
from machi.engines.audit.public import verify
from machi.engines.procedures import public as procedures


def test_a_voice_is_answered_and_published_without_its_author(joso):
    case = send(VOICE, voice(wants_answer=True, email="a@joso.example", may_publish=True, name="山本 花"))
    clerk, chief = person("doro.tanto"), person("doro.kacho")

    assert (case.unit, case.status, active(case)) == ("roads", "working", ["answer"])
    case = act(case, "claim", clerk)
    case = act(case, "complete", clerk, outcome="propose", answers={"answer": "直します。"})
    case = act(case, "decide", chief, outcome="approved")
    case = act(case, "complete", clerk, outcome="publish", answers={"question": "道", "reply": "直します。"})

    assert (case.status, case.result, case.revision) == ("closed", "completed", 5)
    assert path(case) == ["receive", "answer", "approve", "tell", "redact", "publish", "done"]
    assert verify(case.owner) == []
    published = procedures.publications().get(case=case)
    assert (published.question, published.answer) == ("道", "直します。")
