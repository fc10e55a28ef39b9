"""The closed list of field types. Each knows how to read, keep, check and show its values."""

from machi.engines.questions.types.base import FieldType, Wrong
from machi.engines.questions.types.choices import AccountType, ChoicesType, ChoiceType, SlotType
from machi.engines.questions.types.hours import HoursType
from machi.engines.questions.types.numbers import (
    BoolType,
    ConsentType,
    DateType,
    DecimalType,
    IntType,
    YenType,
)
from machi.engines.questions.types.places import AddressType, PointType
from machi.engines.questions.types.special import MOST_ROWS, FileType, NoteType, RepeatType
from machi.engines.questions.types.text import (
    CodeType,
    EmailType,
    KanaType,
    LongTextType,
    NameType,
    PhoneType,
    PostalType,
    TextType,
)

__all__ = ["MOST_ROWS", "TYPES", "FieldType", "Wrong"]

TYPES = {
    "text": TextType(),
    "longtext": LongTextType(),
    "name": NameType(),
    "kana": KanaType(),
    "email": EmailType(),
    "phone": PhoneType(),
    "postal": PostalType(),
    "code": CodeType(),
    "int": IntType(),
    "decimal": DecimalType(),
    "yen": YenType(),
    "date": DateType(),
    "bool": BoolType(),
    "consent": ConsentType(),
    "choice": ChoiceType(),
    "choices": ChoicesType(),
    "slot": SlotType(),
    "hours": HoursType(),
    "account": AccountType(),
    "address": AddressType(),
    "point": PointType(),
    "file": FileType(),
    "repeat": RepeatType(),
    "note": NoteType(),
}
