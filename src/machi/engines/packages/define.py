"""What a package says of itself: `manifest.json`, and the fault of a file that is no package.

A package is a zip file named `<code>.machi.zip`. In it stand `manifest.json`, `signature.json`,
`definitions/<kind>/<code>.yaml` and `files/<kind>/<code>/<name>` (texts beside a definition, such as templates).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

FORMAT = 1
SUFFIX = ".machi.zip"
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}/[a-z0-9][a-z0-9_.]{0,119}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Key = Sha256  # 32 bytes as hexadecimal digits too
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)+$", max_length=80)]


class PackageRefused(Exception):
    """A file that cannot be taken in; its words say why and what to do."""


class Part(BaseModel):
    """A part of the manifest: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Origin(Part):
    """The city that made the package."""

    code: Annotated[str, StringConstraints(max_length=20)]
    name: Annotated[str, StringConstraints(max_length=100)]


class Entry(Part):
    """One file of the package: a definition (`version`: its number at home), or a text beside it (`name`)."""

    of: Reference
    name: FileName | None = None
    version: int | None = None
    sha256: Sha256

    @property
    def path(self):
        """Where it stands in the package."""
        return f"files/{self.of}/{self.name}" if self.name else f"definitions/{self.of}.yaml"

    @property
    def key(self):
        """(kind, code) of the definition it is, or belongs to."""
        kind, _slash, code = self.of.partition("/")
        return kind, code


class Manifest(Part):
    """What is in the package, from whom, and under which licence. `grammar`: the schema of its definitions."""

    package: Literal[1]
    about: Reference
    title: Annotated[str, StringConstraints(max_length=300)]
    origin: Origin
    licence: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    grammar: int
    entries: list[Entry]


class Signature(Part):
    """`signature.json`: an Ed25519 signature (RFC 8032) over `machi-package-1`, a line feed, and the manifest."""

    algorithm: Literal["Ed25519"]
    key: Key
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
