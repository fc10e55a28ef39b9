"""Amounts of a book in words: yen, points, and minutes as days, hours and minutes."""

from django.utils.translation import gettext as _

from machi.ground.money import yen_words

DAY = 465  # minutes of a whole day of work (7 hours 45 minutes), where an account does not say its own


def amount_words(count, amount, about=None):
    """`amount` of a book that counts `count`, as people say it; about: what the account says of itself."""
    if count == "yen":
        return yen_words(amount)
    if count == "points":
        return _("%(amount)sポイント") % {"amount": f"{amount:,}"}
    day = int((about or {}).get("day") or DAY)
    minus, amount = "-" if amount < 0 else "", abs(amount)
    parts = ((amount // day, _("%(n)s日")), (amount % day // 60, _("%(n)s時間")), (amount % day % 60, _("%(n)s分")))
    return minus + ("".join(words % {"n": n} for n, words in parts if n) or _("%(n)s日") % {"n": 0})
