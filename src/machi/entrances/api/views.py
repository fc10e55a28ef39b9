"""The API: other programs list procedures, submit, and follow a case.

Reading the catalogue is open. Submitting needs a program's key (`X-API-Key`); following needs the case's own token.
"""

from uuid import uuid5

from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as NinjaValidationError
from ninja.security import APIKeyHeader, HttpBearer

from machi.engines.audit.define import Actor
from machi.engines.definitions.public import current, current_all
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.api.actions import program_of
from machi.entrances.api.schemas import (
    AnswersIn,
    CaseOut,
    DayOut,
    Problem,
    ProcedureDetail,
    ProcedureOut,
    SubmissionIn,
    Submitted,
)
from machi.ground.calendar import today

MOST_ANSWER_BYTES = 512 * 1024


class ProgramKey(APIKeyHeader):
    """The key of a program that may submit."""

    param_name = "X-API-Key"

    def authenticate(self, request, key):
        return program_of(key)


class CaseToken(HttpBearer):
    """The token of one case."""

    def authenticate(self, request, token):
        return procedures.case_of_token(token)


api = NinjaAPI(
    title="Machi API",
    version="1",
    description="Procedures of the city: the catalogue, submitting, and following a case.",
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(NinjaValidationError)
def not_valid(request, error):
    """A request that does not fit the description: said field by field."""
    errors = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors}
    return api.create_response(request, {"message": "The request does not fit the description.", "errors": errors}, status=422)


@api.exception_handler(HttpError)
def refused(request, error):
    """Every refusal has the same form."""
    return api.create_response(request, {"message": str(error), "errors": {}}, status=error.status_code)


@api.get("/procedures", response=list[ProcedureOut], summary="Procedures that residents may start")
def list_procedures(request):
    """All published public procedures."""
    return [_short(version) for version in current_all("procedure") if version.bundle["audience"] == "public"]


@api.get(
    "/procedures/{code}",
    response={200: ProcedureDetail, 404: Problem},
    summary="One procedure, with the JSON Schema of its answers",
)
def get_procedure(request, code: str):
    """One procedure."""
    version = _public(code)
    if version is None:
        return 404, {"message": "There is no such procedure."}
    return 200, {**_short(version), "facts": version.bundle["facts"], "answers": questions.schema(version.bundle["form"])}


@api.post(
    "/procedures/{code}/days",
    response={200: dict[str, list[DayOut]], 404: Problem},
    summary="Days with room for these answers, by field",
)
def free_days(request, code: str, data: AnswersIn):
    """What can be chosen now; nothing is held until the application is submitted."""
    version = _public(code)
    if version is None:
        return 404, {"message": "There is no such procedure."}
    form = procedures.form_of(version)
    sheet = form.evaluate(data.answers, today=today())
    return 200, {
        question.key: procedures.free_days(version, sheet, question.field.pool)
        for question in form.fields
        if question.field.type == "slot"
    }


@api.post(
    "/procedures/{code}/cases",
    response={201: Submitted, 401: Problem, 403: Problem, 404: Problem, 413: Problem, 422: Problem},
    auth=ProgramKey(),
    summary="Submit an application",
)
def submit(request, code: str, data: SubmissionIn):
    """Submit an application, as a program on behalf of a person whose contact is in the answers."""
    version, program = _public(code), request.auth
    if version is None:
        return 404, {"message": "There is no such procedure."}
    if program.procedures and code not in program.procedures:
        return 403, {"message": "This program may not submit this procedure."}
    if len(request.body) > MOST_ANSWER_BYTES:
        return 413, {"message": "The answers are too long."}
    with translation.override(data.language):
        return _submit(version, program, data)


def _submit(version, program, data):
    accepted = questions.accept(version.bundle["form"], data.answers, today=today())
    if accepted.errors:
        return 422, {"message": "The answers do not stand.", "errors": {k: str(v) for k, v in accepted.errors.items()}}
    sender = procedures.Sender(
        actor=Actor(kind="machine", name=program.name), assurance="contact", language=data.language, origin="api"
    )
    try:
        case = procedures.submit(
            version=version,
            answers=accepted.answers,
            sender=sender,
            command_id=uuid5(data.command_id, program.name),
        )
    except procedures.Refused as reason:
        return 422, {"message": reason.message, "errors": {k: str(v) for k, v in reason.errors.items()}}
    return 201, {"token": procedures.token_of(case), "case": _case(case)}


@api.get("/case", response={200: CaseOut, 401: Problem}, auth=CaseToken(), summary="Follow a case")
def follow(request):
    """The case whose token was sent."""
    return 200, _case(request.auth)


def _public(code):
    version = current("procedure", code)
    return version if version and version.bundle["audience"] == "public" else None


def _short(version):
    bundle = version.bundle
    return {
        "code": version.code,
        "version": version.number,
        "title": bundle["title"],
        "summary": bundle["summary"],
        "door": bundle["door"],
        "assurance": bundle["assurance"],
    }


def _case(case):
    events = procedures.public_timeline(case)
    return {
        "id": case.id,
        "reference": case.reference,
        "number": case.number,
        "procedure": case.code,
        "version": case.definition.number,
        "status": case.status,
        "result": case.result,
        "submitted_at": case.submitted_at,
        "due_on": case.due_on,
        "closed_at": case.closed_at,
        "events": [{"seq": event.seq, "verb": event.verb, "at": event.at} for event in events],
    }
