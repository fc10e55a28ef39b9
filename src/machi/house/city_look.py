"""How the loaded city looks: its colour as a stylesheet (no page needs an inline style), its drawn map."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.cache import cache_control

from machi.engines.definitions.public import city

MAP = settings.CITY / "data" / "map.geojson"


@cache_control(public=True, max_age=86400)
def style(_request):
    """`/city.css`: the accent colour of the city."""
    colour = city().get("colour")
    return HttpResponse(f":root{{--accent:{colour}}}" if colour else "", content_type="text/css")


@cache_control(public=True, max_age=86400)
def background(_request):
    """`/city.geojson`: what maps show where there is no network (shelters, rivers)."""
    if not MAP.exists():
        raise Http404
    return FileResponse(MAP.open("rb"), content_type="application/geo+json")
