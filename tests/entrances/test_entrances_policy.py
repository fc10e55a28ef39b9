"""Every address of the house, walked by everybody: nobody opens what is not theirs.

A row says who may open an address; an address without a row fails the test, so that nobody forgets to think.
"""

import json
from collections import defaultdict
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from fixtures.addresses import named_addresses
from fixtures.cases import (
    VOICE,
    account,
)
from fixtures.everything import one_of_everything
from machi.engines.procedures import public as procedures
from machi.ground.calendar import fiscal_year, today

PEOPLE = {
    "anonymous": None,
    "owner": "hanako",
    "resident": "yoshino",
    "clerk": "shimin.tanto",
    "chief": "shimin.kacho",
    "elsewhere": "doro.tanto",
    "publisher": "digital.kokai",
    "auditor": "kansa",
    "administrator": "digital.kanri",
}
EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {"anonymous"}
STAFF = SIGNED_IN - {"owner", "resident"}
OWNER, NOBODY = {"owner"}, set()
GUIDE = "life.flood"
HANDLERS, WRITERS = STAFF - {"publisher"}, {"publisher", "administrator"}
COUNTER = HANDLERS  # whoever handles cases of a unit receives people there, too
BUILDERS = WRITERS | {"clerk", "elsewhere"}  # clerks write the words and questions of their own unit
SEES_CASE = {"clerk", "chief", "auditor"}


@pytest.fixture
def things(joso, tmp_path):
    return one_of_everything(tmp_path)


