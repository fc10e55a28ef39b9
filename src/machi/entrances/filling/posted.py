"""Small things that pages send along with what people typed."""

from uuid import UUID

from django.utils import translation

from machi.ground.ids import new_id
from machi.ground.languages import BY_CODE
from machi.ui.middleware import remember_language


def revision(request):
    """The revision the page was made from, None when the page did not say."""
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def command_id(request):
    """The command id of the form; without a good one a fresh one, so that nothing is lost."""
    try:
        return UUID(request.POST.get("command_id", ""))
    except ValueError:
        return new_id()


def asked_language(request):
    """The language whose button was pressed on this form, or "" when another button was."""
    said = request.POST.get("_lang", "")
    return said if said in BY_CODE else ""


def in_language(request, code, respond):
    """Answer this request in `code` at once and from now on; `respond()` makes the response.

    For forms whose contents are not kept anywhere: the page comes back with what was typed.
    """
    translation.activate(code)
    request.LANGUAGE_CODE = code
    response = respond()
    response.headers["Content-Language"] = BY_CODE[code].html
    return remember_language(response, code)
