"""Accounts of the ledger that a form draws on: which are offered, what is left, and whether it will do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger
from machi.engines.procedures import scope


@dataclass(frozen=True)
class Offer:
    """One account to choose: what is left of it in words."""

    code: str
    of: str
    whole: int
    title: str
    left: str


def accounts_offered(version, keys, actor):
    """The accounts this actor may choose at the account fields among `keys`: {key: [Offer, …]}."""
    return {
        question.key: [_offer(account, left, count) for account, left, count in _drawn_on(question, actor)]
        for question in _asked(version, keys)
    }


def account_notes(version, sheet, keys):
    """What will be left of each chosen account: {key: sentence}."""
    return {key: _after(*found) for key, found in _chosen(version, sheet, keys) if found[2] is not None}


def account_errors(version, sheet, actor, *, only=None):
    """What is wrong with the chosen accounts, by field: not theirs, closed, or not enough left."""
    errors = {}
    for key, (account, left, wanted, count) in _chosen(version, sheet, only):
        if account is None or not _may_draw(version, key, account, actor) or not _is(account, sheet.values[key]):
            errors[key] = _("選んだものは今は使えません。もう一度選んでください。")
        elif wanted is not None and left - _floor(version, key) < wanted:
            errors[key] = short_words(account, left, wanted, count)
    return errors


def short_words(account, left, wanted, count):
    """The sentence that says how much is missing."""
    words = {
        "title": account.title,
        "left": ledger.amount_words(count, left, account.about),
        "wanted": ledger.amount_words(count, wanted, account.about),
        "missing": ledger.amount_words(count, wanted - left, account.about),
    }
    return _(
        "「%(title)s」の残りは%(left)sで、%(wanted)sには%(missing)s足りません。"
        "金額や数を減らすか、ほかを選ぶか、担当の課に相談してください。"
    ) % words


def _asked(version, keys):
    questions = scope.form_of(version).fields
    return [one for one in questions if one.field.type == "account" and (keys is None or one.key in keys)]


def _drawn_on(question, actor):
    """(account, what is left, what it counts) of every account this actor draws on."""
    book = _book(question)
    accounts = list(_open_to(question, book, actor)) if book else []
    stand = ledger.balances(accounts)
    return [(one, stand[one.pk].get(question.field.place, 0), book["count"]) for one in accounts]


def _floor(version, key):
    """How far the place may fall: below nothing only where the book lets it, with a warning."""
    question = scope.form_of(version).questions[key]
    place = _book(question)["places"].get(question.field.place)
    return place["floor"] if place else 0


def _book(question):
    version = current("book", question.field.book)
    return version.bundle if version else None


def _offer(account, left, count):
    words = _("残り %(left)s") % {"left": ledger.amount_words(count, left, account.about)}
    of = account.parent.code if account.parent else ""
    return Offer(account.code, of, _whole(account), account.title, words)


def _chosen(version, sheet, keys):
    """(key, (account or None, left, wanted, count)) of each account chosen."""
    for question in _asked(version, keys):
        chosen, book = sheet.values.get(question.key), _book(question)
        if chosen is None or book is None:
            continue
        account = ledger.account(book["code"], chosen["code"])
        left = ledger.balances([account])[account.pk].get(question.field.place, 0) if account else 0
        wanted = scope.evaluate_with(version, question.field.needs, sheet.values) if question.field.needs else None
        yield question.key, (account, left, wanted, book["count"])


def _may_draw(version, key, account, actor):
    question = scope.form_of(version).questions[key]
    return _open_to(question, _book(question), actor).filter(pk=account.pk).exists()


def _open_to(question, book, actor):
    return ledger.accounts_in(book) if question.field.any_unit else ledger.accounts_of(book, actor)


def _is(account, chosen):
    """Whether the answer says of the account what is so."""
    of = account.parent.code if account.parent else ""
    return (account.title, of, _whole(account)) == (chosen["title"], chosen["of"], chosen["whole"])


def _whole(account):
    """How many of what the account counts make one whole, as it says of itself; 0 where it does not."""
    return int(account.about.get("day") or 0)


def _after(account, left, wanted, count):
    if account is None:
        return ""
    if left < wanted:
        return short_words(account, left, wanted, count)
    left_now, then = (ledger.amount_words(count, amount, account.about) for amount in (left, left - wanted))
    return _("残りは%(left)s、この申請のあとは%(then)sになります。") % {"left": left_now, "then": then}
