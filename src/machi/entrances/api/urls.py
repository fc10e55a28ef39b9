"""Addresses of the API; its description is at /api/v1/openapi.json."""

from django.urls import path

from machi.entrances.api.views import api

urlpatterns = [path("v1/", api.urls)]
