"""Who may do what, as pure decisions. Everything not granted is denied."""

from dataclasses import dataclass, field

from machi.engines.audit.define import Actor
from machi.engines.people.define import SENSITIVITIES, is_at_least


@dataclass(frozen=True)
class Right:
    """One grant in force: these verbs, in these units (the granted one and all below), up to `ceiling`."""

    verbs: frozenset
    units: frozenset
    code: str
    ceiling: str

    def reaches(self, scope):
        """Whether the right is over the unit and the definition of `scope`."""
        return scope.unit in self.units and code_fits(self.code, scope.code)

    def allows(self, verb, scope):
        """Whether `verb` may be done to what `scope` describes."""
        readable = is_at_least(self.ceiling, scope.sensitivity, SENSITIVITIES)
        return verb in self.verbs and readable and self.reaches(scope)


@dataclass(frozen=True)
class PostHolder(Actor):
    """A member of staff in one request, with the rights of the posts held now."""

    rights: tuple[Right, ...] = field(default=(), repr=False, compare=False)


def code_fits(pattern, code):
    """Whether the definition `code` fits `pattern`: "*", a code, or a beginning followed by "*"."""
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    return pattern == code


def highest(sensitivities):
    """The most sensitive of `sensitivities`; "public" if there is none."""
    return max(sensitivities, key=SENSITIVITIES.index, default="public")


def subtree(code, parents):
    """The unit `code` and every unit below it. `parents` maps each unit to the one above it, or None."""
    found = {code}
    while grown := {unit for unit, parent in parents.items() if parent in found} - found:
        found |= grown
    return frozenset(found)
