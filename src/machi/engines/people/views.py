"""The account page, staff sign-in, sessions, and the way to the card's provider and back."""

import logging

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.engines.people import card
from machi.engines.people.actions import (
    PROFILE_FIELDS,
    CardTaken,
    account_by_card,
    choose_language,
    is_proved,
    link_card,
    open_account_by_card,
    save_profile,
)
from machi.engines.people.forms import ADDRESS_PARTS, ProfileForm
from machi.engines.people.guards import resident_required
from machi.engines.people.models import Person
from machi.engines.people.queries import account as get_account
from machi.engines.people.queries import actor_of, assurance, invited, posts_of
from machi.ground.daywords import date_words
from machi.ui.middleware import remember_language

log = logging.getLogger(__name__)
PENDING_KEY = "people_card_identity"

staff_login = LoginView.as_view(template_name="people/staff_login.html")


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def account(request):
    """What the city knows of me, and the ways I sign in."""
    mine = get_account(request.user.pk)
    person = mine.person or Person()
    proved = {key for key in PROFILE_FIELDS if mine.is_staff or is_proved(person, key)}
    form = ProfileForm(request.POST or None, initial=_initial(mine, person), proved=proved)
    if request.method == "POST" and form.is_valid():
        return _keep_profile(request, mine, form)
    context = {
        "form": form,
        "account": mine,
        "facts": _staff_facts(person) if mine.is_staff else _facts(person, proved),
        "level": assurance(request),
        "card_on": card.is_on(),
    }
    return render(request, "people/account.html", context, status=422 if form.is_bound else 200)


def _facts(person, proved):
    """What was proved, as the page shows it."""
    address = " ".join(part for part in (person.town + person.line, person.building) if part)
    birth = date_words(person.birth, get_language()) if person.birth else ""
    rows = (("name", _("氏名"), person.name), ("birth", _("生年月日"), birth), ("town", _("住所"), address))
    return [{"term": term, "text": text} for key, term, text in rows if key in proved and text]


def _staff_facts(person):
    """Who somebody is at work: a name on decisions is not for its bearer to change."""
    posts = "、".join(str(post) for post in posts_of(person))
    rows = ((_("氏名"), person.name), (_("職"), posts))
    return [{"term": term, "text": text} for term, text in rows if text]


def _initial(mine, person):
    address = {part: getattr(person, part) for part in ADDRESS_PARTS}
    plain = {key: getattr(person, key) for key in ("name", "kana", "birth", "phone")}
    return plain | {"address": address, "language": mine.language}


def _keep_profile(request, mine, form):
    save_profile(account=mine, values=form.values(), source="typed", actor=actor_of(request))
    choose_language(account=mine, language=form.cleaned_data["language"])
    messages.success(request, _("保存しました。"))
    return remember_language(redirect("people:account"), form.cleaned_data["language"])


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def sessions(request):
    """Where I am signed in, and how to end it there."""
    found = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        ended = [one for one in found if chosen in (str(one.pk), "others") and not one.is_current()]
        end_sessions(request, ended)
        messages.success(request, _("ログアウトしました。"))
        return redirect("people:sessions")
    found.sort(key=lambda one: (not one.is_current(), -one.created_at.timestamp()))
    return render(request, "people/sessions.html", {"sessions": found})


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request, token):
    """The one-time address at which a member of staff makes the first passkey."""
    user = invited(token)
    if user is None:
        return render(request, "people/enrol_expired.html", status=410)
    if request.method == "GET":
        return render(request, "people/enrol.html", {"invited": user})
    record_authentication(request, user, method="invitation")
    return perform_login(
        request, Login(user=user, email_verification="none", redirect_url=resolve_url("mfa_add_webauthn"))
    )


@require_GET
@cache_control(max_age=3600, public=True)
def card_keys(_request):
    """Our public keys (JWKS), for the card's provider."""
    _only_if_on()
    return JsonResponse(card.public_keys(), content_type="application/jwk-set+json")


@never_cache
@require_GET
def card_start(request):
    """Off to the card's provider."""
    _only_if_on()
    try:
        return redirect(card.begin(request.session, next_url=_safe(request, request.GET.get("next", ""))))
    except card.CardFailed as fault:
        return _card_failed(request, fault)


@never_cache
@require_GET
def card_callback(request):
    """Back from the card's provider: link the card to who is signed in, sign in who is known, else ask."""
    _only_if_on()
    try:
        identity, next_url = card.finish(request.session, request.GET)
    except card.CardFailed as fault:
        return _card_failed(request, fault)
    if request.user.is_authenticated:
        return _link(request, identity, next_url)
    known = account_by_card(identity=identity, actor=actor_of(request))
    if known:
        return _sign_in_by_card(request, known, next_url)
    request.session[PENDING_KEY] = {"identity": identity.as_dict(), "next": next_url}
    return redirect("people:card_first")


@never_cache
@require_http_methods(["GET", "POST"])
def card_first(request):
    """A card never seen here: a new account, or the one somebody has already."""
    pending = request.session.get(PENDING_KEY)
    if not pending:
        return redirect("account_login")
    identity = card.Identity(**pending["identity"])
    if request.method == "GET":
        return render(request, "people/card_first.html", {"identity": identity})
    del request.session[PENDING_KEY]
    if request.user.is_authenticated:
        return _link(request, identity, pending["next"])
    made = open_account_by_card(identity=identity, language=get_language(), actor=actor_of(request))
    return _sign_in_by_card(request, made, pending["next"])


@require_POST
def card_forget(request):
    """Drop a card that was read but tied to nothing."""
    request.session.pop(PENDING_KEY, None)
    return redirect("account_login")


def _link(request, identity, next_url):
    try:
        link_card(account=request.user, identity=identity, actor=actor_of(request))
    except CardTaken:
        message = _(
            "このマイナンバーカードは、別のアカウントにつながっています。ログアウトして、カードでログインしてください。"
        )
        return _card_failed(request, card.CardFailed(message, "card of another account"))
    record_authentication(request, request.user, method="card")
    messages.success(request, _("マイナンバーカードで本人と確認しました。"))
    return redirect(next_url or "people:account")


def _sign_in_by_card(request, user, next_url):
    record_authentication(request, user, method="card")
    return perform_login(request, Login(user=user, email_verification="none", redirect_url=next_url or None))


def _card_failed(request, fault):
    log.warning("card: %s", fault)
    return render(request, "people/card_failed.html", {"message": fault.message}, status=400)


def _only_if_on():
    if not card.is_on():
        raise Http404


def _safe(request, address):
    """`address` if it leads to our own pages, else nothing."""
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=hosts) else ""
