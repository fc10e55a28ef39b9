"""A visitor with a browser's habits and none of its weight: keeps connection and cookies, sends what forms hold."""

import re
from http.client import HTTPConnection
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
NAME, VALUE = re.compile(r'name="([^"]*)"'), re.compile(r'value="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Visitor:
    """One visitor of the server at (host, port)."""

    def __init__(self, host, port):
        self.connection = HTTPConnection(host, port, timeout=30)
        self.cookies, self.page = {}, ""

    def get(self, path):
        """Open a page, following redirects; returns the path where it ended."""
        return self._ask("GET", path)

    def post(self, path, **values):
        """Send the hidden fields of the page in hand and `values`; returns the path where it ended."""
        body = urlencode({**self.hidden(), **values})
        return self._ask("POST", path, body, FORM)

    def hidden(self):
        """The hidden fields of the page in hand."""
        tags = HIDDEN.findall(self.page)
        return {NAME.search(tag)[1]: (VALUE.search(tag) or ("", ""))[1] for tag in tags if NAME.search(tag)}

    def _ask(self, method, path, body=None, headers=None):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {"Cookie": cookies, **(headers or {})})
        answer = self.connection.getresponse()
        self.page = answer.read().decode()
        for line in answer.msg.get_all("Set-Cookie") or ():
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status in (301, 302, 303):
            return self.get(answer.headers["Location"])
        if answer.status != 200:
            message = f"{method} {path}: {answer.status}\n{self.page[:2000]}"
            raise RuntimeError(message)
        return path
