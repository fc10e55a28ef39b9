"""Addresses of the desk."""

from django.urls import path

from machi.entrances.desk.views import case, queue, upkeep

app_name = "desk"
urlpatterns = [
    path("", queue.today_page, name="today"),
    path("queue/", queue.queue, name="queue"),
    path("bulk/", queue.bulk, name="bulk"),
    path("cases/", queue.cases, name="cases"),
    path("cases/<uuid:case_id>/", case.case, name="case"),
    path("cases/<uuid:case_id>/act/", case.act, name="act"),
    path("cases/<uuid:case_id>/files/<uuid:link_id>/", case.case_file, name="file"),
    path("cases/<uuid:case_id>/documents/<uuid:document_id>/", case.case_document, name="document"),
    path("definitions/", upkeep.definition_list, name="definitions"),
    path("definitions/<str:version_id>/publish/", upkeep.publish, name="publish"),
    path("outside/", upkeep.outside, name="outside"),
    path("outside/<str:effect_id>/", upkeep.settle, name="settle"),
]
