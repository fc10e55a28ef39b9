"""When applications are taken (受付期間): what is said before it begins and after it is over."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.ground.calendar import TOKYO, now
from machi.ground.daywords import date_words, time_words

BY_HAND = ("counter", "platform")  # what came in time may be typed or read in later


def not_taken(bundle, at=None):
    """Why no application is taken at this moment, in the language that is on; "" when they are."""
    opens, closes = window(bundle)
    at = at or now()
    if opens and at < opens:
        return _("受付は、%(when)sに始まります。") % {"when": _words(bundle["period"]["opens"])}
    if closes and at >= closes:
        return _("受付は、%(when)sで終わりました。") % {"when": _words(bundle["period"]["closes"])}
    return ""


def not_sent(bundle, origin):
    """The same of an application that is being sent; what was written is not lost."""
    why = "" if origin in BY_HAND else not_taken(bundle)
    return why and _("%(why)s 書いたものは、消えていません。担当の課に相談してください。") % {"why": why}


def period_words(bundle):
    """From when until when applications are taken, in the language that is on; "" when always."""
    said = bundle.get("period") or {}
    ends = {name: _words(said[name]) for name in ("opens", "closes") if said.get(name)}
    if len(ends) == 2:
        return _("%(opens)sから、%(closes)sまで") % ends
    if "opens" in ends:
        return _("%(opens)sから") % ends
    return _("%(closes)sまで") % ends if ends else ""


def window(bundle):
    """The first moment at which applications are taken, and the first at which they are no longer."""
    said = bundle.get("period") or {}
    opens, closes = moment_of(said.get("opens")), moment_of(said.get("closes"))
    whole_day = closes and "T" not in said["closes"]
    return opens, closes + timedelta(days=1) if whole_day else closes


def moment_of(text):
    """The moment that a definition writes, "" or None for none. Raises ValueError."""
    if not text:
        return None
    day, _t, clock = text.partition("T")
    at = time.fromisoformat(clock) if clock else time.min
    return datetime.combine(date.fromisoformat(day), at, tzinfo=TOKYO)


def _words(text):
    """A day, or a day with its time, as people read it."""
    say = time_words if "T" in text else lambda moment, language: date_words(moment.date(), language)
    return say(moment_of(text), get_language() or "ja")
