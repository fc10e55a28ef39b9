"""Fields where one picks: choice, choices, slot, account."""

import datetime as dt
import re

from django.utils.translation import gettext_lazy as _

from machi.engines.questions.types.base import UNREADABLE, FieldType, Wrong, clean, first
from machi.ground.daywords import date_words
from machi.ground.languages import pick
from machi.ground.text import clean_line

GONE = _("「%(label)s」をもう一度選んでください。選んだものは今は選べません。")


class ChoiceType(FieldType):
    """One of the options; its key is stored."""

    missing = _("「%(label)s」を選んでください。")

    def read(self, question, boxes):
        key = clean(clean_line, first(boxes))
        return self.cast(question, key or None)

    def cast(self, question, stored):
        if stored is None:
            return None
        if not isinstance(stored, str):
            raise Wrong(UNREADABLE)
        if stored not in question.options:
            raise Wrong(GONE)
        return stored

    def show(self, question, value, language):
        return pick(question.options[value]["label"], language)

    def schema(self, question):
        return {"type": "string", "enum": list(question.options)}

    def type_text(self, question):
        return f"choice<{question.field.from_}>" if question.field.from_ else "choice"


class ChoicesType(ChoiceType):
    """Any of the options; their keys are stored in the order of the options."""

    def read(self, question, boxes):
        return self.cast(question, [key for key in boxes.get("", ()) if key] or None)

    def cast(self, question, stored):
        if stored is None or stored == []:
            return None
        if not (isinstance(stored, list) and all(isinstance(key, str) for key in stored)):
            raise Wrong(UNREADABLE)
        chosen = set(stored)
        if not chosen <= question.options.keys():
            raise Wrong(GONE)
        return [key for key in question.options if key in chosen]

    def boxes(self, question, stored, language):
        return {"": list(stored or ())}

    def check(self, question, value, today):
        if question.least is not None and len(value) < question.least:
            raise Wrong(_("「%(label)s」を%(least)s個以上選んでください。"), least=question.least)
        if question.most is not None and len(value) > question.most:
            raise Wrong(_("「%(label)s」は%(most)s個まで選べます。"), most=question.most)

    def show(self, question, value, language):
        mark = "、" if language in ("ja", "ja-easy", "zh-hans") else ", "
        return mark.join(pick(question.options[key]["label"], language) for key in value)

    def schema(self, question):
        return {"type": "array", "items": super().schema(question), "uniqueItems": True}

    def type_text(self, question):
        return f"list<{super().type_text(question)}>"


class SlotType(FieldType):
    """A place on a day that the bookings engine offers: {"id", "day", "label"}; the label is the time, or "".

    The page's caller gives the offered days; whether the chosen one still has room only a hold can tell.
    """

    expression = "row{id:text,day:date,label:text}"
    missing = _("「%(label)s」を選んでください。")
    _id = re.compile(r"[0-9A-Za-z\-]{1,64}")

    def read(self, question, boxes):
        chosen = clean(clean_line, first(boxes))
        if not chosen:
            return None
        slot, day, label = (*chosen.split("@"), "", "")[:3]
        return self.store(self.cast(question, {"id": slot, "day": day, "label": label}))

    def cast(self, question, stored):
        if stored is None:
            return None
        if not (
            isinstance(stored, dict)
            and all(isinstance(stored.get(key), str) for key in ("id", "day", "label"))
        ):
            raise Wrong(UNREADABLE)
        try:
            day = dt.date.fromisoformat(stored["day"])
        except ValueError:
            raise Wrong(GONE) from None
        if not self._id.fullmatch(stored["id"]):
            raise Wrong(GONE)
        if not re.fullmatch(r"([0-9]{2}:[0-9]{2})?", stored["label"]):
            raise Wrong(GONE)
        return {"id": stored["id"], "day": day, "label": stored["label"]}

    def store(self, value):
        return None if value is None else {**value, "day": value["day"].isoformat()}

    def boxes(self, question, stored, language):
        return {"": slot_value(stored["id"], stored["day"], stored["label"]) if stored else ""}

    def show(self, question, value, language):
        return f"{date_words(value['day'], language)} {value['label']}".strip()

    def schema(self, question):
        text = {"type": "string"}
        day = {"type": "string", "format": "date"}
        return _object({"id": text, "day": day, "label": text})


class AccountType(FieldType):
    """An account of the ledger: {"code", "title", "of", "whole"}; `of` is the code of the account it came from, or "";
    `whole` how many of what it counts make one whole (the minutes of a day of leave), or 0.

    The page's caller gives the accounts; whether one may draw on it, and how much is left, only the ledger can tell.
    """

    expression = "row{code:text,title:text,of:text,whole:int}"
    missing = _("「%(label)s」を選んでください。")

    def read(self, question, boxes):
        chosen = clean(clean_line, first(boxes))
        if not chosen:
            return None
        code, of, whole, title = (*chosen.split("|", 3), "", "", "")[:4]
        whole = int(whole) if whole.isdecimal() and len(whole) < 6 else 0
        return self.cast(question, {"code": code, "title": title, "of": of, "whole": whole})

    def cast(self, question, stored):
        if stored is None:
            return None
        keys = {"code": 200, "title": 300, "of": 200}
        if not (isinstance(stored, dict) and {*keys, "whole"} >= stored.keys() >= keys.keys() and stored["code"]):
            raise Wrong(GONE)
        if not all(isinstance(stored[key], str) and len(stored[key]) <= longest for key, longest in keys.items()):
            raise Wrong(GONE)
        whole = stored.get("whole", 0)
        if isinstance(whole, bool) or not isinstance(whole, int) or whole < 0:
            raise Wrong(GONE)
        return {**stored, "whole": whole}

    def boxes(self, question, stored, language):
        return {"": account_value(stored["code"], stored["of"], stored["whole"], stored["title"]) if stored else ""}

    def show(self, question, value, language):
        return value["title"] or value["code"]

    def schema(self, question):
        text = {"type": "string"}
        whole = {"type": "integer", "minimum": 0}
        return _object({"code": text, "title": text, "of": text, "whole": whole}, ["code", "title", "of"])


def account_value(code, of, whole, title):
    """What the button of an offered account sends."""
    return f"{code}|{of}|{whole}|{title}"


def slot_value(slot_id, day, label):
    """What the radio button of an offered day sends."""
    return f"{slot_id}@{day}@{label}"


def _object(properties, required=None):
    """The JSON Schema of an object with exactly these properties."""
    needed = list(properties) if required is None else required
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
