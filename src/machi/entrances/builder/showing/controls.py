"""Forms as the pages draw them: sheets of controls, with what was typed where it could not be kept."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.words import in_languages
from machi.ground.languages import LANGUAGES

_DAYS = re.compile(r"P(\d+)(BD|[DMY])")


@dataclass
class Sheet:
    """A form that does one operation.

    `hidden` names what it is about; `drop` is (operation, words) of a button that takes the thing away, `more`
    [(name, value, words)] of further buttons; `besides` is posted with it.
    """

    do: str
    controls: list
    hidden: dict = field(default_factory=dict)
    title: str = ""
    button: str = ""
    drop: tuple = ()
    more: list = field(default_factory=list)
    quiet: bool = False
    besides: dict = field(default_factory=dict)

    def __post_init__(self):
        for control in _all(self.controls):
            control.setdefault("id", f"{self.id}-{control['name']}")

    @property
    def lines(self):
        """[(label, words)] of what is kept, for those who may only read it."""
        return [(label, said) for label, said in _said(self.controls) if said]

    @property
    def id(self):
        """An id of its own for the page."""
        return "-".join(["sheet", self.do, *map(str, self.hidden.values())]).replace("/", "-").replace(".", "-")


def _all(controls):
    """Every single control: those in groups, and each language of a text."""
    for one in controls:
        if "controls" in one:
            yield from _all(one["controls"])
        elif one["ui"] == "ticks":
            continue
        elif one["ui"] == "texts":
            yield from (one["first"], *one["others"])
        else:
            yield one


def _said(controls):
    for one in controls:
        if "controls" in one:
            yield from _said(one["controls"])
        elif one["ui"] == "ticks":
            yield one["label"], "、".join(str(option["label"]) for option in one["options"] if option["on"])
        elif one["ui"] == "tick":
            yield one["label"], _("はい") if one["on"] else ""
        elif one["ui"] == "texts":
            yield one["first"]["label"], one["first"]["value"]
        else:
            yield one["label"], _chosen(one)


def _chosen(one):
    """The words of what a select has chosen, else what is written."""
    options = {option["value"]: option["label"] for option in one.get("options", ())}
    unit = next((unit["label"] for unit in one.get("units", ()) if unit["value"] == one["unit"]), "")
    value = one["value"]
    return f"{options.get(value, value)}{unit}" if value else ""


class Desk:
    """Makes controls: their value is what was typed, else what is kept."""

    def __init__(self, typed, did=""):
        self.typed = typed if typed and (not did or typed.get("do") == did) else {}

    def text(self, name, label, value="", **more):
        """One line."""
        return {"ui": "text", "name": name, "label": label, "value": self.typed.get(name, value or ""), **more}

    def area(self, name, label, value="", **more):
        """Several lines."""
        return {**self.text(name, label, value, **more), "ui": "textarea", "rows": more.get("rows", 3)}

    def select(self, name, label, options, value="", **more):
        """One of many, {value, label} or (value, label)."""
        listed = [one if isinstance(one, dict) else {"value": one[0], "label": one[1]} for one in options]
        return {**self.text(name, label, value, **more), "ui": "select", "options": listed}

    def tick(self, name, label, on=False, **more):
        """Yes or no."""
        return {
            "ui": "tick",
            "name": name,
            "label": label,
            "on": bool(self.typed.get(name)) if self.typed else on,
            **more,
        }

    def ticks(self, name, label, options, kept, **more):
        """Any number of several, (value, label)."""
        posted = f"{name}_listed" in self.typed
        listed = [
            {"value": value, "label": words, "on": bool(self.typed.get(f"{name}:{value}")) if posted else value in kept}
            for value, words in options
        ]
        return {"ui": "ticks", "name": name, "label": label, "options": listed, **more}

    def picks(self, name, label, options, value, **more):
        """An expression: one of those that are offered in words, or written."""
        listed = [*options, ("=", _("式で書く"))]
        known = value in ("", None) or value in dict(options)
        written = self.text(f"={name}", _("「%(label)s」の式") % {"label": label}, "" if known else value)
        chosen = self.select(name, label, listed, (value or "") if known else "=", **more)
        return [chosen, {"legend": _("式で書く"), "controls": [written], "open": chosen["value"] == "="}]

    def texts(self, name, label, text, **more):
        """A text in all languages: the Japanese at once, the others folded."""
        kept = in_languages(text)
        said = [
            {
                "name": f"{name}_{one.tag}",
                "label": one.name,
                "html": one.html,
                "value": self.typed.get(f"{name}_{one.tag}", kept.get(one.tag, "")),
            }
            for one in LANGUAGES
        ]
        lacking = sum(not one["value"] for one in said[1:]) if said[0]["value"] else 0
        first = {**said[0], "label": label, **more}
        return {"ui": "texts", "first": first, "others": said[1:], "lacking": lacking, "long": more.get("rows")}

    def days(self, name, label, duration, *, units=("BD", "D"), **more):
        """How long: a number and what is counted."""
        found = _DAYS.fullmatch(duration or "")
        number, unit = found.groups() if found else ("", units[0])
        words = {"BD": _("開庁日"), "D": _("日"), "M": _("か月"), "Y": _("年")}
        return {
            "ui": "days",
            "name": f"{name}_days",
            "label": label,
            "value": self.typed.get(f"{name}_days", number),
            "unit_name": f"{name}_unit",
            "unit": self.typed.get(f"{name}_unit", unit),
            "units": [{"value": one, "label": words[one]} for one in (*units, *({unit} - set(units)))],
            **more,
        }
