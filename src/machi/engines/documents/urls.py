"""Addresses of the documents engine."""

from django.urls import path

from machi.engines.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.verify, name="verify"),
    path("<str:code>", views.verify_code, name="verify_code"),
]
