"""A notice as a mail: plain text, and the same in the city's quiet dress."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from machi.engines.definitions import public as definitions
from machi.ground.languages import BY_CODE, pick

INK = "#1a1a1c"
SPACED = "margin:0 0 20px"


def message_id(delivery):
    """The same for every attempt of one delivery, so that a receiving system sees one message."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{delivery.id}@{domain}>"


def build(delivery):
    """The mail of a delivery (a Django EmailMessage), in the language of its notice."""
    notice = delivery.notice
    language = BY_CODE.get(notice.language, BY_CODE["ja"])
    city = _city(language.code)
    with translation.override(language.code):
        context = {"notice": notice, "language": language, "city": city}
        text = render_to_string("notices/mail.txt", context)
        html = render_to_string(
            "notices/mail.html", {**context, "styled": styled(notice.html, city["colour"])}
        )
    message = EmailMultiAlternatives(
        subject=notice.subject,
        body=text,
        from_email=_sender(city),
        to=[delivery.address],
        reply_to=[city["mail"]] if city["mail"] else None,
        headers={
            "Message-ID": message_id(delivery),
            "Content-Language": language.html,
            "Auto-Submitted": "auto-generated",
        },
    )
    if notice.html:
        message.attach_alternative(html, "text/html")
    return message


def _sender(city):
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((city["name"] or name, address))


def _city(code):
    """What a mail says of the city, in the language `code`; blank where none is loaded."""
    city = definitions.city() or {}
    return {
        "name": pick(city.get("name", ""), code),
        "phone": city.get("phone", ""),
        "hours": pick(city.get("hours", ""), code),
        "mail": city.get("mail", ""),
        "colour": city.get("colour", INK),
    }


def styled(html, colour):
    """The body with styles in place: mail programs read no style sheets. A link alone in its paragraph is a
    button.
    """
    button = (
        f"display:inline-block;padding:12px 24px;border-radius:8px;background:{colour};color:#ffffff;"
        "font-weight:bold;text-decoration:none"
    )
    parts = []
    for part in html.split("<p>"):
        alone = part.startswith("<a ") and part.rstrip().endswith("</a></p>") and part.count("<a ") == 1
        parts.append(part.replace("<a ", f'<a style="{button if alone else f"color:{colour}"}" '))
    html = f'<p style="{SPACED}">'.join(parts)
    for tag in ("ul", "ol"):
        html = html.replace(f"<{tag}>", f'<{tag} style="{SPACED};padding-left:24px">')
    return mark_safe(html)  # noqa: S308  (cleaned when the notice was told; colour is checked by the city's grammar)
