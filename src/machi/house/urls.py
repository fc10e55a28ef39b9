"""The whole map of addresses."""

from django.urls import include, path

from machi.house.city_look import background, style
from machi.house.health import health

urlpatterns = [
    path("healthz", health),
    path("city.css", style),
    path("city.geojson", background),
    path("accounts/", include("machi.engines.people.urls")),
    path("gallery/", include("machi.ui.gallery.urls")),
    path("verify/", include("machi.engines.documents.urls")),
    path("api/", include("machi.entrances.api.urls")),
    path("exchange/", include("machi.entrances.exchange.urls")),
    path("counter/", include("machi.entrances.counter.urls")),
    path("builder/", include("machi.entrances.builder.urls")),
    path("desk/start/", include("machi.entrances.desk.drafting_urls")),
    path("desk/filing/", include("machi.entrances.desk.filing_urls")),
    path("desk/", include("machi.entrances.desk.urls")),
    path("", include("machi.entrances.portal.urls")),
]
