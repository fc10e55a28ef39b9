"""Addresses under /accounts/: our own pages, and those of the sign-in library (allauth) that are in use."""

from allauth.account import views as accounts
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path, re_path

from machi.engines.people import views

own = [
    path("", views.account, name="account"),
    path("sessions/", views.sessions, name="sessions"),
    path("staff/", views.staff_login, name="staff_login"),
    path("staff/enrol/<str:token>/", views.enrol, name="enrol"),
    path("card/start/", views.card_start, name="card_start"),
    path("card/callback/", views.card_callback, name="card_callback"),
    path("card/first/", views.card_first, name="card_first"),
    path("card/forget/", views.card_forget, name="card_forget"),
    path("card/keys.json", views.card_keys, name="card_keys"),
]

# The names are the library's; it looks them up itself.
library = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("signup/", accounts.signup, name="account_signup"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("email/", accounts.email, name="account_email"),
    path("confirm-email/", accounts.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", accounts.confirm_email, name="account_confirm_email"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("password/set/", accounts.password_set, name="account_set_password"),
    path("password/reset/", accounts.password_reset, name="account_reset_password"),
    path("password/reset/done/", accounts.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        accounts.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_index"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]

urlpatterns = [path("", include((own, "people"))), *library]
