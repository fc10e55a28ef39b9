"""The whole map of addresses."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("machi.engines.people.urls")),
    path("gallery/", include("machi.ui.gallery.urls")),
    path("verify/", include("machi.engines.documents.urls")),
]
