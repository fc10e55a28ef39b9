"""Addresses of the exchange."""

from django.urls import path

from machi.entrances.exchange.views import applications, forms, overlays, packages

app_name = "exchange"
urlpatterns = [
    path("", packages.door, name="home"),
    path("packages/", packages.home, name="packages"),
    path("overlays/", overlays.overlays, name="overlays"),
    path("applications/", applications.home, name="applications"),
    path("applications/<uuid:file_id>/", applications.application_file, name="application_file"),
    path("applications/<uuid:file_id>/file/", applications.application_original, name="application_original"),
    path("forms/", forms.home, name="forms"),
    path("forms/<uuid:arrival_id>/", forms.form, name="form"),
    path("forms/<uuid:arrival_id>/file/", forms.form_file, name="form_file"),
    path("packages/export/", packages.export, name="export"),
    path("packages/<uuid:arrival_id>/", packages.arrival, name="arrival"),
]
