"""Addresses of the exchange."""

from django.urls import path

from machi.entrances.exchange.views import overlays, packages

app_name = "exchange"
urlpatterns = [
    path("", packages.home, name="packages"),
    path("overlays/", overlays.overlays, name="overlays"),
    path("export/", packages.export, name="export"),
    path("<uuid:arrival_id>/", packages.arrival, name="arrival"),
]
