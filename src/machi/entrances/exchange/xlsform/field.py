"""One row of the survey as a field of a definition; what has no place in it is noted with its row."""

import re
from datetime import date

from .expressions import Known, Untranslatable, translate
from .survey import RECORDED
from .words import text_of

YES, NO = ("yes", "true", "true()", "1"), ("", "no", "false", "false()", "0")
READ = (
    "type", "name", "required", "relevant", "constraint", "calculation", "default", "appearance", "parameters",
    "label", "hint", "constraint_message", "required_message",
)  # fmt: skip
CALCULATED = {"int": "int", "days": "int", "decimal": "decimal", "date": "date", "bool": "bool", "text": "text",
              "choice": "text"}  # fmt: skip
ACCEPTED = {"image": ["image"], "photo": ["image"], "file": ["image", "pdf", "office"]}


class Fields:
    """Makes fields. `note(row, words)` keeps what cannot be carried over; `lists` {name: options}."""

    def __init__(self, names, lists, language, note):
        self.names, self.lists, self.language, self.note = names, lists, language, note
        self.counted = {}

    def count(self, parts):
        """Translate every calculation, those first that others use."""
        left = {part.key: part for part in parts if part.type == "calculate"}
        while left:
            done = [key for key, part in left.items() if self._count(part, last=False)]
            if not done:
                break
            for key in done:
                del left[key]
        for part in left.values():
            self._count(part, last=True)

    def field(self, part, conditions):
        """The field of `part`, asked while all `conditions` hold; None when there is none."""
        if part.type is None:
            self._strange(part)
            return None
        if part.type == "calculate" and part.key not in self.counted:
            return None
        field = {"key": part.key, "type": part.type, "label": self.label(part)}
        if help_text := self.text(part.row, "hint"):
            field["help"] = help_text
        self._by_type(field, part)
        self._logic(field, part, conditions)
        self._default(field, part)
        self.rest(part)
        return {name: value for name, value in field.items() if value not in ("", [], None)}

    def label(self, part):
        """What the row is called; where it says nothing, its name."""
        return self.text(part.row, "label") or {"ja": part.name or part.said}

    def text(self, row, name):
        """A text of the row in our languages; others are noted."""
        text, strange = text_of(row, name, self.language)
        for heading in strange:
            self.note(row, f"「{heading}」はこのまちにない言語です: {row.get(heading)}")
        return text

    def condition(self, part, name="relevant"):
        """The expression in a column of `part` as (text, kind); None when there is none, or it cannot be said."""
        said = part.row.get(name)
        if not said:
            return None
        own = Known(part.key, self.names[part.name].kind, part.repeat) if part.name in self.names else None
        try:
            return translate(said, self.names, own if name == "constraint" else None, part.repeat)
        except Untranslatable as why:
            self.note(part.row, f"{name} の式を引き継げません（{why}）: {said}")
            return None

    def rest(self, part):
        """Note every cell that nobody read."""
        for heading, words in part.row.cells.items():
            if words and heading.partition("::")[0] not in READ:
                self.note(part.row, f"「{heading}」は引き継げません: {words}")

    def _strange(self, part):
        row = {heading: words for heading, words in part.row.cells.items() if words}
        said = "、".join(f"{heading}={words}" for heading, words in row.items())
        if part.said in RECORDED:
            self.note(part.row, f"「{part.said}」は、まちが自分で記録するか使わない項目なので、置きません: {said}")
        else:
            self.note(part.row, f"「{part.said}」という答え方は、このまちにありません: {said}")

    def _count(self, part, *, last):
        known = self.names.get(part.name)
        try:
            said = translate(part.row.get("calculation") or part.row.get("default"), self.names, None, part.repeat)
            why = None if said.kind in CALCULATED else "答えが数・日付・文字・はい／いいえのどれでもありません"
        except Untranslatable as fault:
            why = fault
        if why:
            if last:
                self.note(part.row, f"計算を引き継げません（{why}）: {part.name} = {part.row.get('calculation')}")
            return False
        self.counted[part.key] = said
        if known and known.key == part.key:
            self.names[part.name] = Known(part.key, CALCULATED[said.kind], part.repeat)
        return True

    def _by_type(self, field, part):
        if part.type == "calculate":
            said = self.counted[part.key]
            field |= {"type": CALCULATED[said.kind], "calc": said.text}
        elif part.type in ("choice", "choices"):
            field["options"] = self._options(part)
        elif part.type == "file":
            field["accept"] = ACCEPTED[part.said]
        elif part.said == "range":
            self._range(field, part)
        elif part.row.get("parameters"):
            self.note(part.row, f"「parameters」は引き継げません: {part.row.get('parameters')}")

    def _options(self, part):
        if "or_other" in part.said.split():
            self.note(part.row, "「その他」の自由記入（or_other）は引き継げません。項目を足してください。")
        return [{"key": key, "label": label} for _name, key, label in self.lists[part.list_name]]

    def _range(self, field, part):
        for name, ours in (("start", "min"), ("end", "max")):
            if found := re.search(rf"\b{name}\s*=\s*(-?\d+)(?![\d.])", part.row.get("parameters")):
                field[ours] = found[1]
        if re.search(r"\bstep\s*=\s*(?!1\b)", part.row.get("parameters")):
            self.note(part.row, f"「step」は引き継げません: {part.row.get('parameters')}")

    def _logic(self, field, part, conditions):
        mine = self.condition(part)
        field["visible_if"] = together([*conditions, *([mine] if mine else [])])
        if part.type in ("calculate", "note"):
            return
        if part.row.get("calculation"):
            self.note(part.row, f"答える項目の calculation は引き継げません: {part.row.get('calculation')}")
        self._required(field, part)
        if (must := self.condition(part, "constraint")) and must.kind == "bool":
            said = f"「{field['label']['ja']}」を確かめてください。"
            error = self.text(part.row, "constraint_message") or {"ja": said}
            field["validate"] = [{"if": f"not is_blank({part.key}) and not ({must.text})", "error": error}]

    def _required(self, field, part):
        said = part.row.get("required").lower()
        if said in YES:
            field["required"] = "true"
        elif said not in NO and (when := self.condition(part, "required")):
            field["required_if"] = when.text
        if words := " ".join(part.row.texts("required_message").values()):
            self.note(part.row, f"必須のときの文は、まちの決まった文になります: {words}")

    def _default(self, field, part):
        said = part.row.get("default")
        if not said or part.type == "calculate":
            return
        keys = {name: key for name, key, _label in self.lists.get(part.list_name, ())}
        fits = {
            "int": re.fullmatch(r"-?\d{1,15}", said), "decimal": re.fullmatch(r"-?\d{1,15}(\.\d+)?", said),
            "text": len(said) <= 200 and "(" not in said and "$" not in said, "date": _is_day(said),
            "choice": said in keys,
        }  # fmt: skip
        if fits.get(part.type):
            field["default"] = keys.get(said, said)
        else:
            self.note(part.row, f"はじめの値を引き継げません: {said}")


def together(conditions):
    """One expression that holds when all of them do; blank without any."""
    return " and ".join(f"({one.text})" if len(conditions) > 1 else one.text for one in conditions)


def _is_day(said):
    try:
        return bool(date.fromisoformat(said))
    except ValueError:
        return False
