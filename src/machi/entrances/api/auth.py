"""Who calls: a program by its key, or whoever holds the token of a case."""

from ninja.security import APIKeyHeader, HttpBearer

from machi.engines.procedures import public as procedures
from machi.entrances.api.actions import program_of


class ProgramKey(APIKeyHeader):
    """The key of a program that may submit."""

    param_name = "X-API-Key"

    def authenticate(self, request, key):
        return program_of(key)


class CaseToken(HttpBearer):
    """The token of one case."""

    def authenticate(self, request, token):
        return procedures.case_of_token(token)
