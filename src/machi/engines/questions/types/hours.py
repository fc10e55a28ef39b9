"""A thing one has alone for some hours of a day: which, on what day, from when to when."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from machi.engines.questions.types.base import UNREADABLE, FieldType, Wrong, clean, first
from machi.engines.questions.types.choices import GONE
from machi.engines.questions.types.numbers import DateType
from machi.ground.daywords import date_words
from machi.ground.languages import pick
from machi.ground.text import clean_line

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WRITTEN = re.compile(r"([0-9]{1,2}):?([0-9]{2})?")


class HoursType(FieldType):
    """{"thing", "day", "starts", "ends"}: the key of an option, an ISO day, two times "09:30".

    Whether the thing is free then only a hold can tell.
    """

    box_names = ("thing", "year", "month", "day", "starts", "ends")
    missing = _("「%(label)s」の日と時間を入力してください。")
    _day = DateType()

    def read(self, question, boxes):
        thing, starts, ends = (clean(clean_line, first(boxes, name)) for name in ("thing", "starts", "ends"))
        day = self._day.read(question, boxes)
        if not (thing or starts or ends or day):
            return None
        if not (thing and starts and ends and day):
            raise Wrong(_("「%(label)s」は、使うもの、日、始まりと終わりの時刻をすべて入力してください。"))
        stored = {"thing": thing, "day": day, "starts": _time(starts), "ends": _time(ends)}
        self.cast(question, stored)
        return stored

    def cast(self, question, stored):
        if stored is None:
            return None
        keys = ("thing", "day", "starts", "ends")
        whole = isinstance(stored, dict) and set(stored) == set(keys)
        if not (whole and all(isinstance(stored[key], str) for key in keys)):
            raise Wrong(UNREADABLE)
        if stored["thing"] not in question.options:
            raise Wrong(GONE)
        if not (_TIME.fullmatch(stored["starts"]) and _TIME.fullmatch(stored["ends"])):
            raise Wrong(UNREADABLE)
        if stored["ends"] <= stored["starts"]:
            raise Wrong(_("「%(label)s」の終わりの時刻は、始まりの時刻より後にしてください。"))
        return {**stored, "day": self._day.cast(question, stored["day"]), "minutes": _minutes(stored)}

    def store(self, value):
        if value is None:
            return None
        return {**{key: value[key] for key in ("thing", "starts", "ends")}, "day": value["day"].isoformat()}

    def boxes(self, question, stored, language):
        said = stored or dict.fromkeys(("thing", "starts", "ends"), "")
        day = self._day.boxes(question, stored["day"] if stored else None, language)
        return {**{key: said[key] for key in ("thing", "starts", "ends")}, **day}

    def show(self, question, value, language):
        thing = pick(question.options[value["thing"]]["label"], language)
        return f"{thing}　{date_words(value['day'], language)} {value['starts']}–{value['ends']}"

    def schema(self, question):
        time = {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"}
        properties = {
            "thing": {"type": "string", "enum": list(question.options)},
            "day": {"type": "string", "format": "date"},
            "starts": time,
            "ends": time,
        }
        return {
            "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
        }  # fmt: skip

    def type_text(self, question):
        table = f"choice<{question.field.from_}>" if question.field.from_ else "text"
        return f"row{{thing:{table},day:date,starts:text,ends:text,minutes:int}}"


def _time(text):
    """A time as stored, from 9:30, 930 or 9, half or full width."""
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text))
    written = f"{int(found[1]):02}:{found[2] or '00'}" if found else ""
    if not _TIME.fullmatch(written):
        raise Wrong(_("「%(label)s」の時刻を読み取れません。9:30 のように入力してください。"))
    return written


def _minutes(stored):
    from_, to = (int(said[:2]) * 60 + int(said[3:]) for said in (stored["starts"], stored["ends"]))
    return to - from_
