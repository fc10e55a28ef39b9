"""Addresses of an application, for the entrance that mounts them."""

from django.urls import path

from machi.entrances.filling.views import correcting, following, pages, printing, sending


def addresses(host, *, procedures=""):
    """The patterns of `host`, each page behind its guard; `procedures` stands before a procedure's code."""
    routes = (
        (f"{procedures}<str:code>/start/", pages.start, "start"),
        ("drafts/<uuid:draft_id>/review/", sending.review, "review"),
        ("drafts/<uuid:draft_id>/discard/", sending.discard, "discard"),
        ("drafts/<uuid:draft_id>/files/<uuid:link_id>/", following.draft_file, "draft_file"),
        ("drafts/<uuid:draft_id>/form.pdf", printing.draft_form, "draft_form"),
        ("drafts/<uuid:draft_id>/<slug:page>/", pages.page, "page"),
        ("cases/<uuid:case_id>/", following.case, "case"),
        ("cases/<uuid:case_id>/correct/", correcting.correct, "correct"),
        ("cases/<uuid:case_id>/withdraw/", following.withdraw, "withdraw"),
        ("cases/<uuid:case_id>/readdress/", following.readdress, "readdress"),
        ("cases/<uuid:case_id>/files/<uuid:link_id>/", following.case_file, "case_file"),
        ("cases/<uuid:case_id>/documents/<uuid:document_id>/", following.document, "document"),
    )
    return [path(route, host.guard(view), {"host": host}, name=name) for route, view, name in routes]
