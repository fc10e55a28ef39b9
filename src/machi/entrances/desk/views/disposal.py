"""Disposal at the desk: what is due, the list, the second person, the certificate."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.documents import public as papers
from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.entrances.desk import filing_words as words
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.views.filing import error_lines, seers_only, tabs
from machi.entrances.desk.words import chip
from machi.ground.calendar import TOKYO, UnreadableDate, era_date, parse_date

SHOWN = 100


@people.staff_required
def disposals(request):
    """What is due by unit, and the lists; a new list."""
    actor = seers_only(request)
    if request.method == "POST":
        try:
            made = filing.make_list(unit=request.POST.get("unit", ""), actor=actor)
        except filing.NotAllowed:
            raise Http404 from None
        except filing.Refused as refused:
            messages.error(request, refused.message)
            return redirect("filing:disposals")
        return redirect("filing:disposal", disposal_id=made.id)
    titles = unit_titles(request)
    context = {
        "tabs": tabs("disposal"),
        "due": [(titles[row.unit.code], row) for row in filing.due_by_unit(actor)],
        "lists": [_list_row(one, titles) for one in filing.lists(actor)[:SHOWN]],
    }
    return page(request, "desk/filing/disposals.html", context, here="filing")


def _list_row(one, titles):
    return {
        "list": one,
        "label": _("%(unit)s %(year)s年度") % {"unit": titles.get(one.unit, one.unit), "year": one.year},
        "chip": chip(words.LISTS[one.state]),
        "made": era_date(one.made_at.astimezone(TOKYO).date()),
    }


@people.staff_required
def disposal(request, disposal_id):
    """One list: its binders and what shall become of them; the next step is the maker's or the second person's."""
    actor, made = _list_or_404(request, disposal_id)
    errors, message, status = {}, "", 200
    if request.method == "POST":
        try:
            return _done(request, actor, made)
        except filing.Refused as refused:
            errors, message, status = refused.errors, refused.message, 422
            made.refresh_from_db()
        except filing.NotAllowed:
            message, status = _("この操作をする権限がありません。"), 403
    titles = unit_titles(request)
    context = {
        "list": made,
        "title": _list_row(made, titles)["label"],
        "chip": chip(words.LISTS[made.state]),
        "lines": [_line(line, request) for line in _lines(made)],
        "progress": filing.progress(made),
        "may_change": made.state == "drafted" and filing.may(actor, "filing.dispose", made),
        "may_confirm": made.state == "proposed" and filing.may(actor, "filing.confirm", made),
        "own": made.made_by == actor.key,
        "choices": words.options(words.CHOICES),
        "errors": error_lines(errors),
        "wrong": errors,
        "message": message,
    }
    return page(request, "desk/filing/disposal.html", context, here="filing", status=status)


def _list_or_404(request, disposal_id):
    actor = seers_only(request)
    made = filing.lists(actor).filter(id=disposal_id).first()
    if made is None:
        raise Http404
    return actor, made


def _lines(made):
    return made.lines.select_related("binder").order_by("binder__year", "binder__code", "id")


def _line(line, request):
    post, key = request.POST, str(line.id)
    outcomes = filing.outcomes(line)
    return {
        "line": line,
        "choice_name": f"choice-{key}",
        "reason_name": f"reason-{key}",
        "until_name": f"until-{key}",
        "code": filing.spelled(line.binder.code),
        "keep": words.keep_words(line.binder.keep),
        "count": sum(outcomes.values()),
        "label": words.CHOICES[line.choice],
        "choice": post.get(f"choice-{key}", line.choice),
        "reason": post.get(f"reason-{key}", line.reason),
        "until": post.get(f"until-{key}", words.day(line.until)),
        "outcomes": [(words.OUTCOMES[name], number) for name, number in outcomes.items() if name and number],
    }


def _done(request, actor, made):
    post, do = request.POST, request.POST.get("_do", "")
    if do in ("save", "propose"):
        filing.choose(disposal_id=made.id, choices=_choices(post, made), actor=actor)
        said = _("リストを保存しました。")
        if do == "propose":
            filing.propose(disposal_id=made.id, actor=actor)
            said = _("確認に出しました。ほかの人の確認を待ちます。")
    elif do == "withdraw":
        filing.withdraw(disposal_id=made.id, actor=actor)
        said = _("リストを取り下げました。")
    elif do == "send_back":
        filing.send_back(disposal_id=made.id, note=post.get("note", ""), actor=actor)
        said = _("作成者に戻しました。")
    else:
        filing.confirm(disposal_id=made.id, actor=actor)
        said = _("確認しました。これから廃棄・移管を行います。")
    messages.success(request, said)
    return redirect("filing:disposal", disposal_id=made.id)


def _choices(post, made):
    """{line id: (choice, reason, until)} as the form says it."""
    chosen, errors = {}, {}
    for line in made.lines.all():
        if f"choice-{line.id}" in post:
            try:
                said = post.get(f"until-{line.id}", "").strip()
                until = parse_date(said) if said else None
            except UnreadableDate as fault:
                errors[f"until-{line.id}"] = fault.message
                continue
            chosen[line.id] = (post[f"choice-{line.id}"], post.get(f"reason-{line.id}", ""), until)
    if errors:
        raise filing.Refused(_("入力を確かめてください。"), errors)
    return chosen


@people.staff_required
def certificate(request, disposal_id):
    """The certificate of a list that was carried out."""
    _actor, made = _list_or_404(request, disposal_id)
    if made.certificate is None:
        raise Http404
    answer = HttpResponse(papers.pdf(papers.document(made.certificate)), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="disposal.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
