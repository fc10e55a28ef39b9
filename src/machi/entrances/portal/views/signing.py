"""Consenting to what somebody else applied for (連署・同意): by the mailed link and a code, or signed in."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from machi.engines.audit.public import saw
from machi.engines.people import public as people
from machi.engines.people.define import is_at_least
from machi.engines.people.public import unit
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling import posted
from machi.entrances.filling.showing import answer_groups, file_response
from machi.entrances.portal.host import account_id
from machi.ground.daywords import date_words
from machi.ground.ids import new_id
from machi.ground.languages import pick
from machi.ui.middleware import remember_language

KEY = "signing"  # in the session: the ids of co-signers whose code was typed here


def asked(view):
    """Give the view the co-signer whom the link names, while the answer is waited for."""

    @wraps(view)
    @never_cache
    def opened(request, token, **rest):
        party = procedures.party_of_token(token)
        if party is None:
            return render(request, "portal/link_old.html", status=404)
        if not procedures.is_asked(party):
            return render(request, "portal/signing_over.html", _about(request, party))
        return view(request, party, token=token, **rest)

    return opened


def _proof(request, party):
    """How sure the city is that this is the co-signer; "" while it is not."""
    user = request.user
    if user.is_authenticated and not user.is_staff and (user.email or "").lower() == party.email.lower():
        level = people.assurance(request)
        if is_at_least(level, "account"):
            return level
    return "contact" if str(party.id) in request.session.get(KEY, []) else ""


@asked
def sign(request, party, *, token):
    """What is to be consented to, and the two answers; before that, the code."""
    language = posted.asked_language(request)
    if language:
        return remember_language(redirect(request.path), language)
    if not _proof(request, party):
        return _prove(request, party, token)
    if request.method == "POST":
        return _answer(request, party, token)
    return _show(request, party, token)


def _prove(request, party, token):
    typed, did, error = request.POST.get("code", "").strip(), request.POST.get("_do"), ""
    if did == "mail":
        procedures.mail_code(party_id=party.id)
    elif did == "code":
        if procedures.check_code(party_id=party.id, code=typed):
            request.session[KEY] = [*request.session.get(KEY, []), str(party.id)][-30:]
            return redirect("portal:sign", token=token)
        error = _("番号が違うか、15分を過ぎています。届いた番号を確かめるか、もう一度送ってください。")
    context = _about(request, party) | {"mailed": bool(did), "typed": typed, "error": error, "mail": _hint(party.email)}
    return render(request, "portal/signing_code.html", context, status=422 if error else 200)


def _hint(email):
    """An address as its owner knows it, and nobody else: h•••@joso.example."""
    name, _at, place = email.partition("@")
    return f"{name[:1]}•••@{place}"


def _about(request, party):
    office, language = unit(party.case.unit), request.LANGUAGE_CODE
    return {
        "title": pick(party.case.definition.bundle["title"], language),
        "reference": party.case.reference,
        "party": party,
        "due_words": date_words(party.step.due_on, language) if party.step.due_on else "",
        "office": pick(office.title, language) if office else "",
        "office_phone": office.phone if office else "",
        "language_form": "page-form",
    }


def _show(request, party, token, *, error="", errors=None, status=200):
    language, case = request.LANGUAGE_CODE, party.case
    form, sheet, shown = procedures.signing_sheet(party)
    groups = questions.summary(form, sheet, language=language, only=shown, owner=case.owner)
    step = case.definition.bundle["flow"]["steps"][party.step.key]
    saw(actor=procedures.as_actor(party, account_id(request)), owner=case.owner, what="cosign")
    context = _about(request, party) | {
        "applicant": case.applicant,
        "statement": pick(step["statement"], language),
        "groups": answer_groups(groups, lambda link: reverse("portal:sign_file", args=[token, link.id])),
        "digest": party.step.answers["seal"],
        "command_id": new_id(),
        "revision": case.revision,
        "reason": request.POST.get("reason", ""),
        "error": error,
        "errors": errors or {},
        "refusing": request.POST.get("_do") == "refuse",
    }
    return render(request, "portal/signing.html", context, status=status)


def _answer(request, party, token):
    """Consent or refuse, once."""
    refusing = request.POST.get("_do") == "refuse"
    if not refusing and request.POST.get("agree") != "yes":
        words = _("同意するときは、下の文に印を付けてください。")
        return _show(request, party, token, errors={"agree": words}, status=422)
    try:
        procedures.command(
            case_id=party.case_id,
            command_id=posted.command_id(request),
            expected_revision=posted.revision(request) or party.case.revision,
            verb="refuse_consent" if refusing else "consent",
            payload={
                "digest": request.POST.get("digest", ""),
                "reason": request.POST.get("reason", ""),
                "assurance": _proof(request, party),
            },
            actor=procedures.as_actor(party, account_id(request)),
        )
    except procedures.Stale:
        party.case.refresh_from_db()
        return _show(request, party, token, error=_("もう一度押してください。"), status=409)
    except procedures.Refused as refused:
        return _show(request, party, token, error=refused.message, errors=refused.errors, status=422)
    party.refresh_from_db()
    return render(request, "portal/signing_over.html", _about(request, party))


@asked
def sign_file(request, party, *, token, link_id):
    """A file among what is to be consented to."""
    form, sheet, shown = procedures.signing_sheet(party)
    groups = questions.summary(form, sheet, language="ja", only=shown, owner=party.case.owner)
    rows = [row for group in groups for row in group.rows]
    found = next((link for row in rows for link in row.files if link.id == link_id), None)
    if found is None or not _proof(request, party):
        raise Http404
    return file_response(request, found)
