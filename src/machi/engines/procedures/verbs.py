"""What may be done to a case: the closed list of verbs. Each runs inside a command, with the case locked.

A verb says who may use it (`need`: a right of staff, "applicant", "system",
"in_turn", "later" or "adds" for the posts of an approval, "drafter", "cosigner"), and in which statuses.
"""

from collections.abc import Callable
from dataclasses import dataclass

from machi.engines.procedures import approving, cosigning, handling, merging, turns
from machi.engines.procedures.models import ENDED, STATUSES

OPEN = tuple(status for status in STATUSES if status not in ENDED)


@dataclass(frozen=True)
class Verb:
    """One verb: its work, who may use it, when."""

    do: Callable
    need: str
    statuses: tuple = OPEN


VERBS = {
    "claim": Verb(handling.claim, "procedures.handle"),
    "release": Verb(handling.release, "procedures.handle"),
    "note": Verb(handling.note, "procedures.handle", (*OPEN, "closed", "withdrawn")),
    "transfer": Verb(handling.transfer, "procedures.handle"),
    "ask_correction": Verb(handling.ask_correction, "procedures.handle"),
    "complete": Verb(handling.complete, "procedures.handle"),
    "decide": Verb(handling.decide, "procedures.decide"),
    "approve": Verb(approving.mark("approve"), "in_turn"),
    "disagree": Verb(approving.mark("disagree"), "in_turn"),
    "send_back": Verb(approving.mark("send_back"), "in_turn"),
    "reject": Verb(approving.mark("reject"), "in_turn"),
    "hold": Verb(approving.mark("hold"), "in_turn"),
    "acknowledge": Verb(approving.acknowledge, "in_turn", STATUSES),
    "pull_up": Verb(approving.mark("pull_up"), "later"),
    "recall": Verb(approving.recall, "drafter"),
    "reroute": Verb(approving.reroute, "approvals.reroute"),
    "add_place": Verb(approving.add_place, "adds"),
    "remove_place": Verb(approving.remove_place, "drafter"),
    "void": Verb(turns.void, "procedures.void"),
    "reopen": Verb(turns.reopen, "procedures.decide", ("closed",)),
    "merge": Verb(merging.merge, "procedures.handle"),
    "unmerge": Verb(merging.unmerge, "procedures.handle", ("closed",)),
    "link": Verb(merging.link, "procedures.handle", (*OPEN, "closed", "withdrawn")),
    "unlink": Verb(merging.unlink, "procedures.handle", (*OPEN, "closed", "withdrawn")),
    "take_payment": Verb(turns.take_payment, "payments.receive", (*OPEN, "closed")),
    "withdraw_document": Verb(turns.withdraw_document, "documents.withdraw", (*OPEN, "closed")),
    "take_back": Verb(turns.take_back, "procedures.publish", (*OPEN, "closed")),
    "consent": Verb(cosigning.consent, "cosigner"),
    "refuse_consent": Verb(cosigning.refuse_consent, "cosigner"),
    "consent_on_paper": Verb(cosigning.consent_on_paper, "procedures.handle"),
    "readdress": Verb(cosigning.readdress, "applicant"),
    "correct": Verb(turns.correct, "applicant", ("awaiting_applicant", "decided")),
    "withdraw": Verb(turns.withdraw, "applicant"),
    "fire": Verb(turns.fire, "system"),
}
