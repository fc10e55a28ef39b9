"""Forms of the sign-in library, drawn with our components."""

from django import template
from django.conf import settings
from django.forms import PasswordInput
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.people.card import is_on
from machi.engines.people.demo import DEMO_PASSWORD, demo_accounts
from machi.engines.people.rules import device_words as words_for_device

register = template.Library()

COMPONENTS = {
    "email": "email",
    "login": "email",
    "birth": "date",
    "address": "address",
    "phone": "tel",
    "language": "select",
}
COMPLETE = {
    "name": "name",
    "password": "current-password",
    "oldpassword": "current-password",
    "password1": "new-password",
    "password2": "new-password",
}


@register.simple_tag
def control(field, *, unmarked=False, unhinted=False):
    """The arguments of the component that draws the bound `field`: `{% control form.name as given %}`."""
    widget = field.field.widget
    hidden = isinstance(widget, PasswordInput)
    return {
        "component": COMPONENTS.get(field.name, "text"),
        "name": field.html_name,
        "label": field.label,
        "hint": "" if unhinted else field.help_text,
        "error": field.errors[0] if field.errors else "",
        "value": "" if hidden else field.value(),
        "required": field.field.required,
        "unmarked": unmarked,
        "autocomplete": COMPLETE.get(field.name, ""),
        "type": "password" if hidden else "text",
        "options": [{"value": value, "label": label} for value, label in getattr(field.field, "choices", [])],
    }


@register.filter
def error_links(form):
    """The form's errors for the summary on top: [{href, text}]."""
    links = [{"text": text} for text in form.non_field_errors()]
    return links + [
        {"href": f"#{field.html_name}", "text": text}
        for field in form.visible_fields()
        for text in field.errors
    ]


@register.filter
def device_words(user_agent):
    """A browser's own description as people would say it: Chrome（Android）."""
    return words_for_device(user_agent)


@register.simple_tag
def card_on():
    """Whether one can sign in with the My Number card here."""
    return is_on()


@register.simple_tag
def development():
    """Whether this installation is one for trying things out."""
    return settings.DEVELOPMENT


@register.simple_tag
def demo_people(*, staff=False):
    """The sample people to try things out as; nobody outside development."""
    return {"password": DEMO_PASSWORD, "people": demo_accounts(staff=bool(staff))}


@register.simple_tag
def account_links(account):
    """What can be set about signing in, as items of a list of links."""
    items = [
        {"href": reverse("mfa_list_webauthn"), "label": _("パスキー"), "text": _("指紋・顔・暗証番号で入る")},
        {
            "href": reverse("account_email"),
            "label": _("メールアドレス"),
            "text": account.email or _("まだありません"),
        },
        {"href": reverse("people:sessions"), "label": _("ログイン中の端末"), "text": ""},
    ]
    if account.has_usable_password():
        items.insert(
            1, {"href": reverse("account_change_password"), "label": _("パスワード"), "text": _("変える")}
        )
    elif not account.is_staff and account.email:
        items.insert(
            1, {"href": reverse("account_set_password"), "label": _("パスワード"), "text": _("決める")}
        )
    return items
