"""Addresses of the gallery."""

from django.urls import path

from machi.ui.gallery import views

app_name = "gallery"
urlpatterns = [
    path("", views.components, name="components"),
    path("filling/", views.filling, name="filling"),
    path("<slug:name>/", views.page, name="page"),
]
