"""Addresses that open one case: the signed link that people without an account get by mail."""

from django.conf import settings
from django.core import signing

_signer = signing.Signer(salt="machi.case", sep="~")
PARTY_SIGNER = signing.Signer(salt="machi.party", sep="~")


def link_to(case):
    """The address of the case for whom it concerns. Raising the case's link round voids all older links."""
    if case.drafter:
        return f"{settings.PUBLIC_URL}/desk/start/cases/{case.id}/"
    if case.account_id:
        return f"{settings.PUBLIC_URL}/cases/{case.id}/"
    return f"{settings.PUBLIC_URL}/c/{token_of(case)}/"


def token_of(case):
    """The secret part of the link."""
    return _signer.sign(f"{case.id.hex}.{case.link_round}")


def read_token(token):
    """(case id, round) if the token is genuine, else None."""
    try:
        case_id, _dot, turn = _signer.unsign(token).partition(".")
    except signing.BadSignature:
        return None
    return case_id, int(turn)


def link_to_sign(party):
    """The address at which a co-signer answers; raising the party's link round voids all older ones."""
    return f"{settings.PUBLIC_URL}/s/{PARTY_SIGNER.sign(f'{party.id.hex}.{party.link_round}')}/"


def link_at_desk(case):
    """Where staff open the case."""
    return f"{settings.PUBLIC_URL}/desk/cases/{case.id}/"
