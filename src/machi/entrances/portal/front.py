"""The front page for visitors who are nobody yet, from memory: in a disaster everybody looks at it at once.

A page is kept for a second, so that whatever changes is seen a second later, and nobody has to say that it has changed.
Only what is the same for everybody is kept: a visitor with a session, with a message waiting or a query gets a page of
their own, and an answer that sets a cookie is for its visitor alone.
"""

import time

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from machi.ui.middleware import language_of


class FrontPage:
    """A WSGI application that answers `GET /` from memory where it may, and lets `application` answer the rest."""

    def __init__(self, application, *, keep=1.0, clock=time.monotonic):
        self.application, self.keep, self.clock = application, keep, clock
        self.pages = {}  # language code → (until, status, headers, body)

    def __call__(self, environ, start_response):
        language = _language(environ)
        if language is None:
            return self.application(environ, start_response)
        until, *page = self.pages.get(language, (0, None))
        if until < self.clock():
            until, *page = self._render(language, environ)
        status, headers, body = page
        start_response(status, headers)
        return [body]

    def _render(self, language, environ):
        """The page as the application answers it; kept if it is a page for everybody."""
        said = []
        answer = self.application(environ, lambda *words: said.append(words))
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        status, headers = said[-1][:2]
        page = (self.clock() + self.keep, status, headers, body)
        if status.startswith("200") and not any(name.lower() == "set-cookie" for name, _value in headers):
            self.pages[language] = page
        return page


def _language(environ):
    """The language in which a visitor who is nobody yet asks for the front page; None for all other requests."""
    asks = environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO") == "/"
    if not asks or environ.get("QUERY_STRING") or "HTTP_HX_REQUEST" in environ:
        return None
    request = WSGIRequest(environ)
    personal = (settings.SESSION_COOKIE_NAME, "messages")
    return None if any(name in request.COOKIES for name in personal) else language_of(request)
