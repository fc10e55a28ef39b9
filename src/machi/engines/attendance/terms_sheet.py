"""A file of terms of work (CSV or Excel) read into a plan, shown before it counts, and carried out as shown.

One row says how one member of staff works from a day on; what is the same already is left alone.
"""

import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.ground.calendar import UnreadableDate, parse_date

from .actions import set_terms
from .define import EMPLOYED, HEADINGS
from .models import Terms


@dataclass(frozen=True)
class TermsGiven:
    """How somebody works from a day on."""

    employment: str
    hired_on: date
    weekly_days: int
    day_minutes: int
    starts: time
    ends: time
    rest_minutes: int
    from_day: date


@dataclass
class TermsPlan:
    """What a file will do: (person, TermsGiven) that are new, how many rows there are, and (row, sentence) faults."""

    lines: list = field(default_factory=list)
    count: int = 0
    faults: list = field(default_factory=list)


def read_terms(said):
    """The TermsGiven of {name: text} as people write them, and {name: sentence} of what is wrong (then None)."""
    found, errors = {}, {}
    for name, reader in READERS.items():
        try:
            found[name] = reader(unicodedata.normalize("NFKC", said.get(name) or "").strip())
        except ValueError as wrong:
            errors[name] = str(wrong)
    errors = errors or dict(_disagreements(found))
    return (None if errors else TermsGiven(**found)), errors


def plan_terms(rows):
    """The TermsPlan of rows ([{heading: text}])."""
    plan, seen = TermsPlan(count=len(rows)), {}
    accounts = {one.email.lower(): one.person for one in people.Account.objects.filter(person__isnull=False)}
    for number, row in enumerate(rows, 2):
        person = accounts.get((row.get(HEADINGS["mail"]) or "").lower())
        given, errors = read_terms({name: row.get(heading) for name, heading in HEADINGS.items()})
        faults = list(errors.values())
        if person is None:
            faults.insert(0, _("「%(mail)s」という職員はいません。") % {"mail": row.get(HEADINGS["mail"])})
        elif given and (person.pk, given.from_day) in seen:
            faults.append(_("%(row)s行目と同じ人・同じ適用日です。") % {"row": seen[person.pk, given.from_day]})
        plan.faults += [(number, one) for one in faults]
        if person and given:
            seen.setdefault((person.pk, given.from_day), number)
            if not _stands(person, given):
                plan.lines.append((person, given))
    return plan


@transaction.atomic
def carry_out_terms(*, plan, actor):
    """Set the terms of a plan. Returns how many."""
    for person, given in plan.lines:
        set_terms(person=person, actor=actor, **asdict(given))
    return len(plan.lines)


def _stands(person, given):
    return Terms.objects.filter(person=person, **asdict(given)).exists()


def _disagreements(found):
    """What cannot be together."""
    if found["hired_on"] > found["from_day"]:
        yield "from_day", _("適用日は、採用日と同じか後の日にしてください。")
    span = (found["ends"].hour - found["starts"].hour) * 60 + found["ends"].minute - found["starts"].minute
    if span - found["rest_minutes"] != found["day_minutes"]:
        words = {"span": f"{max(span - found['rest_minutes'], 0) // 60}:{max(span - found['rest_minutes'], 0) % 60:02}"}
        yield "day_minutes", _("始業から終業まで、休憩を除くと%(span)sです。1日の時間と合わせてください。") % words
    if found["day_minutes"] > 6 * 60 and found["rest_minutes"] < 45:
        yield "rest_minutes", _("6時間を超える日には、45分以上の休憩が要ります（労働基準法第34条）。")


def _employment(said):
    if said in EMPLOYED.values():
        return said
    if said not in EMPLOYED:
        raise ValueError(_("任用は、常勤職員・会計年度任用職員・再任用職員のどれかにしてください。"))
    return EMPLOYED[said]


def _day(said):
    try:
        return parse_date(said)
    except UnreadableDate:
        raise ValueError(_("日を「2026-04-01」のように入力してください。")) from None


def _number(least, most, sentence):
    def read(said):
        if not said.isdecimal() or not least <= int(said) <= most:
            raise ValueError(sentence())
        return int(said)

    return read


def _time(said):
    hour, _colon, minute = said.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise ValueError(_("時刻を「8:30」のように入力してください。"))
    return time(int(hour), int(minute))


def _length(said):
    hour, _colon, minute = said.partition(":")
    minutes = int(hour) * 60 + int(minute or 0) if hour.isdecimal() and (minute or "0").isdecimal() else 0
    if not 60 <= minutes <= 720:
        raise ValueError(_("1日の時間を、1:00から12:00までで「7:45」のように入力してください。"))
    return minutes


READERS = {
    "employment": _employment,
    "hired_on": _day,
    "weekly_days": _number(1, 7, lambda: _("週の日数は、1から7までの数で入力してください。")),
    "day_minutes": _length,
    "starts": _time,
    "ends": _time,
    "rest_minutes": _number(0, 180, lambda: _("休憩は、0から180までの分で入力してください。")),
    "from_day": _day,
}
