"""Passkeys in a real browser (Chromium) with a virtual authenticator, as WebAuthn's own tests use it."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from machi.engines.people.actions import invite
from machi.engines.people.models import AccountMail

PASSWORD = "kasumi-to-tsukuba"


@pytest.fixture
def town_of_one(live_server, settings):
    """The address of a running server; passkeys are for the name localhost."""
    settings.PUBLIC_URL = live_server.url
    return live_server.url


def with_authenticator(page, *, verified=True):
    """Give the page's browser a fingerprint reader that says yes (or no)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    found = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda: cdp.send("WebAuthn.getCredentials", found)["credentials"]


def sign_in(page, url, account, path="/accounts/login/"):
    page.goto(url + path)
    page.fill("#login", account.email)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


def add_passkey(page, url, name):
    page.goto(url + "/accounts/passkeys/add/")
    if "reauthenticate" in page.url:
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="次へ").click()
    page.fill("#name", name)
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/passkeys/")


def sign_out(page, url):
    page.goto(url + "/accounts/")
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url(url + "/")


def test_a_resident_makes_a_passkey_and_signs_in_with_nothing_else(
    town_of_one, transactional_db, resident, phone
):
    stored = with_authenticator(phone)
    sign_in(phone, town_of_one, resident)
    add_passkey(phone, town_of_one, "わたしのスマートフォン")
    phone.get_by_text("わたしのスマートフォン").wait_for()
    phone.get_by_text("パスキーを作りました。").wait_for()
    assert len(stored()) == 1
    assert AccountMail.objects.filter(to=resident.email, subject__contains="パスキーが増えました").exists()

    sign_out(phone, town_of_one)
    phone.goto(town_of_one + "/accounts/login/?next=/accounts/")
    phone.click("#passkey_login")
    phone.wait_for_url("**/accounts/")

    phone.get_by_text(resident.email).first.wait_for()
    assert Authenticator.objects.get().last_used_at is not None


def test_a_password_alone_still_opens_the_door_of_a_resident_who_lost_the_phone(
    town_of_one, transactional_db, resident, phone
):
    with_authenticator(phone)
    sign_in(phone, town_of_one, resident)
    add_passkey(phone, town_of_one, "なくす電話")

    answer = Client().post("/accounts/login/", {"login": resident.email, "password": PASSWORD})

    assert answer.url == "/"


def test_a_finger_that_does_not_fit_gets_nobody_in_and_says_so(
    town_of_one, transactional_db, resident, phone
):
    with_authenticator(phone, verified=False)
    phone.goto(town_of_one + "/accounts/login/")
    phone.click("#passkey_login")

    phone.get_by_text("パスキーを使えませんでした。").wait_for()
    assert "/accounts/login/" in phone.url


def test_a_removed_passkey_opens_nothing(town_of_one, transactional_db, resident, phone):
    with_authenticator(phone)
    sign_in(phone, town_of_one, resident)
    add_passkey(phone, town_of_one, "古い電話")
    phone.get_by_role("link", name="消す").click()
    phone.get_by_role("button", name="消す").click()
    phone.get_by_text("パスキーはまだありません").wait_for()
    sign_out(phone, town_of_one)

    phone.goto(town_of_one + "/accounts/login/")
    phone.click("#passkey_login")

    phone.get_by_text("パスキーを確認できませんでした。").wait_for()


def test_staff_make_the_first_passkey_by_invitation_and_reach_the_desk_with_it(
    town_of_one, transactional_db, staff, settings, desk, system
):
    settings.DEVELOPMENT = False
    account = staff("environment.clerk")
    token = invite(account=account, actor=system)
    with_authenticator(desk)

    desk.goto(town_of_one + reverse("people:enrol", args=[token]))
    desk.get_by_role("button", name="次へ").click()
    desk.wait_for_url("**/accounts/passkeys/add/")
    desk.click("#mfa_webauthn_add")
    desk.wait_for_url("**/accounts/passkeys/")
    sign_out(desk, town_of_one)
    desk.goto(town_of_one + "/accounts/staff/")
    desk.click("#passkey_login")
    desk.wait_for_url("**/desk/")

    again = desk.goto(town_of_one + reverse("people:enrol", args=[token]))
    assert again.status == 410, "an invitation is used once"


def test_an_invitation_ends_earlier_passkeys_sessions_and_the_password(client, staff, system):
    account = staff("environment.clerk")
    client.post("/accounts/staff/", {"login": account.email, "password": PASSWORD})
    Authenticator.objects.create(user=account, type="webauthn", data={})
    assert client.get("/accounts/").status_code == 200

    invite(account=account, actor=system)
    account.refresh_from_db()

    assert not Authenticator.objects.exists()
    assert client.get("/accounts/").status_code == 302
    assert not account.has_usable_password()


def test_a_second_invitation_ends_the_first(client, staff, system):
    account = staff("environment.clerk")
    first, second = invite(account=account, actor=system), invite(account=account, actor=system)

    assert client.get(reverse("people:enrol", args=[first])).status_code == 410
    assert client.get(reverse("people:enrol", args=[second])).status_code == 200


def test_the_operator_opens_the_first_staff_account(hall, capsys, client):
    call_command("invite", "kanri@joso.example", name="山本 航", post="roads.chief")
    path = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")

    assert "山本 航さん（kanri@joso.example）のパスキー" in client.get(path).content.decode()
    with pytest.raises(CommandError, match="no staff account"):
        call_command("invite", "nobody@joso.example")


def test_an_invited_session_gives_no_rights_before_the_passkey(client, staff, grant, settings, system):
    from machi.engines.people.queries import actor_of

    account = staff("environment.clerk")
    grant("environment.clerk", "handler", "environment")
    settings.DEVELOPMENT = False
    client.post(reverse("people:enrol", args=[invite(account=account, actor=system)]))
    page = client.get("/accounts/")

    assert page.status_code == 200
    assert actor_of(page.wsgi_request).posts == ()
