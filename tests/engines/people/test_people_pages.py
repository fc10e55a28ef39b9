"""Signing up, in and out; what one says about oneself; where one is signed in."""

import re
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from machi.engines.audit.public import history
from machi.engines.effects.define import Fatal, Retry
from machi.engines.effects.models import Effect
from machi.engines.effects.public import work_once
from machi.engines.people.actions import save_profile
from machi.engines.people.jobs import clean_up
from machi.engines.people.mail import send
from machi.engines.people.models import Account, AccountMail, Person
from machi.engines.people.queries import profile

PASSWORD = "kasumi-to-tsukuba"
EVIL = "evil.example"


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def the_link():
    mail = AccountMail.objects.latest("created_at")
    return re.search(r"http://localhost:8000(/\S+)", mail.body)[1]


def sign_up(client, email="new@joso.example", password=PASSWORD, **more):
    return client.post("/accounts/signup/", {"email": email, "password1": password}, **more)


def test_somebody_new_signs_up_confirms_the_mail_address_and_is_signed_in(client, db):
    answer = sign_up(client)
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert "メールを送りました" in words(client.get(answer.url))
    assert client.get("/accounts/").status_code == 302

    link = the_link()
    assert "new@joso.example は、あなたのメールアドレスですか。" in words(client.get(link))
    client.post(link)

    assert "new@joso.example" in words(client.get("/accounts/"))
    assert EmailAddress.objects.get().verified


def test_without_the_mail_being_confirmed_nobody_gets_in(client, db):
    sign_up(client)
    answer = client.post("/accounts/login/", {"login": "new@joso.example", "password": PASSWORD})

    assert answer.url == "/accounts/confirm-email/"
    assert client.get("/accounts/").url.startswith("/accounts/login/")


def test_the_mail_is_in_the_language_of_the_page_and_comes_after_the_commit_once(client, db, smtp_sink):
    client.cookies["lang"] = "ja"
    sign_up(client)
    while work_once():
        pass
    work_once()

    (mail,) = smtp_sink.to("new@joso.example")
    assert mail["Subject"].endswith("メールアドレスの確認")
    assert "リンクは3日間使えます" in mail.get_content()
    assert not AccountMail.objects.exists(), "the secret link is not kept"
    assert Effect.objects.get(port="account_mail").state == "done"


def test_a_mail_server_that_is_down_delays_the_mail_and_breaks_nothing(client, db, smtp_sink, settings):
    settings.EMAIL_PORT = 1
    assert sign_up(client).status_code == 302
    effect = Effect.objects.get(port="account_mail")

    assert isinstance(send(effect), Retry)
    assert AccountMail.objects.exists()


def test_a_mail_whose_link_has_run_out_is_not_sent(client, db, smtp_sink):
    sign_up(client)
    AccountMail.objects.update(created_at="2026-01-01T00:00:00Z")

    assert isinstance(send(Effect.objects.get(port="account_mail")), Fatal)
    assert smtp_sink.messages == []


def test_at_night_mails_that_could_not_be_sent_and_old_sessions_go(signed_in):
    sign_up(Client(), email="old@joso.example")
    sign_up(Client(), email="young@joso.example")
    AccountMail.objects.filter(to="old@joso.example").update(created_at="2026-01-01T00:00:00Z")
    Session.objects.create(session_key="gone", session_data="", expire_date="2026-01-01T00:00:00Z")

    clean_up()

    assert [mail.to for mail in AccountMail.objects.all()] == ["young@joso.example"]
    assert not Session.objects.filter(session_key="gone").exists()
    assert signed_in.get("/accounts/").status_code == 200


def test_who_signs_up_twice_is_told_by_mail_and_a_stranger_learns_nothing(client, resident):
    first = sign_up(Client(), email="other@joso.example")
    second = sign_up(client, email=resident.email)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert "もうあります" in AccountMail.objects.get(to=resident.email).body
    assert Account.objects.filter(email=resident.email).count() == 1


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_a_weak_password_is_refused_and_the_address_is_still_there(client, db, password):
    answer = sign_up(client, password=password)

    assert answer.status_code == 200
    assert 'value="new@joso.example"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Account.objects.exists()


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(client, resident):
    answer = client.post("/accounts/login/", {"login": resident.email, "password": "wrong"})

    assert "メールアドレスかパスワードが違います。もう一度入力してください。" in words(answer)
    assert f'value="{resident.email}"' in answer.content.decode()
    assert "wrong" not in answer.content.decode().replace('class="field wrong"', "")


