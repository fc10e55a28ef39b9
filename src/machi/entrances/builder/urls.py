"""Addresses of the builder."""

from django.urls import path

from machi.entrances.builder.views import looking, publishing, starting, trying, writing

app_name = "builder"
urlpatterns = [
    path("", starting.home, name="home"),
    path("start/", starting.start, name="start"),
    path("<uuid:manuscript_id>/", writing.edit, name="edit"),
    path("<uuid:manuscript_id>/flow/", writing.flow_page, name="flow"),
    path("<uuid:manuscript_id>/about/", writing.about_page, name="about"),
    path("<uuid:manuscript_id>/letters/", writing.letters_page, name="letters"),
    path("<uuid:manuscript_id>/letters/<slug:key>/", looking.letter, name="letter"),
    path("<uuid:manuscript_id>/told/", writing.told, name="told"),
    path("<uuid:manuscript_id>/languages/", writing.languages, name="languages"),
    path("<uuid:manuscript_id>/change/", writing.change, name="change"),
    path("<uuid:manuscript_id>/text/", writing.text, name="text"),
    path("<uuid:manuscript_id>/download/", writing.download, name="download"),
    path("<uuid:manuscript_id>/preview/", looking.preview, name="preview"),
    path("<uuid:manuscript_id>/paper/<str:code>/", looking.paper, name="paper"),
    path("<uuid:manuscript_id>/trials/", trying.trials, name="trials"),
    path("<uuid:manuscript_id>/trials/files/<uuid:link_id>/", trying.trial_file, name="trial_file"),
    path("<uuid:manuscript_id>/trials/on/", trying.try_on, name="try_on"),
    path("<uuid:manuscript_id>/trials/forget/", trying.forget_test, name="forget_test"),
    path("<uuid:manuscript_id>/publishing/", publishing.publishing, name="publishing"),
    path("<uuid:manuscript_id>/propose/", publishing.propose, name="propose"),
    path("<uuid:manuscript_id>/catch-up/", publishing.catch_up, name="catch_up"),
    path("<uuid:manuscript_id>/close/", starting.close, name="close"),
]
