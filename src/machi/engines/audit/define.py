"""Who did something: the actor that every action of every engine is told."""

from dataclasses import dataclass
from typing import Literal

SENSITIVITIES = ("public", "internal", "personal", "special", "mynumber")
"""How much harm the reading of a value could do; special is 要配慮個人情報 (個人情報保護法 第2条第3項)."""
ActorKind = Literal["resident", "staff", "machine", "system", "anonymous"]


@dataclass(frozen=True)
class Actor:
    """Someone, or something, that acts.

    `account` is the id of the account used, `person` the id of the person known behind it, `name` what people
    read, `posts` the codes of the posts held now, `on_behalf_of` the key of the actor represented (代理,
    代決).
    """

    kind: ActorKind
    account: int | None = None
    person: str | None = None
    name: str = ""
    posts: tuple[str, ...] = ()
    on_behalf_of: str = ""

    @property
    def key(self):
        """The short name kept in records: "staff:12", "system:files", "anonymous"."""
        if self.account is not None:
            return f"{self.kind}:{self.account}"
        return f"{self.kind}:{self.name}" if self.kind in ("machine", "system") and self.name else self.kind


SYSTEM = Actor(kind="system", name="machi")
ANONYMOUS = Actor(kind="anonymous")
