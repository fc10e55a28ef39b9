"""What may be said about people and their rights: levels of proof, degrees of sensitivity, scopes, verbs."""

from dataclasses import dataclass

LEVELS = ("none", "contact", "account", "card")
"""How sure we are who somebody is: nobody known < mail verified in this case < signed in < My Number card."""

SENSITIVITIES = ("public", "internal", "personal", "special", "mynumber")
"""How much harm the reading of a value could do; special is 要配慮個人情報."""

VERBS = (
    "procedures.see",
    "procedures.handle",
    "procedures.decide",
    "procedures.export",
    "procedures.publish",
    "procedures.void",
    "payments.receive",
    "documents.issue",
    "documents.withdraw",
    "definitions.see",
    "definitions.draft",
    "definitions.publish",
    "effects.manage",
    "audit.read",
    "people.manage",
)
"""Everything a right can be a right to."""


@dataclass(frozen=True)
class Scope:
    """What a right is asked for: something of `unit`, made by the definition `code`, this sensitive."""

    unit: str
    code: str
    sensitivity: str = "personal"


def is_at_least(level, needed, order=LEVELS):
    """Whether `level` is `needed` or more, in LEVELS (or in SENSITIVITIES)."""
    return order.index(level) >= order.index(needed)
