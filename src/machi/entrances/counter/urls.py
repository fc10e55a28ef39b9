"""Addresses of the counter: the clerk's, and those of the screen that faces people."""

from django.urls import path

from machi.entrances.counter.host import COUNTER
from machi.entrances.counter.views import agreeing, facing, papers, receiving
from machi.entrances.filling.urls import addresses

app_name = "counter"
urlpatterns = [
    path("", receiving.home, name="home"),
    path("open/", receiving.open_code, name="open"),
    path("language/", receiving.language, name="language"),
    path("close/", receiving.close, name="close"),
    path("screen/pair/", receiving.pair, name="pair"),
    path("screen/free/", receiving.free, name="free"),
    path("screen/", facing.screen, name="screen"),
    path("screen/now/", facing.now_shown, name="screen_now"),
    path("screen/begin/", facing.begin, name="screen_begin"),
    path("screen/language/", facing.language, name="screen_language"),
    path("screen/answer/", facing.answer, name="screen_answer"),
    path("papers/", papers.papers, name="papers"),
    path("papers/put/", papers.put_in, name="put_in"),
    path("papers/<uuid:scan_id>.jpg", papers.scan, name="scan"),
    path("papers/<uuid:scan_id>/", papers.assign, name="assign"),
    path("drafts/<uuid:draft_id>/later/", receiving.later, {"host": COUNTER}, name="later"),
    path("drafts/<uuid:draft_id>/ask/", agreeing.ask, {"host": COUNTER}, name="ask"),
    path("drafts/<uuid:draft_id>/paper/", agreeing.on_paper, {"host": COUNTER}, name="on_paper"),
    path("drafts/<uuid:draft_id>/agreed/", agreeing.state, {"host": COUNTER}, name="agreed"),
    path("cases/<uuid:case_id>/", receiving.lead_home, name="case"),
    *addresses(COUNTER, procedures="procedures/"),
    path("procedures/<str:code>/", receiving.lead_home, name="procedure"),
]