def rows(one):
    """Address → (who may open it, arguments, what is posted or None). `one` is what the walk is about."""
    case, asked, draft = {"case_id": one["case"]}, {"case_id": one["asked"]}, {"draft_id": one["draft"]}
    opened = {"case_id": one["open_case"]}
    command = {"command_id": str(uuid4()), "revision": one["revision"]}
    note = {"_verb": "note", "_text": "メモ", "_command": str(uuid4()), "_revision": one["revision"]}
    plan = {"draft_id": one["plan"]}
    file, paper = {**case, "link_id": one["file"]}, {**case, "document_id": one["document"]}
    written = {"manuscript_id": one["manuscript"]}
    public = {
        "city.css": {}, "city.geojson": {}, "healthz": {}, "documents:verify": {},
        "documents:verify_code": {"code": one["verify"]}, "gallery:components": {}, "gallery:filling": {},
        "gallery:page": {"name": "home"}, "portal:home": {}, "portal:search": {}, "portal:door": {"key": "help"},
        "portal:procedures": {}, "portal:procedure": {"code": VOICE}, "portal:blank_form": {"code": VOICE},
        "portal:find": {}, "portal:voices": {}, "portal:binders": {},
        "api:openapi-json": {}, "api:list_procedures": {}, "api:get_procedure": {"code": VOICE},
        "portal:guides": {}, "portal:guide": {"code": GUIDE},
        "account_reset_password_done": {}, "account_reset_password_from_key_done": {},
        "account_reset_password": {}, "account_inactive": {}, "account_email_verification_sent": {},
        "account_confirm_email": {"key": "x"}, "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
        "people:staff_login": {}, "account_login": {}, "account_signup": {},
        "account_logout": {},
    }  # fmt: skip
    signed_in = (
        "people:account", "people:sessions", "account_email", "account_change_password", "account_reauthenticate",
        "account_set_password", "mfa_index", "mfa_list_webauthn", "portal:mine", "portal:inbox",
    )  # fmt: skip
    closed = {
        "mfa_add_webauthn": {}, "mfa_edit_webauthn": {"pk": 1}, "mfa_remove_webauthn": {"pk": 1},
        "mfa_reauthenticate_webauthn": {},  # only after signing in anew
        "people:enrol": {"token": "forged"}, "api:follow": {}, "api:api-root": {},
        # no card issuer is set up here
        "people:card_callback": {}, "people:card_start": {}, "people:card_first": {}, "people:card_keys": {},
    }  # fmt: skip
    return {
        **{name: (EVERYBODY, kwargs, None) for name, kwargs in public.items()},
        **{name: (SIGNED_IN, {}, None) for name in signed_in},
        **{name: (NOBODY, kwargs, None) for name, kwargs in closed.items()},
        "mfa_login_webauthn": (SIGNED_IN, {}, None),  # who is signed in already is sent home
        "people:card_forget": (NOBODY, {}, {}),  # leads to the page for signing in
        "api:submit": (NOBODY, {"code": VOICE}, {}),
        "api:free_days": (EVERYBODY, {"code": VOICE}, json.dumps({"answers": {}})),
        "portal:start": (EVERYBODY, {"code": VOICE}, {}),
        "portal:link": (EVERYBODY, {"token": one["token"]}, None),  # the link itself is the proof
        "portal:resume": (EVERYBODY, {"token": one["draft_token"]}, None),
        "portal:case": (OWNER, case, None),
        "portal:correct": (OWNER, asked, None),
        "portal:withdraw": (OWNER, opened, command),
        "portal:readdress": (OWNER, opened, command),
        "portal:sign": (NOBODY, {"token": "forged"}, None),  # test_portal_signing.py opens it with a real link
        "portal:sign_file": (NOBODY, {"token": "forged", "link_id": one["file"]}, None),
        "portal:case_file": (OWNER, file, None),
        "portal:document": (OWNER, paper, None),
        "portal:review": (OWNER, draft, None),
        "portal:later": (OWNER, draft, None),
        "portal:discard": (OWNER, draft, {}),
        "portal:draft_form": (OWNER, draft, None),
        "portal:draft_file": (OWNER, {**draft, "link_id": one["draft_file"]}, None),
        "portal:page": (OWNER, {**draft, "page": "what"}, None),
        "portal:inbox_notice": (OWNER, {"notice_id": one["notice"]}, None),
        "portal:counter_code": (OWNER, draft, {}),
        **_rows_of_drafting(one),
        **_rows_of_the_counter(one),
        **_rows_of_filing(one),
        **_rows_of_the_office(one),
        **_rows_of_the_exchange(one),
        "desk:today": (STAFF, {}, None),
        "desk:queue": (STAFF, {}, None),
        "desk:cases": (STAFF, {}, None),
        "desk:bulk": (STAFF, {}, {}),
        "desk:case": (SEES_CASE, case, None),
        "desk:act": ({"clerk", "chief"}, opened, note),
        "desk:file": (SEES_CASE, file, None),
        "desk:form": (SEES_CASE, case, None),
        "desk:document": (SEES_CASE, paper, None),
        "desk:put_in": ({"clerk", "chief", "auditor"}, case, {"title": "まとまり"}),
        "desk:groups": (STAFF, {}, None),
        "desk:group": (SEES_CASE, {"group_id": one["group"]}, None),
        "desk:group_change": (SEES_CASE, {"group_id": one["group"]}, {"title": "まとまり", "kind": "visit"}),
        "desk:digest": (STAFF, {}, None),
        "desk:definitions": (STAFF, {}, None),
        "desk:publish": ({"publisher"}, {"version_id": one["version"]}, {"note": "試し"}),
        "portal:guide_start": (EVERYBODY, {"code": GUIDE}, {}),
        "portal:plan_code": (EVERYBODY, {"code": one["plan_code"]}, None),  # the code itself is the proof
        "portal:plan": (OWNER, plan, None),
        "portal:plan_page": (OWNER, {**plan, "page": "home"}, None),
        "portal:plan_mark": (OWNER, plan, {"task": "talk", "done": "1"}),
        "portal:plan_begin": (OWNER, {**plan, "task": "talk"}, {}),
        "portal:plan_calendar": (OWNER, plan, None),
        "desk:guides": (HANDLERS, {}, None),
        "desk:guide_start": (HANDLERS, {"code": GUIDE}, {}),
        "desk:plan": (HANDLERS, {"code": one["plan_code"]}, None),
        "desk:plan_answers": (HANDLERS, {"code": one["plan_code"]}, None),
        "builder:home": (BUILDERS, {}, None),
        "builder:start": (BUILDERS, {}, {}),
        "builder:edit": (WRITERS, written, None),
        "builder:change": (WRITERS, written, {"do": "undo", "clock": "1"}),
        "builder:text": (WRITERS, written, None),
        "builder:download": (WRITERS, written, None),
        "builder:preview": (WRITERS, written, None),
        "desk:absence": (STAFF, {}, None),
        "desk:absence_take_back": ({"clerk", "chief"}, {"absence_id": one["absence"]}, {}),
        "builder:flow": (WRITERS, written, None),
        "builder:about": (WRITERS, written, None),
        "builder:letters": (WRITERS, written, None),
        "builder:letter": (NOBODY, {**written, "key": "none"}, None),
        "builder:trial_file": (NOBODY, {**written, "link_id": one["file"]}, None),
        "builder:told": (WRITERS, written, None),
        "builder:languages": (WRITERS, written, None),
        "builder:trials": (WRITERS, written, None),
        "builder:try_on": (WRITERS, written, {"do": "again"}),
        "builder:forget_test": (WRITERS, written, {"name": ""}),
        "builder:publishing": (WRITERS, written, None),
        "builder:paper": (WRITERS, {**written, "code": "general.decision_notice"}, None),
        "builder:propose": (WRITERS, written, {"clock": "0"}),
        "builder:catch_up": (WRITERS, written, {}),
        "builder:close": (WRITERS, written, {"clock": "0"}),
        "desk:approvals": (STAFF, {}, None),
        "desk:approvals_process": (STAFF, {}, None),
        "desk:approvals_mark": (STAFF, {}, {}),
        "desk:outside": ({"administrator"}, {}, None),
        "desk:settle_call": ({"administrator"}, {"effect_id": one["call"]}, {"evidence": "確かめた"}),
        "desk:settle_mail": ({"administrator"}, {"delivery_id": one["mail"]}, {"evidence": "確かめた"}),
    }


