"""The API's description is true: a stranger's tool reads it and tries what it says."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from fixtures.cases import VOICE, send, voice
from machi.engines.procedures import public as procedures
from machi.entrances.api.actions import let_in

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def description(client):
    return client.get("/api/v1/openapi.json")


def test_the_description_is_openapi_and_names_every_address(client, joso):
    answer = description(client)

    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/json")
    said = answer.json()
    assert said["openapi"].startswith("3.1")
    assert set(said["paths"]) == {
        "/api/v1/procedures",
        "/api/v1/schemes",
        "/api/v1/schemes/{code}",
        "/api/v1/webhooks",
        "/api/v1/webhooks/{webhook_id}",
        "/api/v1/webhooks/{webhook_id}/secret",
        "/api/v1/procedures/{code}",
        "/api/v1/procedures/{code}/days",
        "/api/v1/procedures/{code}/cases",
        "/api/v1/case",
    }
    for path, verbs in said["paths"].items():
        for verb in verbs.values():
            assert verb["summary"] and verb["operationId"], path


OPERATIONS = (
    ("GET", "/api/v1/procedures"),
    ("GET", "/api/v1/procedures/{code}"),
    ("GET", "/api/v1/schemes"),
    ("GET", "/api/v1/schemes/{code}"),
    ("GET", "/api/v1/webhooks"),
    ("POST", "/api/v1/webhooks"),
    ("POST", "/api/v1/webhooks/{webhook_id}/secret"),
    ("DELETE", "/api/v1/webhooks/{webhook_id}"),
    ("POST", "/api/v1/procedures/{code}/days"),
    ("POST", "/api/v1/procedures/{code}/cases"),
    ("GET", "/api/v1/case"),
)
TRIES = settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("known", [False, True])
def test_it_does_what_its_description_says(live_joso, known):
    from machi.house.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    headers = {"Accept-Encoding": "identity"}
    if known:
        token = procedures.token_of(send(VOICE, voice()))
        headers |= {"X-API-Key": let_in(name="試験"), "Authorization": f"Bearer {token}"}
    for method, path in OPERATIONS:
        operation = schema[path][method]

        @TRIES
        @given(case=operation.as_strategy())
        def attempt(case):
            if known and "code" in (case.path_parameters or {}):
                case.path_parameters["code"] = VOICE
            case.call_and_validate(headers=headers, checks=CHECKS)

        attempt()
