"""Books: what each unit may draw on and what became of it (予算の執行状況), down to the case; and reading files in."""

import hashlib
from itertools import groupby

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.definitions.public import current, current_all
from machi.engines.ledger import public as ledger
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk import export
from machi.entrances.desk.frame import page, unit_titles
from machi.ground.calendar import era_date
from machi.ground.languages import pick

SALT = "desk.books.sheet"
SIGNED_FOR = 60 * 60  # seconds between the look at a file and its entry
LARGEST = 5_000_000
SHOWN = 300


@people.staff_required
def books(request):
    """All books in which there is something this member of staff may see; the only one at once."""
    actor = people.actor_of(request)
    found = [
        {"href": reverse("desk:book", args=[one.code]), "label": pick(one.title, "ja")}
        for one in current_all("book")
        if ledger.visible_accounts(one.bundle, actor).exists() or _may_fill(actor, one.bundle)
    ]
    lists = [
        {
            "href": reverse("desk:handover", args=[version.code, key]),
            "label": pick(one["title"], "ja"),
            "meta": _("%(count)s件") % {"count": count},
        }
        for version, key, one, count in procedures.handovers(actor)
    ]
    return page(request, "desk/books.html", {"books": found, "lists": lists}, here="books")


@people.staff_required
def book(request, code):
    """One book: its accounts by unit with what stands where, and their sums."""
    bundle, actor = _bundle(code), people.actor_of(request)
    visible = ledger.visible_accounts(bundle, actor)
    periods = sorted(set(visible.values_list("period", flat=True)), reverse=True)
    period = request.GET.get("period") if request.GET.get("period") in periods else next(iter(periods), "")
    unit = request.GET.get("unit", "")
    accounts = list(visible.filter(period=period, **({"unit": unit} if unit else {})).order_by("unit", "code"))
    groups = _groups(request, bundle, accounts)
    if request.GET.get("file") in ("csv", "xlsx"):
        return export.as_file(_table(bundle, groups), code, request.GET["file"])
    context = {
        "title": pick(bundle["title"], "ja"),
        "code": code,
        "groups": groups,
        "columns": [{"label": _("科目・内容")}, *({"label": label, "end": True} for label in _headings(bundle))],
        "tabs": [{"href": f"?period={one}", "label": one, "current": one == period} for one in periods if one],
        "query": f"period={period}&unit={unit}",
        "may_fill": _may_fill(actor, bundle),
        "period": period,
        "may_close": bool(bundle["closing"] and period) and people.can_anywhere(actor, "ledger.close"),
    }
    return page(request, "desk/book.html", context, here="books")


@people.staff_required
def account(request, code, account_id):
    """One account: where it stands, every entry with its case, and the accounts that came out of it."""
    bundle, actor = _bundle(code), people.actor_of(request)
    found = ledger.visible_accounts(bundle, actor).filter(pk=account_id).first()
    if found is None:
        raise Http404
    stand = ledger.balances([found])[found.pk]
    context = {
        "title": pick(bundle["title"], "ja"),
        "code": code,
        "account": found,
        "unit": unit_titles(request).get(found.unit, ""),
        "stand": [
            {"term": label, "text": words}
            for label, words in zip(_headings(bundle), _amounts(bundle, found, stand), strict=True)
        ],
        "about": [
            {"label": pick(label, "ja"), "value": found.about.get(name, "")}
            for name, label in bundle["columns"].items()
            if found.about.get(name)
        ],
        "rows": _statement(bundle, found, actor),
        "columns": [*({"label": one} for one in (_("日"), _("内容"), _("場所"))), {"label": _("増減"), "end": True}],
        "children": _children(found, actor),
    }
    return page(request, "desk/book_account.html", context, here="books")


@people.staff_required
def sheet(request, code):
    """Read a file of accounts: first what it would change, then, as it was shown, the entry."""
    bundle, actor = _bundle(code), people.actor_of(request)
    if not _may_fill(actor, bundle):
        raise Http404
    if request.POST.get("signed"):
        return _enter(request, code, bundle, actor)
    context, status = _planned(request, bundle) if request.method == "POST" else ({}, 200)
    columns = (bundle["sheet"]["period"], bundle["sheet"]["unit"], *bundle["sheet"]["columns"].values())
    context |= {
        "title": pick(bundle["title"], "ja"),
        "code": code,
        "wanted": "、".join((*columns, *bundle["sheet"]["amounts"])),
    }
    return page(request, "desk/book_sheet.html", context, here="books", status=status)


def _bundle(code):
    version = current("book", code)
    if version is None:
        raise Http404
    return version.bundle


def _may_fill(actor, bundle):
    return bool(bundle["sheet"]) and people.can_anywhere(actor, "ledger.manage")


def _headings(bundle):
    """The words above the amounts: all that came in, then each place."""
    first = next((move for move in bundle["moves"].values() if move["from"] == "outside"), None)
    places = [pick(one["title"], "ja") for one in bundle["places"].values()]
    return [pick(first["title"], "ja") if first else _("合計"), *places]


def _amounts(bundle, account, stand):
    amounts = [sum(stand.values()), *(stand.get(place, 0) for place in bundle["places"])]
    return [ledger.amount_words(bundle["count"], amount, account and account.about) for amount in amounts]


