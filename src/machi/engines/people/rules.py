"""Pure decisions: who may do what (all that is not granted is denied), how to read what others send."""

from dataclasses import dataclass, field
from datetime import datetime

from machi.engines.audit.define import Actor
from machi.engines.people.define import SENSITIVITIES, is_at_least

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Line/", "LINE"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


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
    """A member of staff in one request, with the rights of the posts held now.

    `acts_for` are the posts they stand in for today, once somebody has asked (people.public.posts_acted_for).
    """

    rights: tuple[Right, ...] = field(default=(), repr=False, compare=False)
    acts_for: tuple[str, ...] | None = field(default=None, repr=False, compare=False)


def code_fits(pattern, code):
    """Whether the definition `code` fits `pattern`: "*", a code, or a beginning followed by "*"."""
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    return pattern == code


def highest(sensitivities):
    """The most sensitive of `sensitivities`; "public" if there is none."""
    return max(sensitivities, key=SENSITIVITIES.index, default="public")


def up_to(ceiling):
    """The sensitivities that may be read under a ceiling."""
    return SENSITIVITIES[: SENSITIVITIES.index(ceiling) + 1]


def subtree(code, parents):
    """The unit `code` and every unit below it. `parents` maps each unit to the one above it, or None."""
    found = {code}
    while grown := {unit for unit, parent in parents.items() if parent in found} - found:
        found |= grown
    return frozenset(found)


def read_card_address(address):
    """The (town, line) of an address as the card's provider sends it: text, or an object with "formatted".

    Cut before the first digit and otherwise untouched: 茨城県常総市水海道諏訪町 + 3222番地3. No text is lost.
    """
    if isinstance(address, dict):
        parts = (address.get("region"), address.get("locality"), address.get("street_address"))
        address = address.get("formatted") or "".join(part or "" for part in parts)
    address = (address or "").strip()
    cut = next((place for place, sign in enumerate(address) if sign.isdigit()), len(address))
    return address[:cut], address[cut:]


def read_card_birth(text):
    """The birthday as ISO text from YYYYMMDD or YYYY-MM-DD; "" if it is not a whole date."""
    digits = (text or "").replace("-", "")
    try:
        return datetime.strptime(digits, "%Y%m%d").date().isoformat()  # noqa: DTZ007 — a day has no time zone
    except ValueError:
        return ""


def device_words(user_agent):
    """A browser's own description as people would say it: "Chrome (Android)"; "" if nothing is known."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} ({system})" if browser and system else browser or system
