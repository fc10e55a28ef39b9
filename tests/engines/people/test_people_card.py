"""The My Number card, through a real OpenID provider (the npm package oidc-provider) that the tests run."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from machi.engines.audit.public import history
from machi.engines.people import card
from machi.engines.people.models import Account, CardIdentity, Person
from machi.engines.people.queries import assurance, profile
from machi.engines.people.rules import read_card_address, read_card_birth
from machi.house.up import free_port

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
CLIENT_ID = "joso-city-hall"
CALLBACK = "http://localhost:8000/accounts/card/callback/"
PEOPLE = {
    "yoshino": {
        "acr": "aal3",
        "claims": {
            "name": "𠮷野 健",
            "birthdate": "19711103",
            "gender": "1",
            "address": {"formatted": "茨城県常総市水海道森下町9999番地2"},
        },
    },
    "maria": {
        "acr": "aal3",
        "claims": {"name": "SILVA MARIA APARECIDA", "birthdate": "19900220", "gender": "2"},
    },
    "weak": {"acr": "aal1", "claims": {"name": "暗証番号なし"}},
}
PASSWORD = "kasumi-to-tsukuba"


@pytest.fixture(scope="module")
def card_keys(tmp_path_factory):
    """The data directory in which our client key is made."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def provider(card_keys):
    """The issuer of a provider that runs and knows our client key."""
    from django.conf import settings

    before, settings.DATA = settings.DATA, card_keys
    keys = card.public_keys()
    settings.DATA = before
    port = free_port()
    asked = {"client_id": CLIENT_ID, "redirect_uri": CALLBACK, "jwks": keys, "people": PEOPLE}
    node = subprocess.Popen(
        [NODE, HERE / "provider.mjs", str(port), json.dumps(asked)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    said = node.stdout.readline()
    assert said == "ready\n", node.stderr.read() if node.poll() is not None else said
    yield f"http://localhost:{port}"
    node.terminate()
    node.wait(timeout=10)


@pytest.fixture
def card_on(provider, settings, card_keys, db):
    settings.DATA = card_keys
    settings.CARD = {**settings.CARD, "issuer": provider, "client_id": CLIENT_ID}
    cache.clear()
    return provider


def at_provider(address, choice):
    """Walk through the provider's pages as a browser does; the address to which it sends the reader back."""
    browser = requests.Session()
    page = browser.get(address, timeout=10)
    assert page.status_code == 200, page.text
    answer = browser.get(f"{page.url}?{choice}", allow_redirects=False, timeout=10)
    while not answer.headers["location"].startswith(CALLBACK):
        answer = browser.get(
            requests.compat.urljoin(answer.url, answer.headers["location"]), allow_redirects=False, timeout=10
        )
    return answer.headers["location"].removeprefix("http://localhost:8000")


def with_card(client, person, start="/accounts/card/start/"):
    return client.get(at_provider(client.get(start).url, f"person={person}"))


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_without_a_provider_the_card_is_off_and_its_button_hidden(client, db, settings):
    settings.CARD = {**settings.CARD, "issuer": ""}

    assert "マイナンバーカード" not in words(client.get("/accounts/login/"))
    assert client.get("/accounts/card/start/").status_code == 404
    assert client.get("/accounts/card/keys.json").status_code == 404


def test_the_card_alone_opens_an_account_and_proves_who_one_is(client, card_on):
    assert "マイナンバーカードでログイン" in words(client.get("/accounts/login/"))
    first = with_card(client, "yoshino", "/accounts/card/start/?next=/accounts/sessions/")
    assert first.url == "/accounts/card/first/"
    assert "𠮷野 健さん、このカードを使うのははじめてです。" in words(client.get(first.url))
    assert not Account.objects.exists(), "nothing is kept before the reader says so"

    done = client.post(first.url)
    account = Account.objects.get()

    assert done.url == "/accounts/sessions/"
    assert account.email is None
    assert profile(account) == {
        "name": "𠮷野 健",
        "birth": "1971-11-03",
        "address": {"postal": "", "town": "茨城県常総市水海道森下町", "line": "9999番地2", "building": ""},
        "provenance": {"name": "card", "birth": "card", "town": "card", "line": "card"},
    }
    assert assurance(client.get("/accounts/").wsgi_request) == "card"
    assert [entry.verb for entry in history(f"person:{account.person_id}")] == ["people.proved"]
    assert "𠮷野 健" in words(client.get("/accounts/"))


def test_the_request_carries_pkce_nonce_state_and_the_level_asked(client, card_on):
    asked = parse_qs(urlsplit(client.get("/accounts/card/start/").url).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "name", "address", "birthdate", "gender"}
    assert asked["acr_values"] == ["aal3"]
    assert asked["redirect_uri"] == [CALLBACK]
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    assert "code_verifier" not in asked


def test_the_second_time_the_card_signs_in_at_once_to_the_same_account(client, card_on):
    client.post(with_card(client, "yoshino").url)
    again = Client()
    answer = with_card(again, "yoshino", "/accounts/card/start/?next=/accounts/")

    assert answer.url == "/accounts/"
    assert Account.objects.count() == 1
    assert again.get("/accounts/").status_code == 200


def test_two_cards_are_two_people(client, card_on):
    client.post(with_card(client, "yoshino").url)
    other = Client()
    other.post(with_card(other, "maria").url)

    assert {person.name for person in Person.objects.all()} == {"𠮷野 健", "SILVA MARIA APARECIDA"}


def test_who_is_signed_in_ties_the_card_to_the_account(signed_in, resident, card_on):
    answer = with_card(signed_in, "yoshino")
    resident.refresh_from_db()

    assert answer.url == "/accounts/"
    assert resident.person.name == "𠮷野 健"
    assert resident.person.cards.get().issuer == card_on
    page = signed_in.get("/accounts/")
    assert assurance(page.wsgi_request) == "card"
    assert "マイナンバーカードで本人と確認しました。" in words(page)


def test_a_card_read_before_signing_in_can_be_tied_to_the_account_one_has(client, resident, card_on):
    first = with_card(client, "yoshino").url
    client.post("/accounts/login/", {"login": resident.email, "password": PASSWORD, "next": first})
    assert "今のアカウントにつなぐ" in words(client.get(first))
    client.post(first)
    resident.refresh_from_db()

    assert resident.person.name == "𠮷野 健"
    assert Account.objects.count() == 1


def test_a_card_of_one_account_is_not_tied_to_another(client, resident, card_on):
    other = Client()
    other.post(with_card(other, "yoshino").url)
    client.post("/accounts/login/", {"login": resident.email, "password": PASSWORD})
    answer = with_card(client, "yoshino")
    resident.refresh_from_db()

    assert answer.status_code == 400
    assert "別のアカウントにつながっています" in words(answer)
    assert CardIdentity.objects.get().person.account != resident
    assert resident.person is None or resident.person.name == ""


def test_a_password_opens_nothing_that_only_the_card_opened(client, resident, card_on, settings):
    signed = Client()
    signed.post("/accounts/login/", {"login": resident.email, "password": PASSWORD})
    with_card(signed, "yoshino")
    settings.DEVELOPMENT = False
    client.post("/accounts/login/", {"login": resident.email, "password": PASSWORD})

    assert assurance(signed.get("/accounts/").wsgi_request) == "card"
    assert assurance(client.get("/accounts/").wsgi_request) == "account"


def test_who_gives_up_is_told_how_to_go_on(client, card_on):
    answer = client.get(at_provider(client.get("/accounts/card/start/").url, "cancel"))

    assert answer.status_code == 400
    assert "確認をやめました" in words(answer)
    assert not Account.objects.exists()


def test_a_sign_in_without_the_card_itself_is_too_weak(client, card_on):
    answer = with_card(client, "weak")

    assert answer.status_code == 400
    assert "マイナンバーカードと暗証番号での確認が必要です" in words(answer)
    assert not Person.objects.exists()


def test_an_answer_that_was_not_asked_for_is_refused(client, card_on):
    answer = client.get("/accounts/card/callback/?code=abc&state=forged")

    assert answer.status_code == 400
    assert "はじめからもう一度行ってください" in words(answer)


def test_an_answer_counts_once_and_in_the_browser_that_asked(client, card_on):
    back = at_provider(client.get("/accounts/card/start/").url, "person=yoshino")
    thief = Client()
    thief.get("/accounts/card/start/")

    assert thief.get(back).status_code == 400
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400


def test_one_who_comes_back_after_a_quarter_of_an_hour_begins_anew(client, card_on):
    back = at_provider(client.get("/accounts/card/start/").url, "person=yoshino")
    session = client.session
    session[card.SESSION_KEY] = session[card.SESSION_KEY] | {"at": time.time() - card.FLOW_LASTS - 1}
    session.save()

    assert "時間がたちすぎたか" in words(client.get(back))


def test_a_provider_that_is_away_is_said_plainly(client, card_on, settings):
    settings.CARD = {**settings.CARD, "issuer": f"http://localhost:{free_port()}"}
    answer = client.get("/accounts/card/start/")

    assert answer.status_code == 400
    assert "マイナンバーカードの確認先につながりません" in words(answer)


def test_a_provider_that_does_not_know_our_key_gets_nobody_in(client, card_on, settings, tmp_path):
    address = client.get("/accounts/card/start/").url
    settings.DATA = tmp_path
    answer = client.get(at_provider(address, "person=yoshino"))

    assert answer.status_code == 400
    assert "マイナンバーカードを確認できませんでした" in words(answer)


def test_a_discovery_document_that_names_another_issuer_is_refused(client, card_on, settings):
    settings.CARD = {**settings.CARD, "issuer": card_on.replace("localhost", "127.0.0.1")}

    assert client.get("/accounts/card/start/").status_code == 400


def test_endpoints_may_come_from_the_settings_without_discovery(client, card_on, settings):
    found = requests.get(f"{card_on}/.well-known/openid-configuration", timeout=10).json()
    settings.CARD = {**settings.CARD, **{name: found[name] for name in card.ENDPOINTS}}
    client.post(with_card(client, "maria").url)

    assert Person.objects.get().name == "SILVA MARIA APARECIDA"


def test_the_card_leads_to_our_own_pages_only(client, card_on):
    client.post(with_card(client, "yoshino", "/accounts/card/start/?next=https://evil.example/").url)
    again = Client()

    assert with_card(again, "yoshino", "/accounts/card/start/?next=//evil.example/").url == "/"


def test_our_public_key_is_there_for_the_provider_and_the_private_one_is_not(client, card_on, card_keys):
    (key,) = client.get("/accounts/card/keys.json").json()["keys"]

    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert "d" not in key
    assert (card_keys / "secrets" / "card-client-key.pem").stat().st_mode & 0o077 == 0


ISSUER = "https://issuer.example"


@pytest.fixture
def signer(settings):
    settings.CARD = {**settings.CARD, "issuer": ISSUER, "client_id": CLIENT_ID}
    return ECKey.generate_key("P-256", {"kid": "k1"})


def id_token(key, *, alg="ES256", **changes):
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": "s",
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 300,
        "nonce": "n",
        "acr": "aal3",
    }
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "k1"}, claims, key, algorithms=[alg])


