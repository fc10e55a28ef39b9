"""A field at work: its definition with its type, options and bounds."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from machi.engines.questions.types import MOST_ROWS, TYPES
from machi.ground.languages import pick

DEFAULT_ROWS = 50


class Question:
    """One field of a form.

    `path` is `key`, or `repeat.key` inside a repeat; `options` is option key → {"label", …}; `least` and
    `most` are the bounds as values of the type ("today" for a date); `parent` is the repeat around it,
    `page` where it stands.
    """

    def __init__(self, field, *, parent=None, options=None):
        self.field, self.parent, self.page = field, parent, None
        self.path = f"{parent.field.key}.{field.key}" if parent else field.key
        self.type = TYPES[field.type]
        self.options = options or {}
        self.children = []
        self.least, self.most = None, DEFAULT_ROWS if field.type == "repeat" else None
        if parent:
            parent.children.append(self)

    @property
    def key(self):
        """The field's key."""
        return self.field.key

    @property
    def sensitivity(self):
        """Who may read it: as defined, or as its type suggests."""
        return self.field.sensitivity or self.type.sensitivity

    @property
    def asks(self):
        """Whether people fill it in."""
        return not self.field.calc and self.field.type != "note"

    def label(self, language):
        """The label in `language`."""
        return pick(self.field.label, language)

    def bound(self, name, settings):
        """Reads `min` or `max` into `least` or `most`. Raises KeyError for an unknown setting, ValueError."""
        said = getattr(self.field, name)
        if said is None:
            return
        if said.startswith("$settings."):
            said = str(settings[said.removeprefix("$settings.")])
        value = self._bound_value(said)
        if name == "min":
            self.least = value
        else:
            self.most = min(value, MOST_ROWS + 1) if self.field.type == "repeat" else value

    def _bound_value(self, said):
        try:
            if self.field.type == "date":
                return said if said == "today" else dt.date.fromisoformat(said)
            return Decimal(said) if self.field.type == "decimal" else int(said)
        except InvalidOperation:
            raise ValueError(said) from None

    def default(self):
        """The value a new form begins with, as stored JSON; None without one. Raises Wrong."""
        said = self.field.default
        if said is None:
            return None
        boxes = self.type.boxes(self, said, "en") if self.field.type == "date" else {"": [said]}
        return self.type.read(
            self, {name: [text] if isinstance(text, str) else text for name, text in boxes.items()}
        )


def option_table(field, tables):
    """The options of a field: key → {"label", "group"?}, from its own list or from a table of choices."""
    if field.from_:
        return {option["key"]: option for option in table_options(tables.get(field.from_, {}))}
    return {option.key: {"key": option.key, "label": option.label} for option in field.options}


def table_options(table):
    """The options of a `choices` bundle, grouped ones too, in their order."""
    return table.get("options", [])
