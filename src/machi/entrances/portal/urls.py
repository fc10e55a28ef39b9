"""Addresses of the portal."""

from django.urls import path

from machi.entrances.portal.views import correcting, filling, finding, following, guiding, mine, sending

app_name = "portal"
urlpatterns = [
    path("", finding.home, name="home"),
    path("search/", finding.search, name="search"),
    path("doors/<slug:key>/", finding.door, name="door"),
    path("procedures/", finding.procedures, name="procedures"),
    path("procedures/<str:code>/", finding.procedure, name="procedure"),
    path("procedures/<str:code>/start/", filling.start, name="start"),
    path("d/<str:token>/", sending.resume, name="resume"),
    path("drafts/<uuid:draft_id>/review/", sending.review, name="review"),
    path("drafts/<uuid:draft_id>/later/", sending.later, name="later"),
    path("drafts/<uuid:draft_id>/discard/", sending.discard, name="discard"),
    path("drafts/<uuid:draft_id>/files/<uuid:link_id>/", following.draft_file, name="draft_file"),
    path("drafts/<uuid:draft_id>/<slug:page>/", filling.page, name="page"),
    path("guide/", guiding.guides, name="guides"),
    path("guide/<str:code>/", guiding.guide, name="guide"),
    path("guide/<str:code>/start/", guiding.start, name="guide_start"),
    path("plans/<uuid:draft_id>/", guiding.plan, name="plan"),
    path("plans/<uuid:draft_id>/mark/", guiding.mark, name="plan_mark"),
    path("plans/<uuid:draft_id>/calendar.ics", guiding.calendar, name="plan_calendar"),
    path("plans/<uuid:draft_id>/begin/<slug:task>/", guiding.begin, name="plan_begin"),
    path("plans/<uuid:draft_id>/<slug:page>/", guiding.page, name="plan_page"),
    path("g/<str:code>/", guiding.by_code, name="plan_code"),
    path("c/<str:token>/", following.link, name="link"),
    path("cases/<uuid:case_id>/", following.case, name="case"),
    path("cases/<uuid:case_id>/correct/", correcting.correct, name="correct"),
    path("cases/<uuid:case_id>/withdraw/", following.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/files/<uuid:link_id>/", following.case_file, name="case_file"),
    path("cases/<uuid:case_id>/documents/<uuid:document_id>/", following.document, name="document"),
    path("find/", following.find_by_number, name="find"),
    path("my/", mine.mine, name="mine"),
    path("my/inbox/", mine.inbox, name="inbox"),
    path("my/inbox/<uuid:notice_id>/", mine.inbox_notice, name="inbox_notice"),
    path("voices/", mine.voices, name="voices"),
]
