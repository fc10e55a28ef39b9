"""The least a web application can do: an empty 200."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