def _groups(request, bundle, accounts):
    """The accounts by unit: [{"unit", "rows": [{account, amounts}], "sums"}]."""
    stand, titles = ledger.balances(accounts), unit_titles(request)
    return [
        {
            "unit": titles.get(unit, unit),
            "rows": [{"account": one, "amounts": _amounts(bundle, one, stand[one.pk])} for one in found],
            "sums": _amounts(bundle, None, _summed(stand[one.pk] for one in found)),
        }
        for unit, found in ((unit, list(group)) for unit, group in groupby(accounts, key=lambda one: one.unit))
    ]


def _summed(stands):
    total = {}
    for stand in stands:
        for place, amount in stand.items():
            total[place] = total.get(place, 0) + amount
    return total


def _table(bundle, groups):
    """The book as rows of texts, for a file."""
    rows = [
        [group["unit"], row["account"].code, row["account"].title, *row["amounts"]]
        for group in groups
        for row in group["rows"]
    ]
    return [[_("課"), _("コード"), _("科目・内容"), *_headings(bundle)], *rows]


def _statement(bundle, account, actor):
    """The entries of an account, the newest first; the case is a link for who may see it."""
    lines = ledger.statement(account.pk)[-SHOWN:]
    ids = {line.entry.source.removeprefix("case:") for line in lines if line.entry.source.startswith("case:")}
    seen = {f"case:{one}" for one in procedures.visible_cases(actor).filter(pk__in=ids).values_list("pk", flat=True)}
    return [
        {
            "day": era_date(line.entry.day),
            "title": line.entry.title,
            "who": line.entry.by_name,
            "place": pick(bundle["places"][line.balance.place]["title"], "ja"),
            "amount": _signed(bundle, line.amount, account),
            "case": line.entry.source.removeprefix("case:") if line.entry.source in seen else "",
            "undone": bool(line.entry.reverses_id) or hasattr(line.entry, "reversed_by"),
        }
        for line in reversed(lines)
    ]


def _signed(bundle, amount, account):
    return ("+" if amount > 0 else "") + ledger.amount_words(bundle["count"], amount, account.about)


def _children(account, actor):
    """The accounts of other books that came out of this one."""
    found = []
    for one in account.children.order_by("code"):
        bundle = _bundle(one.book)
        if ledger.visible_accounts(bundle, actor).filter(pk=one.pk).exists():
            total = sum(ledger.balances([one])[one.pk].values())
            href = reverse("desk:book_account", args=[one.book, one.pk])
            found.append({"href": href, "label": one.title, "meta": ledger.amount_words(bundle["count"], total)})
    return found


def _planned(request, bundle):
    """The page that shows what a file would change, and its status."""
    upload = request.FILES.get("file")
    if upload is None or upload.size > LARGEST:
        return {"error": _("5MBまでのCSVかExcelのファイルを選んでください。")}, 422
    data = upload.read()
    try:
        rows = ledger.read_sheet(data)
        plan = ledger.plan_sheet(bundle, rows)
    except ledger.UnreadableSheet as fault:
        return {"error": str(fault)}, 422
    faults = [_("%(row)s行目: %(fault)s") % {"row": row, "fault": fault} for row, fault in plan.faults]
    digest = hashlib.sha256(data).hexdigest()[:32]
    return {
        "read": True,
        "faults": [{"text": one} for one in faults],
        "lines": [_line(bundle, line) for line in plan.changed][:SHOWN],
        "count": len(plan.lines),
        "changed": len(plan.changed),
        "heads": [{"label": _("科目・内容")}, *({"label": one, "end": True} for one in bundle["sheet"]["amounts"])],
        "signed": "" if faults else signing.dumps([digest, rows], salt=SALT, compress=True),
    }, 422 if faults else 200


def _line(bundle, line):
    count = bundle["count"]
    return {
        "code": line.code,
        "title": line.title,
        "new": line.new,
        "amounts": [
            {
                "after": ledger.amount_words(count, after),
                "before": ledger.amount_words(count, before) if before != after and not line.new else "",
            }
            for before, after in line.amounts.values()
        ],
    }


def _enter(request, code, bundle, actor):
    """Enter a file as it was shown; what changed meanwhile is worked out anew, and said when it no longer fits."""
    try:
        digest, rows = signing.loads(request.POST["signed"], salt=SALT, max_age=SIGNED_FOR)
        plan = ledger.plan_sheet(bundle, rows)
        fault = plan.faults[0][1] if plan.faults else ""
        if not fault:
            ledger.carry_out(book=bundle, plan=plan, actor=actor, key=f"sheet:{digest}")
    except signing.BadSignature:
        fault = _("確かめてから時間がたちました。もう一度ファイルを選んでください。")
    except ledger.Short:
        fault = _("読み込みの間に執行が進み、減らせない科目があります。もう一度確かめてください。")
    if fault:
        messages.error(request, fault)
        return redirect("desk:book_sheet", code)
    messages.success(request, _("%(count)s件の科目を記帳しました。") % {"count": len(plan.changed)})
    return redirect("desk:book", code)
