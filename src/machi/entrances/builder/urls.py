"""Addresses of the builder."""

from django.urls import path

from machi.entrances.builder import views

app_name = "builder"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("<uuid:manuscript_id>/", views.edit, name="edit"),
    path("<uuid:manuscript_id>/change/", views.change, name="change"),
    path("<uuid:manuscript_id>/text/", views.text, name="text"),
    path("<uuid:manuscript_id>/download/", views.download, name="download"),
    path("<uuid:manuscript_id>/preview/", views.preview, name="preview"),
]
