"""What every field type can do."""

from abc import ABC, abstractmethod

from django.utils.translation import gettext_lazy as _

from machi.ground.text import UncleanText

REPLACEMENT = "\ufffd"


class Wrong(ValueError):
    """A value that cannot be taken: a sentence, translated late, with places for %(label)s and `words`."""

    def __init__(self, message, **words):
        super().__init__(str(message))
        self.message, self.words = message, words

    def say(self, label):
        """The sentence in the active language, naming the field."""
        return str(self.message) % {**self.words, "label": label}


UNREADABLE = _("「%(label)s」を読み取れません。もう一度入力してください。")
CONTROL = _("「%(label)s」に使えない文字が入っています。その文字を消して、もう一度入力してください。")
TOO_LONG = _("「%(label)s」は%(most)s文字までで入力してください。いまは%(count)s文字です。")
TOO_SHORT = _("「%(label)s」は%(least)s文字以上で入力してください。")


class FieldType(ABC):
    """One type of field. Answers are stored as JSON (`stored`); expressions and screens use the value
    (`cast`).

    `box names` are the last parts of the names of its input boxes; "" is the field's own name.
    """

    box_names = ("",)
    expression = "text"
    sensitivity = "internal"
    missing = _("「%(label)s」を入力してください。")
    empty = None

    @abstractmethod
    def read(self, question, boxes):
        """What people put into the boxes ({box name: [texts]}) as stored JSON, None when empty. Raises
        Wrong.
        """

    @abstractmethod
    def cast(self, question, stored):
        """Stored JSON as a value, None when blank. Raises Wrong for any JSON that this type cannot hold."""

    def store(self, value):
        """A value as JSON: the inverse of `cast`."""
        return value

    def boxes(self, question, stored, language):
        """Stored JSON as the contents of the boxes: {box name: text or list of texts}."""
        return {"": "" if stored is None else str(stored)}

    def check(self, question, value, today):  # noqa: B027 (most types have no bounds)
        """Raises Wrong when the value is outside its bounds."""

    def show(self, question, value, language):
        """The value in words."""
        return str(value)

    def schema(self, question):
        """The JSON Schema of the stored form."""
        return {"type": "string"}

    def type_text(self, question):
        """How the expression language writes the type of this field when it is filled."""
        return self.expression


def first(boxes, name=""):
    """The one text of a box, "" when there is none."""
    return next(iter(boxes.get(name, ())), "")


def clean(cleaner, text):
    """`text` through one of ground.text's cleaners. Raises Wrong for what must not be kept."""
    if REPLACEMENT in text:
        raise Wrong(CONTROL)
    try:
        return cleaner(text)
    except UncleanText:
        raise Wrong(CONTROL) from None
