"""Addresses of the exchange."""

from django.urls import path

from machi.entrances.exchange.views import forms, overlays, packages

app_name = "exchange"
urlpatterns = [
    path("", packages.home, name="packages"),
    path("overlays/", overlays.overlays, name="overlays"),
    path("forms/", forms.home, name="forms"),
    path("forms/<uuid:arrival_id>/", forms.form, name="form"),
    path("forms/<uuid:arrival_id>/file/", forms.form_file, name="form_file"),
    path("export/", packages.export, name="export"),
    path("<uuid:arrival_id>/", packages.arrival, name="arrival"),
]
