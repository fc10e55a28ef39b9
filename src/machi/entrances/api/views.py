"""The API: other programs list procedures, submit, and follow a case.

Reading the catalogue is open. Submitting needs a program's key (`X-API-Key`); following needs the case's own
token.
"""

import re
from functools import wraps
from urllib.parse import urlencode
from uuid import uuid5

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Query, Status
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from ninja.errors import ValidationError as NinjaValidationError
from pydantic import JsonValue

from machi.engines.audit.define import Actor
from machi.engines.definitions.public import current, current_all
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.api import catalogue, hooks
from machi.entrances.api.auth import CaseToken, ProgramKey
from machi.entrances.api.schemas import (
    AnswersIn,
    CaseOut,
    DayOut,
    Paging,
    Problem,
    ProcedureDetail,
    ProcedureOut,
    SubmissionIn,
    Submitted,
)
from machi.ground.calendar import TOKYO, today

MOST_BYTES = 512 * 1024  # of one request
NO_SUCH = {"message": "There is no such procedure."}
CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


api = NinjaAPI(
    title="Machi API",
    version="1",
    description="Procedures of the city: the catalogue, submitting, following a case, and being told of cases.",
    urls_namespace="api",
    docs_url=None,
)
api.add_router("/webhooks", hooks.router)


@api.exception_handler(NinjaValidationError)
def not_valid(request, error):
    """A request that does not fit the description: said field by field."""
    errors = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors}
    return _problem(request, 422, "The request does not fit the description.", errors)


@api.exception_handler(HttpError)
def refused(request, error):
    """Every refusal has the same form."""
    return _problem(request, error.status_code, str(error))


def _problem(request, status, message, errors=None):
    return api.create_response(request, {"message": message, "errors": errors or {}}, status=status)


def bounded(view):
    """Refuse a body that is too large before anybody reads it."""

    @wraps(view)
    def judged(request, *args, **kwargs):
        try:
            too_long = len(request.body) > MOST_BYTES
        except RequestDataTooBig:
            too_long = True
        if too_long:
            return _problem(request, 413, f"The request is longer than {MOST_BYTES} bytes.")
        return view(request, *args, **kwargs)

    return judged


@api.get(
    "/procedures",
    response={200: list[ProcedureOut], 304: None, 422: Problem},
    summary="The catalogue: procedures that residents may start",
)
@decorate_view(conditional_page)
def list_procedures(request, response: HttpResponse, page: Query[Paging]):
    """All published public procedures, by code. A `Link` header leads to the next page; `ETag` spares what is known."""
    return [catalogue.entry(version) for version in _page(request, response, page)]


@api.get(
    "/procedures/{code}",
    response={200: ProcedureDetail, 304: None, 404: Problem},
    summary="One procedure, with the JSON Schema of its answers",
)
@decorate_view(conditional_page)
def get_procedure(request, code: str):
    """One procedure."""
    version = _public(code)
    if version is None:
        return Status(404, NO_SUCH)
    form = version.bundle["form"]
    facts = version.bundle["facts"]
    return Status(200, {**catalogue.entry(version), "facts": facts, "answers": questions.schema(form)})


@api.get(
    "/schemes",
    response={200: list[dict[str, JsonValue]], 304: None, 422: Problem},
    summary="The same catalogue in the form of the government's interoperability framework (GIF, 451-4-1)",
)
@decorate_view(conditional_page)
def list_schemes(request, response: HttpResponse, page: Query[Paging]):
    """Procedures in the fields of GIF, in Japanese; fields that a procedure says nothing about are left out."""
    return [catalogue.scheme(version) for version in _page(request, response, page)]


@api.get(
    "/schemes/{code}",
    response={200: dict[str, JsonValue], 304: None, 404: Problem},
    summary="One procedure in the fields of GIF (451-4-1)",
)
@decorate_view(conditional_page)
def get_scheme(request, code: str):
    """One procedure in the fields of GIF."""
    version = _public(code)
    return Status(404, NO_SUCH) if version is None else Status(200, catalogue.scheme(version))


def _page(request, response, page):
    """The versions of one page; the response is told how many there are, and where the next ones are."""
    found = [version for version in current_all("procedure") if _is_public(version)]
    after = page.offset + page.limit
    response["X-Total-Count"] = str(len(found))
    if after < len(found):
        query = urlencode({"limit": page.limit, "offset": after})
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{query}>; rel="next"'
    return found[page.offset : after]


@api.post(
    "/procedures/{code}/days",
    response={200: dict[str, list[DayOut]], 400: Problem, 404: Problem, 413: Problem, 422: Problem},
    summary="Days with room for these answers, by field",
)
@decorate_view(bounded)
def free_days(request, code: str, data: AnswersIn):
    """What can be chosen now; nothing is held until the application is submitted."""
    version = _public(code)
    if version is None:
        return Status(404, NO_SUCH)
    form = procedures.form_of(version)
    sheet = form.evaluate(data.answers, today=today())
    days = {
        question.key: procedures.free_days(version, sheet, question.field.pool)
        for question in form.fields
        if question.field.type == "slot"
    }
    return Status(200, days)


@api.post(
    "/procedures/{code}/cases",
    response={
        201: Submitted,
        400: Problem,
        401: Problem,
        403: Problem,
        404: Problem,
        413: Problem,
        422: Problem,
    },
    auth=ProgramKey(),
    summary="Submit an application",
)
@decorate_view(bounded)
def submit(request, code: str, data: SubmissionIn):
    """Submit an application, as a program on behalf of a person whose contact is in the answers."""
    version, program = _public(code), request.auth
    if version is None:
        return Status(404, NO_SUCH)
    if program.procedures and code not in program.procedures:
        return Status(403, {"message": "This program may not submit this procedure."})
    with translation.override(data.language):
        return _submit(version, program, data)


def _submit(version, program, data):
    accepted = questions.accept(version.bundle["form"], data.answers, today=today())
    if accepted.errors:
        return _not_so("The answers do not stand.", accepted.errors)
    program_itself = Actor(kind="machine", name=program.name)
    try:
        case = procedures.submit(
            version=version,
            answers=accepted.answers,
            sender=procedures.Sender(
                actor=program_itself, assurance="contact", language=data.language, origin="api"
            ),
            command_id=uuid5(data.command_id, program.name),
        )
    except procedures.Refused as reason:
        return _not_so(reason.message, reason.errors)
    return Status(201, {"token": procedures.token_of(case), "case": _case(case)})


def _not_so(message, errors):
    return Status(422, {"message": message, "errors": {path: str(said) for path, said in errors.items()}})


@api.get("/case", response={200: CaseOut, 401: Problem}, auth=CaseToken(), summary="Follow a case")
def follow(request):
    """The case whose token was sent."""
    return Status(200, _case(request.auth))


def _public(code):
    """The published procedure that residents may start, or None."""
    version = current("procedure", code) if CODE.fullmatch(code) else None
    return version if version and _is_public(version) else None


def _is_public(version):
    return version.bundle["audience"] == "public"


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
        "submitted_at": case.submitted_at.astimezone(TOKYO),
        "due_on": case.due_on,
        "closed_at": case.closed_at and case.closed_at.astimezone(TOKYO),
        "events": [
            {"seq": event.seq, "verb": event.verb, "at": event.at.astimezone(TOKYO)} for event in events
        ],
    }