def _rows_of_drafting(one):
    """Internal procedures: everybody on the staff begins them, and only the drafter opens what came of it."""
    case, draft = {"case_id": one["internal"]}, {"draft_id": one["internal_draft"]}
    asked = {"case_id": one["internal_asked"]}
    command = {"command_id": str(uuid4()), "revision": one["internal_revision"]}
    clerk = {"clerk"}
    return {
        "drafting:catalogue": (STAFF, {}, None),
        "drafting:mine": (STAFF, {}, None),
        "drafting:procedure": (STAFF, {"code": "office.telework"}, None),
        "drafting:start": (STAFF, {"code": "office.telework"}, {}),
        "drafting:page": (clerk, {**draft, "page": "when"}, None),
        "drafting:review": (clerk, draft, None),
        "drafting:later": (clerk, draft, None),
        "drafting:discard": (clerk, draft, {}),
        "drafting:draft_form": (clerk, draft, None),
        "drafting:draft_file": (clerk, {**draft, "link_id": one["internal_draft_file"]}, None),
        "drafting:case": (clerk, case, None),
        "drafting:correct": (clerk, asked, None),
        "drafting:withdraw": (clerk, case, command),
        "drafting:recall": (clerk, case, command),
        "drafting:places": (clerk, case, {**command, "_verb": "remove_place"}),
        "drafting:readdress": (clerk, case, command),
        "drafting:case_file": (clerk, {**case, "link_id": one["internal_file"]}, None),
        "drafting:document": (NOBODY, {**case, "document_id": one["document"]}, None),  # another case's
    }