def test_after_five_wrong_passwords_even_the_right_one_waits(client, resident):
    for _time in range(5):
        client.post("/accounts/login/", {"login": resident.email, "password": "wrong"})
    answer = client.post("/accounts/login/", {"login": resident.email, "password": PASSWORD})

    assert answer.status_code == 200
    assert "しばらくログインできません" in words(answer)


def test_one_goes_on_where_one_was_stopped_but_never_to_another_site(client, resident):
    away = {"login": resident.email, "password": PASSWORD, "next": f"https://{EVIL}/"}
    assert client.post("/accounts/login/", away).url == "/"
    client.logout()

    assert (
        client.post("/accounts/login/", away | {"next": "/accounts/sessions/"}).url == "/accounts/sessions/"
    )


def test_staff_sign_in_by_password_in_development_only(client, staff, settings):
    account = staff("environment.clerk")
    given = {"login": account.email, "password": PASSWORD}
    settings.DEVELOPMENT = False
    for page in ("/accounts/login/", "/accounts/staff/"):
        answer = Client().post(page, given)
        assert answer.status_code == 200
        assert "パスキーでログインしてください" in words(answer)
    settings.DEVELOPMENT = True

    assert client.post("/accounts/staff/", given).url == "/desk/"


def test_the_staff_page_offers_a_password_in_development_only(client, db, settings):
    assert 'name="password"' in client.get("/accounts/staff/").content.decode()
    settings.DEVELOPMENT = False
    page = client.get("/accounts/staff/").content.decode()

    assert 'name="password"' not in page
    assert 'id="passkey_login"' in page


def test_a_forgotten_password_is_set_anew_by_mail(client, resident):
    client.post("/accounts/password/reset/", {"email": resident.email})
    link = the_link()
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "nagai-aikotoba", "password2": "nagai-aikotoba"})

    assert not client.login(username=resident.email, password=PASSWORD)
    assert client.login(username=resident.email, password="nagai-aikotoba")
    assert "使われています" in words(Client().get(link, follow=True)), "a link works once"


def test_a_forged_host_does_not_get_into_mails(client, resident, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/accounts/password/reset/", {"email": resident.email}, headers={"host": EVIL})
    sign_up(Client(), headers={"host": EVIL})
    sign_up(Client(), email=resident.email, headers={"host": EVIL})
    Client().post("/accounts/password/reset/", {"email": "nobody@joso.example"}, headers={"host": EVIL})

    bodies = list(AccountMail.objects.values_list("body", "subject"))
    assert len(bodies) == 4
    assert [body for body in bodies if EVIL in "".join(body)] == []


def test_signing_out_needs_a_press_and_ends_the_session(signed_in):
    assert "ログアウトしますか" in words(signed_in.get("/accounts/logout/"))
    assert signed_in.get("/accounts/").status_code == 200
    signed_in.post("/accounts/logout/")

    assert signed_in.get("/accounts/").status_code == 302


PROFILE = {
    "name": "𠮷野 健",
    "kana": "よしの けん",
    "birth-year": "昭和46",
    "birth-month": "11",
    "birth-day": "3",
    "address-postal": "３０３－０００５",
    "address-town": "茨城県常総市水海道森下町",
    "address-line": "9999番地2",
    "address-building": "",
    "phone": "０９０－００００－０００２",
    "language": "pt-br",
}


def test_what_one_says_about_oneself_is_kept_as_typed_and_prefills_forms(signed_in, resident):
    answer = signed_in.post("/accounts/", PROFILE)
    resident.refresh_from_db()

    assert answer.status_code == 302
    assert answer.cookies["lang"].value == "pt-br"
    assert resident.language == "pt-br"
    assert profile(resident) == {
        "name": "𠮷野 健",
        "kana": "よしの けん",
        "birth": "1971-11-03",
        "postal": "303-0005",
        "address": {
            "postal": "303-0005",
            "town": "茨城県常総市水海道森下町",
            "line": "9999番地2",
            "building": "",
        },
        "phone": "090-0000-0002",
        "email": resident.email,
        "provenance": dict.fromkeys(("name", "kana", "birth", "postal", "town", "line", "phone"), "typed"),
    }
    (entry,) = history(f"account:{resident.pk}")
    assert entry.verb == "people.profile_saved"
    assert "𠮷野" not in str(entry.payload)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("birth-month", "13", "13月"),
        ("birth-year", "2031", "たしかめてください"),
        ("birth-day", "", "年・月・日をすべて入力してください"),
        ("kana", "吉野", "ひらがなかカタカナで入力してください"),
        ("phone", "でんわ", "電話番号を数字で入力してください"),
        ("address-postal", "303", "郵便番号は7けたの数字で入力してください"),
        ("name", "よしの\u202eけん", "文字の並ぶ向きを変える"),
        ("name", "あ" * 10_000, "文字が多すぎます"),
    ],
)
def test_what_cannot_be_kept_is_said_at_the_field_and_everything_typed_is_still_there(
    signed_in, field, typed, sentence
):
    answer = signed_in.post("/accounts/", PROFILE | {field: typed})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert typed in page
    assert 'value="茨城県常総市水海道森下町"' in page
    assert not Person.objects.exclude(name="").exists()


