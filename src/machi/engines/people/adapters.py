"""How the sign-in library (allauth) does things here: mails as effects, addresses from settings, passkeys."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from machi.engines.definitions.public import city
from machi.engines.people.mail import post_mail
from machi.engines.people.queries import passkeys_of
from machi.ground.languages import pick


def city_name():
    """The city's name in the language in use; the program's own name while no city is loaded."""
    bundle = city()
    return pick(bundle["name"], get_language()) if bundle else "Machi"


def _address(name, *arguments):
    return settings.PUBLIC_URL + reverse(name, args=arguments)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts of residents and staff."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("このアカウントは使えません。市役所にお問い合わせください。"),
        "email_password_mismatch": _("メールアドレスかパスワードが違います。もう一度入力してください。"),
        "enter_current_password": _("今のパスワードを入力してください。"),
        "incorrect_code": _("パスキーを確認できませんでした。もう一度お試しください。"),
        "incorrect_password": _("パスワードが違います。もう一度入力してください。"),
        "invalid_or_expired_key": _("このリンクは使えません。もう一度メールを送ってください。"),
        "invalid_password_reset": _("このリンクは使えません。もう一度メールを送ってください。"),
        "rate_limited": _("短い間に何度も送信されました。しばらく待ってから、もう一度お試しください。"),
        "same_as_current": _("今と同じものです。新しいものを入力してください。"),
        "too_many_login_attempts": _(
            "何度も間違えたため、しばらくログインできません。5分ほど待ってください。"
        ),
    }

    def send_mail(self, template_prefix, email, context):
        """Hand the mail to the outbox in this transaction: a mail server that is down only delays it."""
        ours = {"email": email, "city_name": city_name(), "signup_url": _address("account_signup")}
        message = self.render_mail(template_prefix, email, context | ours)
        post_mail(to=email, subject=message.subject, body=message.body)

    def send_account_already_exists_mail(self, email):
        """Tell who signs up a second time. The address is never built from the Host header."""
        context = {"password_reset_url": _address("account_reset_password")}
        self.send_mail("account/email/account_already_exists", email, context)

    def format_email_subject(self, subject):
        """The city's name before the subject, as Japanese offices write it."""
        return f"【{city_name()}】{subject}"

    def get_email_confirmation_url(self, request, emailconfirmation):
        """The address to verify with. Never built from the Host header, which anybody can forge."""
        return _address("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key):
        """The address to set a new password at. Never built from the Host header."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PUBLIC_URL + path.replace("UID-KEY", key)

    def get_login_redirect_url(self, request):
        """Staff to the desk, residents to the portal."""
        return resolve_url(settings.STAFF_HOME_URL if request.user.is_staff else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, _request):
        """Back to the account page."""
        return reverse("people:account")

    def get_login_stages(self):
        """Only the mail check: a passkey is another key to the same door, not a second lock.

        Who loses a phone must still get in with the password. Staff cannot use one at all (SignInForm).
        """
        return ["allauth.account.stages.EmailVerificationStage"]


class PasskeyAdapter(DefaultMFAAdapter):
    """Passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("先に、メールアドレスの確認をすませてください。"),
    }

    def get_public_key_credential_rp_entity(self):
        """The site passkeys are made for, from the settings: the Host header can be forged."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname, "name": city_name()}

    def generate_authenticator_name(self, user, type):  # noqa: A002 — allauth's name
        """A name to tell the first passkey from the second."""
        return _("パスキー%(number)d") % {"number": passkeys_of(user).count() + 1}
