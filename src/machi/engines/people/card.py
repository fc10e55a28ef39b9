"""The My Number card: sign-in and proof through its OpenID provider (デジタル認証アプリ).

OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636, S256), private_key_jwt (RFC 7523,
ES256), state and nonce; the ID token is ES256. Where the provider is stands in settings.CARD; without an
issuer all of this is off. Since August 2026 the provider's app is part of マイナアプリ.
"""

import os
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet
from requests import RequestException

from machi.engines.people.rules import read_card_address, read_card_birth

SCOPE = "openid name address birthdate gender"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
SESSION_KEY = "people_card"
WAIT = 10  # seconds for one answer of the provider
KEEP = 3600  # seconds that endpoints and keys of the provider are kept
FLOW_LASTS = 15 * 60  # seconds between setting out and coming back
LEEWAY = 30  # seconds that clocks may differ

CANCELLED = _("マイナンバーカードでの確認をやめました。もう一度行うときは、ボタンを押してください。")
EXPIRED = _("時間がたちすぎたか、別の画面で行われました。はじめからもう一度行ってください。")
UNREACHABLE = _("マイナンバーカードの確認先につながりません。しばらくしてから、もう一度お試しください。")
REFUSED = _(
    "マイナンバーカードを確認できませんでした。もう一度お試しください。続くときは市役所にお問い合わせください。"
)
WEAK = _("マイナンバーカードと暗証番号での確認が必要です。カードを使ってもう一度行ってください。")


class CardFailed(Exception):
    """The card proved nothing. `message` is for the reader, the text of the exception for the log."""

    def __init__(self, message, reason):
        super().__init__(reason)
        self.message = message


@dataclass(frozen=True)
class Identity:
    """What the card proves: `sub` names the person to our service only; `birth` is ISO; "" is not known."""

    issuer: str
    sub: str
    name: str = ""
    town: str = ""
    line: str = ""
    birth: str = ""
    gender: str = ""

    def known(self):
        """The values as fields of Person; what the card did not say is left out."""
        values = {"name": self.name, "town": self.town, "line": self.line}
        if self.town or self.line:
            values["building"] = ""
        if self.birth:
            values["birth"] = date.fromisoformat(self.birth)
        return {key: value for key, value in values.items() if value or key == "building"}

    def as_dict(self):
        """JSON-able form, for the session."""
        return asdict(self)


def is_on():
    """Whether the card can be used here."""
    return bool(settings.CARD["issuer"] and settings.CARD["client_id"])


def begin(session, *, next_url=""):
    """The address to send the reader to; `session` keeps what must be the same on return. Or CardFailed."""
    flow = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "next": next_url,
        "at": time.time(),
    }
    address, _state = _client().create_authorization_url(
        _provider()["authorization_endpoint"],
        state=flow["state"],
        nonce=flow["nonce"],
        code_verifier=flow["verifier"],
        acr_values=settings.CARD["acr_values"],
    )
    session[SESSION_KEY] = flow
    return address


def finish(session, answer):
    """(Identity, next address) proved by the provider's `answer`, the callback's query. Raises CardFailed."""
    flow = session.pop(SESSION_KEY, None)
    if flow is None or not secrets.compare_digest(answer.get("state", ""), flow["state"]):
        raise CardFailed(EXPIRED, "state is not ours")
    if time.time() - flow["at"] > FLOW_LASTS:
        raise CardFailed(EXPIRED, "came back too late")
    if "error" in answer:
        message = CANCELLED if answer["error"] in ("access_denied", "interaction_required") else REFUSED
        raise CardFailed(message, f"provider says {answer['error']}")
    try:
        return _identity(answer.get("code", ""), flow), flow["next"]
    except RequestException as fault:
        raise CardFailed(UNREACHABLE, f"no answer: {type(fault).__name__}") from fault
    except (OAuthError, JoseError, KeyError, TypeError, ValueError) as fault:
        raise CardFailed(REFUSED, f"{type(fault).__name__}: {fault}") from fault


def public_keys():
    """Our public key set (JWKS), which the provider reads or is given at registration."""
    key = client_key()
    return {"keys": [key.as_dict(private=False) | {"kid": key.thumbprint(), "use": "sig", "alg": "ES256"}]}


