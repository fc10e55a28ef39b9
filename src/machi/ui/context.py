"""What every page knows."""

from machi.ground.languages import BY_CODE, LANGUAGES


def page(request):
    """The languages and the one in use."""
    code = getattr(request, "LANGUAGE_CODE", "ja")
    return {"languages": LANGUAGES, "language": BY_CODE.get(code, LANGUAGES[0])}
