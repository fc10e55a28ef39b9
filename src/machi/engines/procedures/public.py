"""The door of the procedures engine."""

from machi.engines.procedures.accounts import account_errors, account_notes, accounts_offered
from machi.engines.procedures.actions import (
    NotAllowed,
    Sender,
    Stale,
    command,
    mail_link_again,
    new_command_id,
    submit,
)
from machi.engines.procedures.answers import digest_of
from machi.engines.procedures.consents import changed_since_last_round
from machi.engines.procedures.hours import free_hours
from machi.engines.procedures.links import link_to, token_of
from machi.engines.procedures.listening import listen
from machi.engines.procedures.models import ENDED, Case, Decision, Publication, Step
from machi.engines.procedures.printing import form_pdf
from machi.engines.procedures.queries import (
    Possible,
    answers_of,
    asked_step,
    case_of_account,
    case_of_reference,
    case_of_token,
    case_sent_from,
    cases_drafted,
    cases_of,
    ceiling,
    changes_since,
    next_for_applicant,
    often_sent,
    open_cases,
    possible,
    public_timeline,
    publications,
    queue,
    reason_not_to_withdraw,
    recent_changes,
    timeline,
    visible_cases,
    waiting_counts,
    what_it_holds,
)
from machi.engines.procedures.rights import may, may_export
from machi.engines.procedures.rules import Refused
from machi.engines.procedures.scenarios import outcomes_of, played, walk
from machi.engines.procedures.scope import form_of, sheet_of, step_form
from machi.engines.procedures.slots import free_days, hold_chosen

__all__ = [
    "ENDED",
    "Case",
    "Decision",
    "NotAllowed",
    "Possible",
    "Publication",
    "Refused",
    "Sender",
    "Stale",
    "Step",
    "account_errors",
    "account_notes",
    "accounts_offered",
    "answers_of",
    "asked_step",
    "case_of_account",
    "case_of_reference",
    "case_of_token",
    "case_sent_from",
    "cases_drafted",
    "cases_of",
    "ceiling",
    "changed_since_last_round",
    "changes_since",
    "command",
    "digest_of",
    "form_of",
    "form_pdf",
    "free_days",
    "free_hours",
    "hold_chosen",
    "link_to",
    "listen",
    "mail_link_again",
    "may",
    "may_export",
    "new_command_id",
    "next_for_applicant",
    "often_sent",
    "open_cases",
    "outcomes_of",
    "played",
    "possible",
    "public_timeline",
    "publications",
    "queue",
    "reason_not_to_withdraw",
    "recent_changes",
    "sheet_of",
    "step_form",
    "submit",
    "timeline",
    "token_of",
    "visible_cases",
    "waiting_counts",
    "walk",
    "what_it_holds",
]
