"""Addresses of the portal."""

from django.urls import path

from machi.entrances.filling.urls import addresses
from machi.entrances.portal.host import PORTAL
from machi.entrances.portal.views import again, binders, finding, guiding, mine, signing

app_name = "portal"
urlpatterns = [
    path("", finding.home, name="home"),
    path("search/", finding.search, name="search"),
    path("doors/<slug:key>/", finding.door, name="door"),
    path("procedures/", finding.procedures, name="procedures"),
    path("procedures/<str:code>/form.pdf", finding.blank_form, name="blank_form"),
    path("procedures/<str:code>/", finding.procedure, name="procedure"),
    path("guide/", guiding.guides, name="guides"),
    path("guide/<str:code>/", guiding.guide, name="guide"),
    path("guide/<str:code>/start/", guiding.start, name="guide_start"),
    path("plans/<uuid:draft_id>/", guiding.plan, name="plan"),
    path("plans/<uuid:draft_id>/mark/", guiding.mark, name="plan_mark"),
    path("plans/<uuid:draft_id>/calendar.ics", guiding.calendar, name="plan_calendar"),
    path("plans/<uuid:draft_id>/begin/<slug:task>/", guiding.begin, name="plan_begin"),
    path("plans/<uuid:draft_id>/<slug:page>/", guiding.page, name="plan_page"),
    path("g/<str:code>/", guiding.by_code, name="plan_code"),
    path("d/<str:token>/", again.resume, name="resume"),
    path("drafts/<uuid:draft_id>/later/", again.later, {"host": PORTAL}, name="later"),
    path("drafts/<uuid:draft_id>/counter/", again.counter_code, {"host": PORTAL}, name="counter_code"),
    *addresses(PORTAL, procedures="procedures/"),
    path("c/<str:token>/", again.link, name="link"),
    path("s/<str:token>/", signing.sign, name="sign"),
    path("s/<str:token>/files/<uuid:link_id>/", signing.sign_file, name="sign_file"),
    path("find/", again.find_by_number, name="find"),
    path("my/", mine.mine, name="mine"),
    path("my/inbox/", mine.inbox, name="inbox"),
    path("my/inbox/<uuid:notice_id>/", mine.inbox_notice, name="inbox_notice"),
    path("binders/", binders.binders, name="binders"),
    path("voices/", mine.voices, name="voices"),
]
