"""Addresses of the desk."""

from django.urls import path

from machi.entrances.desk.views import (
    absence,
    approvals,
    books,
    case,
    digest,
    groups,
    guides,
    papers,
    queue,
    today,
    upkeep,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("queue/", queue.queue, name="queue"),
    path("bulk/", queue.bulk, name="bulk"),
    path("approvals/", approvals.inbox, name="approvals"),
    path("approvals/mark/", approvals.mark, name="approvals_mark"),
    path("absence/", absence.absence, name="absence"),
    path("absence/<uuid:absence_id>/take-back/", absence.take_back, name="absence_take_back"),
    path("cases/", queue.cases, name="cases"),
    path("cases/<uuid:case_id>/", case.case, name="case"),
    path("cases/<uuid:case_id>/act/", case.act, name="act"),
    path("cases/<uuid:case_id>/files/<uuid:link_id>/", papers.case_file, name="file"),
    path("cases/<uuid:case_id>/documents/<uuid:document_id>/", papers.case_document, name="document"),
    path("books/", books.books, name="books"),
    path("books/<str:code>/", books.book, name="book"),
    path("books/<str:code>/sheet/", books.sheet, name="book_sheet"),
    path("books/<str:code>/accounts/<uuid:account_id>/", books.account, name="book_account"),
    path("cases/<uuid:case_id>/group/", groups.put_in, name="put_in"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<uuid:group_id>/", groups.group, name="group"),
    path("groups/<uuid:group_id>/change/", groups.change, name="group_change"),
    path("digest/", digest.digest, name="digest"),
    path("definitions/", upkeep.definition_list, name="definitions"),
    path("definitions/<uuid:version_id>/publish/", upkeep.publish, name="publish"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<str:code>/start/", guides.start, name="guide_start"),
    path("plans/<str:code>/", guides.plan, name="plan"),
    path("plans/<str:code>/answers/", guides.answers, name="plan_answers"),
    path("outside/", upkeep.outside, name="outside"),
    path("outside/mails/<uuid:delivery_id>/", upkeep.settle_mail, name="settle_mail"),
    path("outside/calls/<uuid:effect_id>/", upkeep.settle_call, name="settle_call"),
]
