"""What a file may be, and how a file is refused."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy, pgettext

if TYPE_CHECKING:
    from .models import Blob

Accepted = Literal["image", "pdf", "office"]
KIND_NAMES = {
    "image": gettext_lazy("写真（JPEG・PNG・HEIC）"),
    "pdf": gettext_lazy("PDF"),
    "office": gettext_lazy("Word・Excel・PowerPoint のファイル"),
}


class FileRefused(Exception):
    """A file that is not taken. `message` is a sentence in the reader's language that says what to do."""

    def __init__(self, sentence, **values):
        super().__init__(str(sentence))
        self.sentence, self.values = sentence, values

    @property
    def message(self):
        """The sentence, in the language active now."""
        return str(self.sentence) % {name: str(value) for name, value in self.values.items()}

    def __str__(self):
        return self.message


class FileDamaged(Exception):
    """A stored file is missing or no longer has the content it was stored with."""


@dataclass(frozen=True)
class Received:
    """A file that was taken: its content, a safe name, and where the photo was made ({"lat", "lng"}) if
    asked for.
    """

    blob: "Blob"
    name: str
    place: dict | None = None


def kinds_in_words(accept):
    """["image", "pdf"] → 「写真（JPEG・PNG・HEIC）、PDF」 in the active language."""
    return pgettext("between the things of a list", "、").join(str(KIND_NAMES[kind]) for kind in accept)
