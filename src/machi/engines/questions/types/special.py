"""Fields that are not one box: file, repeat, note."""

import re

from django.utils.translation import gettext_lazy as _

from machi.engines.questions.types.base import UNREADABLE, FieldType, Wrong

_LINK = re.compile(r"[0-9a-f\-]{32,36}")
MOST_ROWS = 200


class FileType(FieldType):
    """Files, by the ids of their links; what is uploaded goes through the files engine first."""

    expression = "list<text>"
    sensitivity = "personal"
    missing = _("「%(label)s」を付けてください。")

    def read(self, question, boxes):
        return self.cast(question, list(boxes.get("", ())))

    def cast(self, question, stored):
        if stored is None or stored == []:
            return None
        if not (
            isinstance(stored, list)
            and all(isinstance(link, str) and _LINK.fullmatch(link) for link in stored)
        ):
            raise Wrong(UNREADABLE)
        return list(dict.fromkeys(stored))

    def boxes(self, question, stored, language):
        return {"": list(stored or ())}

    def check(self, question, value, today):
        if len(value) > question.field.max_files:
            raise Wrong(_("「%(label)s」は%(most)s個までです。"), most=question.field.max_files)

    def show(self, question, value, language):
        return str(_("%(count)s個のファイル") % {"count": len(value)})

    def schema(self, question):
        links = {"type": "string", "format": "uuid"}
        return {"type": "array", "items": links, "maxItems": question.field.max_files, "uniqueItems": True}


class RepeatType(FieldType):
    """The same fields several times. Its rows are lists of answers, each with an `_id` that stays."""

    missing = _("「%(label)s」を1件以上入力してください。")

    def read(self, question, boxes):
        return None

    def cast(self, question, stored):
        return None

    def check(self, question, value, today):
        if question.least is not None and len(value) < question.least:
            raise Wrong(_("「%(label)s」を%(least)s件以上入力してください。"), least=question.least)
        if len(value) > question.most:
            raise Wrong(_("「%(label)s」は%(most)s件までです。"), most=question.most)


class NoteType(FieldType):
    """Words between the questions; nothing is asked."""

    def read(self, question, boxes):
        return None

    def cast(self, question, stored):
        return None