def _rows_of_the_counter(one):
    """Whoever receives people: their own sitting only. The screen that faces people is open to everybody, and empty."""
    draft, case = {"draft_id": one["taken_draft"]}, {"case_id": one["case"]}
    clerk = {"clerk"}
    return {
        "counter:home": (COUNTER, {}, None),
        "counter:open": (COUNTER, {}, {"code": one["plan_code"]}),
        "counter:language": (COUNTER, {}, {"language": "es"}),
        "counter:pair": (COUNTER, {}, {"screen": "AAAAAA"}),
        "counter:free": (COUNTER, {}, {}),
        "counter:close": (COUNTER, {}, {}),
        "counter:papers": (COUNTER, {}, None),
        "counter:put_in": (COUNTER, {}, {}),  # nothing chosen: the page says so
        "counter:scan": ({"clerk", "chief"}, {"scan_id": one["scan"]}, None),
        "counter:assign": ({"clerk", "chief"}, {"scan_id": one["scan"]}, {"_do": "drop"}),
        "counter:start": (COUNTER, {"code": VOICE}, {}),
        "counter:procedure": (COUNTER, {"code": VOICE}, None),  # leads to the sitting
        "counter:case": (COUNTER, case, None),  # the same
        "counter:page": (clerk, {**draft, "page": "what"}, None),
        "counter:review": (clerk, draft, None),
        "counter:later": (clerk, draft, None),
        "counter:discard": (clerk, draft, {}),
        "counter:draft_form": (clerk, draft, None),
        "counter:ask": (clerk, draft, {}),
        "counter:on_paper": (clerk, draft, {}),
        "counter:agreed": (clerk, draft, None),
        "counter:draft_file": (clerk, {**draft, "link_id": one["taken_file"]}, None),
        "counter:correct": (NOBODY, {"case_id": one["asked"]}, None),
        "counter:withdraw": (NOBODY, {"case_id": one["open_case"]}, {}),
        "counter:readdress": (NOBODY, {"case_id": one["open_case"]}, {}),
        "counter:case_file": (NOBODY, {**case, "link_id": one["file"]}, None),
        "counter:document": (NOBODY, {**case, "document_id": one["document"]}, None),
        "counter:screen": (EVERYBODY, {}, None),
        "counter:screen_now": (EVERYBODY, {}, None),
        "counter:screen_begin": (EVERYBODY, {}, {}),
        "counter:screen_language": (EVERYBODY, {}, {}),
        "counter:screen_answer": (EVERYBODY, {}, {}),
    }


def _rows_of_filing(one):
    """Documents: those of the unit, whoever reads across the hall, and who keeps registers."""
    document, made = {"document_id": one["filed"]}, {"disposal_id": one["list"]}
    sees = {"clerk", "chief", "auditor"}
    note = {"_do": "revise", "_revision": "2", "note": "x"}
    return {
        "filing:documents": (HANDLERS, {}, None),
        "filing:receive": (HANDLERS, {}, None),
        "filing:document": (sees, document, None),
        "filing:act": ({"clerk", "chief"}, document, note),
        "filing:file": (sees, {**document, "link_id": one["filed_file"]}, None),
        "filing:binders": (HANDLERS, {}, None),
        "filing:binder": (sees, {"binder_id": one["binder"]}, None),
        "filing:spine": (sees, {"binder_id": one["binder"]}, None),
        "filing:spines": (sees, {"unit": "citizens", "year": fiscal_year(today())}, None),
        "filing:concerned": ({"clerk", "chief"}, {"case_id": one["case"]}, None),
        "filing:disposals": (HANDLERS, {}, None),
        "filing:disposal": (sees, made, None),
        "filing:certificate": (sees, made, None),
    }


def _rows_of_the_office(one):
    """Clocking is everybody's own; leave, sheets of others and books are for whom their right names."""
    budget, counted = {"code": "office.budget"}, {"code": "office.leave"}
    return {
        "desk:attendance": (STAFF, {}, None),
        "desk:attendance_clock": (STAFF, {}, {"kind": "in"}),
        "desk:attendance_staff": ({"chief"}, {}, None),
        "desk:attendance_leave": (NOBODY, {}, None),
        "desk:attendance_terms": (NOBODY, {}, None),
        "desk:attendance_person": (NOBODY, {"account_id": 1}, None),
        "desk:books": (STAFF, {}, None),
        "desk:book": (STAFF, budget, None),  # with the accounts of their own unit, or none
        "desk:book_sheet": (NOBODY, budget, None),  # for who manages the budget
        "desk:book_account": (NOBODY, {**counted, "account_id": one["filed"]}, None),  # no such account
        "desk:book_closing": (NOBODY, budget, None),  # for who closes the year
        "desk:handed": (NOBODY, {**budget, "key": "orders", "handing_id": one["filed"]}, None),
        "desk:handover": (NOBODY, {**budget, "key": "orders"}, None),
    }


