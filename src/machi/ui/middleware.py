"""Which language a page is in."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from machi.ground.languages import BY_CODE


class LanguageMiddleware:
    """Language from `?lang=` (kept in a cookie), the cookie, or what the browser asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.GET.get("lang", "").lower()
        if request.method == "GET" and asked in BY_CODE:
            return remember_language(HttpResponseRedirect(_without_lang(request)), asked)
        code = language_of(request)
        request.LANGUAGE_CODE = code
        with translation.override(code):  # and nothing of it stays in this thread for the next visitor
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", BY_CODE[code].html)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of(request):
    """The code of the language this visitor has chosen before, or else of the one their browser asks for."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return kept if kept in BY_CODE else translation.get_language_from_request(request)


def remember_language(response, code):
    """Keep the chosen language for a year."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax")
    return response


def _without_lang(request):
    query = request.GET.copy()
    del query["lang"]
    return request.path + (f"?{query.urlencode()}" if query else "")