def check(token, *keys):
    public = {"keys": [key.as_dict(private=False) for key in keys]}
    return card.check_id_token(token, keys=public, nonce="n", access_token="t")


def test_a_sound_id_token_is_taken(signer):
    assert check(id_token(signer), signer)["sub"] == "s"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another-city"},
        {"aud": ["another-city", "third"]},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nonce": "other"},
        {"nonce": None},
        {"acr": "aal1"},
        {"acr": None},
        {"sub": None},
    ],
    ids=str,
)
def test_an_id_token_with_one_wrong_claim_is_refused(signer, changes):
    with pytest.raises((JoseError, card.CardFailed)):
        check(id_token(signer, **changes), signer)


def test_an_id_token_signed_by_another_key_is_refused(signer):
    with pytest.raises(JoseError):
        check(id_token(ECKey.generate_key("P-256", {"kid": "k1"})), signer)


def test_an_id_token_signed_in_another_way_is_refused(signer):
    rsa = RSAKey.generate_key(2048, {"kid": "k1"})

    with pytest.raises(JoseError):
        check(id_token(rsa, alg="RS256"), rsa)


@pytest.mark.parametrize(
    ("address", "town", "line"),
    [
        ("茨城県常総市水海道諏訪町3222番地3", "茨城県常総市水海道諏訪町", "3222番地3"),
        ({"formatted": "茨城県常総市本石下４６３９"}, "茨城県常総市本石下", "４６３９"),
        (
            {"region": "茨城県", "locality": "常総市", "street_address": "新石下1-2"},
            "茨城県常総市新石下",
            "1-2",
        ),
        ("番地のない住所", "番地のない住所", ""),
        (None, "", ""),
    ],
)
def test_an_address_is_cut_before_its_number_and_loses_nothing(address, town, line):
    assert read_card_address(address) == (town, line)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("19711103", "1971-11-03"), ("1971-11-03", "1971-11-03"), ("1971", ""), ("19711399", ""), (None, "")],
)
def test_a_birthday_is_read_in_both_spellings(text, iso):
    assert read_card_birth(text) == iso