def test_a_script_in_a_name_stays_a_name(signed_in, resident):
    signed_in.post("/accounts/", PROFILE | {"name": "<script>alert(1)</script>"})
    page = signed_in.get("/accounts/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_the_card_proved_is_shown_and_cannot_be_typed_over(signed_in, resident, system):
    proved = {
        "name": "髙﨑 美咲",
        "birth": date(1965, 1, 30),
        "town": "茨城県常総市水海道山田町",
        "line": "9999番地5",
    }
    save_profile(account=resident, values=proved, source="card", actor=system)
    page = signed_in.get("/accounts/").content.decode()
    assert "髙﨑 美咲" in page
    assert 'name="name"' not in page
    assert 'name="address-town"' not in page

    signed_in.post("/accounts/", PROFILE)
    resident.refresh_from_db()

    assert profile(resident)["name"] == "髙﨑 美咲"
    assert profile(resident)["address"]["town"] == "茨城県常総市水海道山田町"
    assert profile(resident)["phone"] == "090-0000-0002"
    assert profile(resident)["provenance"]["name"] == "card"


def test_one_sees_where_one_is_signed_in_and_ends_it_there(signed_in, resident):
    other = Client(
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36"}
    )
    other.post("/accounts/login/", {"login": resident.email, "password": PASSWORD})
    assert "Chrome (Android)" in words(signed_in.get("/accounts/sessions/"))

    there = UserSession.objects.get(session_key=other.session.session_key)
    signed_in.post("/accounts/sessions/", {"session": there.pk})

    assert other.get("/accounts/").status_code == 302
    assert signed_in.get("/accounts/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(signed_in, staff):
    account = staff("environment.clerk")
    other = Client()
    other.post("/accounts/staff/", {"login": account.email, "password": PASSWORD})
    theirs = UserSession.objects.get(user=account)

    signed_in.post("/accounts/sessions/", {"session": theirs.pk})
    signed_in.post("/accounts/sessions/", {"session": "others"})

    assert other.get("/accounts/").status_code == 200


def test_a_new_mail_address_counts_once_it_is_confirmed(signed_in, resident):
    signed_in.post("/accounts/email/", {"email": "hanako2@joso.example", "action_add": "1"})
    resident.refresh_from_db()
    assert resident.email == "hanako@joso.example"
    assert "hanako2@joso.example に確認のメールを送りました" in words(signed_in.get("/accounts/email/"))

    signed_in.post(the_link())
    resident.refresh_from_db()

    assert resident.email == "hanako2@joso.example"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/staff/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-bad/",
        "/accounts/password/reset/key/done/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/bad/",
        "/accounts/inactive/",
        "/accounts/staff/enrol/bad/",
    ],
)
def test_every_page_for_strangers_is_ours(client, db, path):
    page = client.get(path).content.decode()

    assert '<main id="main"' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/",
        "/accounts/sessions/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/passkeys/",
        "/accounts/logout/",
    ],
)
def test_every_page_for_who_is_signed_in_is_ours_and_for_nobody_else(signed_in, path):
    page = signed_in.get(path).content.decode()

    assert '<main id="main"' in page
    assert page.count("<h1") == 1
    if path != "/accounts/logout/":
        assert Client().get(path).url.startswith("/accounts/login/")