def _rows_of_the_exchange(one):
    """Packages and forms are for who writes definitions; what was never brought in is nobody's."""
    missing = {"arrival_id": one["case"]}
    return {
        "exchange:home": (STAFF, {}, None),
        "exchange:packages": (WRITERS, {}, None),
        "exchange:overlays": (STAFF, {}, None),
        "exchange:applications": (HANDLERS, {}, None),
        "exchange:application_file": (NOBODY, {"file_id": one["case"]}, None),
        "exchange:application_original": (NOBODY, {"file_id": one["case"]}, None),
        "exchange:forms": (WRITERS, {}, None),
        "exchange:form": (NOBODY, missing, None),
        "exchange:form_file": (NOBODY, missing, None),
        "exchange:export": (STAFF, {}, None),
        "exchange:arrival": (NOBODY, missing, None),
        "api:list_schemes": (EVERYBODY, {}, None),
        "api:get_scheme": (EVERYBODY, {"code": VOICE}, None),
        "api:list_webhooks": (NOBODY, {}, None),  # programs only, with their key
        "api:add_webhook": (NOBODY, {}, json.dumps({})),
        "api:new_secret": (NOBODY, {"webhook_id": one["case"]}, {}),
        "api:remove_webhook": (NOBODY, {"webhook_id": one["case"]}, None),
    }


SIGN_IN = ("/accounts/login/", "/accounts/staff/", "/accounts/reauthenticate/")


def is_open(answer):
    """Whether the visitor got in: a page, a form with faults, or a way onward that is not the way to sign in.
    """
    if answer.status_code in (301, 302):
        return not answer["Location"].startswith(SIGN_IN)
    return answer.status_code < 400 or answer.status_code == 422


@pytest.fixture
def browsers(things):
    """browsers(who) → a browser in which this person is signed in, as if nothing had been visited yet."""
    cookies = {}
    for who, mail in PEOPLE.items():
        browser = Client()
        if mail:
            browser.force_login(account(mail))
        cookies[who] = browser.cookies.output(header="", sep=";")

    def open_one(who):
        browser = Client(raise_request_exception=False)
        browser.cookies.load(cookies[who])
        return browser

    return open_one


def visit(browser, address, posted):
    """The answer of an address; whatever it changed is rolled back."""
    as_json = {"content_type": "application/json"} if isinstance(posted, str) else {}
    with transaction.atomic():
        answer = browser.get(address) if posted is None else browser.post(address, posted, **as_json)
        transaction.set_rollback(True)
    return answer


def test_every_address_opens_for_whom_its_row_says_and_for_nobody_else(things, browsers):
    wrong = {}
    for name, (allowed, kwargs, posted) in rows(things).items():
        address = f"/{name}" if "." in name or name == "healthz" else reverse(name, kwargs=kwargs)
        answers = {who: visit(browsers(who), address, posted) for who in PEOPLE}
        found = {who for who, answer in answers.items() if is_open(answer)}
        broken = {who for who, answer in answers.items() if answer.status_code >= 500}
        if found != allowed or broken:
            wrong[name] = {who: answers[who].status_code for who in found ^ allowed | broken}

    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())


def test_every_address_has_a_row():
    assert set(named_addresses()) == set(rows(defaultdict(uuid4)))


def test_an_actor_without_the_right_changes_nothing(things, browsers):
    case = procedures.Case.objects.get(id=things["open_case"])
    for who in EVERYBODY - {"clerk", "chief"}:
        for verb in ("note", "claim", "complete", "void", "transfer"):
            posted = {
                "_verb": verb, "_command": str(uuid4()), "_revision": case.revision, "_text": "x", "_unit": "roads",
                "_reason": "x", "_outcome": "ok", "_step": "check",
            }  # fmt: skip
            browsers(who).post(reverse("desk:act", args=[case.id]), posted)

    assert procedures.Case.objects.get(id=case.id).revision == case.revision