def client_key():
    """Our private key (P-256), made at first use and kept with the installation's secrets."""
    path = settings.DATA / "secrets" / "card-client-key.pem"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
        with suppress(FileExistsError):  # whoever is first wins; the other process uses that key
            os.link(draft, path)
        draft.unlink()
    return ECKey.import_key(path.read_bytes())


def check_id_token(token, *, keys, nonce, access_token):
    """The claims of an ID token after every check that the standard asks for.

    `keys` is the provider's key set. Raises JoseError, or CardFailed when the card itself was not used (acr).
    """
    read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"])
    claims = CodeIDToken(
        read.claims,
        read.header,
        {"iss": {"essential": True, "value": settings.CARD["issuer"]}, "nonce": {"essential": True}},
        {"client_id": settings.CARD["client_id"], "nonce": nonce, "access_token": access_token},
    )
    claims.validate(leeway=LEEWAY)
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if settings.CARD["client_id"] not in audience or claims.get("nonce") != nonce:
        raise CardFailed(REFUSED, "token is not for us")
    if settings.CARD["acr"] not in str(claims.get("acr", "")).split():
        raise CardFailed(WEAK, f"acr is {claims.get('acr')}")
    return claims


def _identity(code, flow):
    client = _client()
    token = client.fetch_token(
        _provider()["token_endpoint"], code=code, code_verifier=flow["verifier"], timeout=WAIT
    )
    claims = _checked(token, flow["nonce"])
    answer = client.get(_provider()["userinfo_endpoint"], timeout=WAIT)
    answer.raise_for_status()
    about = answer.json()
    if about.get("sub") != claims["sub"]:
        raise CardFailed(REFUSED, "userinfo is about somebody else")
    town, line = read_card_address(about.get("address"))
    return Identity(
        issuer=claims["iss"],
        sub=claims["sub"],
        name=about.get("name") or "",
        town=town,
        line=line,
        birth=read_card_birth(about.get("birthdate")),
        gender=str(about.get("gender") or ""),
    )


def _checked(token, nonce):
    arguments = {"nonce": nonce, "access_token": token["access_token"]}
    try:
        return check_id_token(token["id_token"], keys=_keys(), **arguments)
    except (InvalidKeyIdError, ValueError):  # the provider has a new key
        return check_id_token(token["id_token"], keys=_keys(fresh=True), **arguments)


def _client():
    auth = PrivateKeyJWT(
        headers={"kid": client_key().thumbprint()}, claims={"exp": int(time.time()) + 60}, alg="ES256"
    )
    client = OAuth2Session(
        settings.CARD["client_id"],
        client_key(),
        scope=SCOPE,
        redirect_uri=settings.PUBLIC_URL + reverse("people:card_callback"),
        code_challenge_method="S256",
        token_endpoint_auth_method="private_key_jwt",  # noqa: S106 — the name of a method
    )
    client.register_client_auth_method(auth)
    return client


def _provider():
    """The provider's endpoints: from the settings, else from its document (OpenID Connect Discovery 1.0)."""
    given = {name: settings.CARD[name] for name in ENDPOINTS if settings.CARD[name]}
    if len(given) == len(ENDPOINTS):
        return given
    issuer = settings.CARD["issuer"]
    found = _read(f"{issuer}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise CardFailed(UNREACHABLE, f"discovery names another issuer: {found.get('issuer')}")
    return {name: found[name] for name in ENDPOINTS} | given


def _keys(*, fresh=False):
    return _read(_provider()["jwks_uri"], fresh=fresh)


def _read(address, *, fresh=False):
    """The JSON at `address`, kept for an hour."""
    found = None if fresh else cache.get(f"people-card:{address}")
    if found is None:
        try:
            answer = OAuth2Session().get(address, timeout=WAIT, withhold_token=True)
            answer.raise_for_status()
            found = answer.json()
        except (RequestException, ValueError) as fault:
            raise CardFailed(UNREACHABLE, f"{urlsplit(address).netloc}: {type(fault).__name__}") from fault
        cache.set(f"people-card:{address}", found, KEEP)
    return found
