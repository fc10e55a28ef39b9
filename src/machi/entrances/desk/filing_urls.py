"""Addresses of document management at the desk."""

from django.urls import path

from machi.entrances.desk.views import binders, concerned, disposal, document, filing, spines

app_name = "filing"
urlpatterns = [
    path("", filing.documents, name="documents"),
    path("receive/", filing.receive, name="receive"),
    path("binders/", binders.binders, name="binders"),
    path("binders/spines/<slug:unit>/<int:year>/", spines.of_year, name="spines"),
    path("binders/<uuid:binder_id>/", binders.binder, name="binder"),
    path("binders/<uuid:binder_id>/spine/", spines.of_binder, name="spine"),
    path("cases/<uuid:case_id>/", concerned.concerned, name="concerned"),
    path("disposal/", disposal.disposals, name="disposals"),
    path("disposal/<uuid:disposal_id>/", disposal.disposal, name="disposal"),
    path("disposal/<uuid:disposal_id>/certificate/", disposal.certificate, name="certificate"),
    path("<uuid:document_id>/", document.document, name="document"),
    path("<uuid:document_id>/act/", document.act, name="act"),
    path("<uuid:document_id>/files/<uuid:link_id>/", document.document_file, name="file"),
]
