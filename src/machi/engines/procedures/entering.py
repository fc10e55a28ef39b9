"""The step that makes entries in the ledger: all of its moves or none, once; or what other steps entered is undone."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from machi.engines.ledger import public as ledger
from machi.engines.procedures import flow
from machi.engines.procedures.accounts import short_words
from machi.engines.procedures.rules import Refused
from machi.ground.calendar import fiscal_year, today
from machi.ground.languages import pick


def enter(run, key, step):
    """Carry out the step; where there is not enough, the case goes the way for that, and nothing was entered."""
    active = flow.open_step(run, key, step)
    try:
        _move(run, active, step) if step["moves"] else _undo(run, step)
    except ledger.Short as short:
        flow.finish_step(active, "short")
        run.say("entry_short", {"step": key}, {"words": _words(run, short)})
        return step["outcomes"].get("short") or step["outcomes"]["done"]
    except ledger.NoAccount as gone:
        raise Refused(_gone()) from gone
    flow.finish_step(active, "done")
    run.say("entered", {"step": key})
    return step["outcomes"]["done"]


def undo_all(run, why):
    """Whatever the case entered is undone. Raises Refused where others rest on it."""
    try:
        ledger.undo(source=run.case.owner, title=why, actor=run.actor)
    except ledger.Short as short:
        message = _("「%(title)s」は、あとの手続ですでに使われているため、取り消すことができません。")
        raise Refused(message % {"title": short.account.title}) from short
    except ledger.NoAccount as gone:
        raise Refused(_gone()) from gone


def _move(run, active, step):
    seen = {**run.values(), "case": {"number": run.case.number, "reference": run.case.reference}}
    said = [(one, run.evaluate(one["account"], seen), run.evaluate(one["amount"], seen)) for one in step["moves"]]
    for one, code, _amount in said:
        if one["opens"]:
            _open(run, one, code, {code for _one, code, _amount in said} | _chosen(seen), seen)
    ledger.enter(
        key=f"{run.case.owner}:{active.key}:{active.round}",
        postings=[
            ledger.Posting(run.bundle["used"][one["book"]], code or "?", one["move"], amount or 0)
            for one, code, amount in said
        ],
        title=f"{pick(step['title'], 'ja')} {run.case.number} {run.case.subject}".strip(),
        actor=run.actor,
        source=run.case.owner,
    )


def _chosen(seen):
    """The codes of the accounts that were chosen in the form."""
    return {said["code"] for said in seen.values() if isinstance(said, Mapping) and "whole" in said}


def _open(run, one, code, others, seen):
    """The account that this step opens for the case, under the account it comes from, which it draws on."""
    of = run.evaluate(one["opens"]["of"], seen) if one["opens"]["of"] else None
    parent = ledger.Account.objects.filter(code=of).first() if of in others else None
    ledger.open_account(
        book=run.bundle["used"][one["book"]],
        code=code,
        title=run.evaluate(one["opens"]["title"], seen) or code,
        actor=run.actor,
        parent=parent,
        period=parent.period if parent else str(fiscal_year(today())),
        unit=one["opens"]["unit"] or run.case.unit,
        source=run.case.owner,
        is_sample=run.case.sample,
    )


def _undo(run, step):
    """Reverse what the named steps entered for this case."""
    standing = reversed(ledger.entries_of(run.case.owner))
    starts = tuple(f"{run.case.owner}:{key}:" for key in step["undo"])
    for one in standing:
        if one.key.startswith(starts):
            ledger.reverse(entry_id=one.pk, title=f"{pick(step['title'], 'ja')} {run.case.number}", actor=run.actor)


def _gone():
    return _("使う勘定が見つからないか、年度が締められています。担当の課に相談してください。")


def _words(run, short):
    book = next(one for one in run.bundle["used"].values() if one.get("code") == short.account.book)
    return short_words(short.account, short.left, short.wanted, book["count"])
