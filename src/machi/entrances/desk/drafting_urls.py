"""Addresses under which staff apply (申請・起案)."""

from django.urls import path

from machi.entrances.desk.drafting import DRAFTING
from machi.entrances.desk.views import drafting
from machi.entrances.filling.urls import addresses

app_name = "drafting"
urlpatterns = [
    path("", drafting.catalogue, name="catalogue"),
    path("mine/", drafting.mine, name="mine"),
    path("drafts/<uuid:draft_id>/later/", drafting.later, {"host": DRAFTING}, name="later"),
    path("cases/<uuid:case_id>/recall/", drafting.recall, {"host": DRAFTING}, name="recall"),
    path("cases/<uuid:case_id>/places/", drafting.places, {"host": DRAFTING}, name="places"),
    *addresses(DRAFTING),
    path("<str:code>/", drafting.procedure, name="procedure"),
]
