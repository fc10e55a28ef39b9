"""Fields about where: address, point."""

from django.utils.translation import gettext_lazy as _

from machi.engines.questions.types.base import TOO_LONG, UNREADABLE, FieldType, Wrong, clean, first
from machi.engines.questions.types.choices import GONE
from machi.engines.questions.types.text import is_postal_code, postal_code
from machi.ground.languages import pick
from machi.ground.places import BadPoint, Point
from machi.ground.text import clean_line, to_halfwidth_digits

LONGEST = 200


class AddressType(FieldType):
    """{"postal", "town", "line", "building"}: the town in words, or a key where `from` names a table of
    towns.
    """

    box_names = ("postal", "town", "line", "building")
    sensitivity = "personal"

    def read(self, question, boxes):
        stored = {name: clean(clean_line, first(boxes, name)) for name in self.box_names}
        return self.cast(question, stored)

    def cast(self, question, stored):
        if stored is None:
            return None
        if not isinstance(stored, dict) or not all(
            isinstance(stored.get(name, ""), str) for name in self.box_names
        ):
            raise Wrong(UNREADABLE)
        value = {name: clean(clean_line, stored.get(name, "")) for name in self.box_names}
        value["postal"] = postal_code(value["postal"])
        if question.options and value["town"] and value["town"] not in question.options:
            raise Wrong(GONE)
        return value if any(value.values()) else None

    def boxes(self, question, stored, language):
        return {name: (stored or {}).get(name, "") for name in self.box_names}

    def check(self, question, value, today):
        if value["postal"] and not is_postal_code(value["postal"]):
            raise Wrong(_("「%(label)s」の郵便番号は7けたの数字で入力してください。例：303-8501"))
        if not value["town"]:
            raise Wrong(_("「%(label)s」の町名まで入力してください。"))
        if not value["line"]:
            raise Wrong(_("「%(label)s」の番地を入力してください。"))
        for name in self.box_names:
            if len(value[name]) > LONGEST:
                raise Wrong(TOO_LONG, most=LONGEST, count=len(value[name]))

    def show(self, question, value, language):
        option = question.options.get(value["town"])
        town = pick(option["label"], language) if option else value["town"]
        postal = f"〒{value['postal']}" if value["postal"] else ""
        street = (
            f"{town}{value['line']}"
            if language in ("ja", "ja-easy", "zh-hans")
            else f"{town} {value['line']}"
        )
        return " ".join(part for part in (postal, street, value["building"]) if part)

    def schema(self, question):
        text = {"type": "string", "maxLength": LONGEST}
        town = {"type": "string", "enum": list(question.options)} if question.options else text
        properties = {"postal": text, "town": town, "line": text, "building": text}
        return {
            "type": "object",
            "properties": properties,
            "required": ["town", "line"],
            "additionalProperties": False,
        }

    def type_text(self, question):
        town = f"choice<{question.field.from_}>" if question.field.from_ else "text"
        return "row{postal:text?,town:" + town + ",line:text,building:text?}"


class PointType(FieldType):
    """A place on the map, in words, or both: {"lat", "lng", "text"}."""

    box_names = ("lat", "lng", "text")
    expression = "point"
    missing = _("「%(label)s」を地図で選ぶか、言葉で入力してください。")

    def read(self, question, boxes):
        lat, lng, text = (clean(clean_line, first(boxes, name)) for name in self.box_names)
        try:
            lat, lng = (float(to_halfwidth_digits(part)) if part else None for part in (lat, lng))
        except ValueError:
            raise Wrong(_("「%(label)s」の場所を読み取れません。地図でもう一度選んでください。")) from None
        return self.cast(question, {"lat": lat, "lng": lng, "text": text})

    def cast(self, question, stored):
        if stored is None:
            return None
        if not isinstance(stored, dict) or not isinstance(stored.get("text", ""), str):
            raise Wrong(UNREADABLE)
        lat, lng = stored.get("lat"), stored.get("lng")
        text = clean(clean_line, stored.get("text", ""))
        if lat is None and lng is None:
            return {"lat": None, "lng": None, "text": text} if text else None
        try:
            point = Point(lat, lng)
        except (BadPoint, OverflowError):
            raise Wrong(_("「%(label)s」は日本の中の場所を地図で選んでください。")) from None
        return {"lat": point.lat, "lng": point.lng, "text": text}

    def boxes(self, question, stored, language):
        return {name: _plain((stored or {}).get(name)) for name in self.box_names}

    def check(self, question, value, today):
        if len(value["text"]) > LONGEST:
            raise Wrong(TOO_LONG, most=LONGEST, count=len(value["text"]))

    def show(self, question, value, language):
        if value["lat"] is None:
            return value["text"]
        return value["text"] or f"{value['lat']:.5f}, {value['lng']:.5f}"

    def schema(self, question):
        degrees = {"type": ["number", "null"]}
        properties = {"lat": degrees, "lng": degrees, "text": {"type": "string", "maxLength": LONGEST}}
        return {"type": "object", "properties": properties, "additionalProperties": False}


def _plain(part):
    return "" if part is None else str(part)
