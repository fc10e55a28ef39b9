"""What becomes of the duplicates that go on in another case."""

from machi.engines.procedures import flow
from machi.engines.procedures.telling import answer_of, notify

RESULT = "notice/general.result"


def tell_merged(run):
    """The case has its result: those who sent a duplicate of it hear the same."""
    for link in merged_into(run.case):
        follower = flow.begin(link.case, run.actor)
        notify(follower, RESULT, f"result_of:{run.case.id}:{run.case.revision}", answer=answer_of(run))
        tell_merged(follower)


def merged_into(case):
    """The duplicates that go on in this case (Link, its `case` with it), oldest first."""
    return case.linked_from.filter(kind="merged", undone_at=None).select_related("case__version").order_by("at")
