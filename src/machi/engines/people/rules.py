"""Who may do what, as pure decisions. Everything not granted is denied."""

from dataclasses import dataclass, field
from datetime import datetime

from machi.engines.audit.define import Actor
from machi.engines.definitions.define import DefinitionFault
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


def compile_organisation(definition, _resolver=None):
    """The bundle of an Organisation: flat lists of "units" (parents first), "posts", "roles" and "grants".

    Raises DefinitionFault for a unit or post named twice and for names that lead nowhere.
    """
    units = list(_flatten(definition.units, (), None))
    _refuse_twice(units)
    posts = [post for path, unit, _parent in units for post in _posts(definition, unit, path)]
    post_codes = {post["code"] for post in posts}
    grants = [grant for post in posts for grant in post.pop("grants")]
    for place, grant in enumerate(definition.grants):
        _refuse_unknown(
            grant, ("grants", place), definition, post_codes, {unit.code for _path, unit, _up in units}
        )
        grants.append(_grant(grant.post, grant.role, grant.unit, grant))
    return {
        "code": definition.code,
        "title": dict(definition.title),
        "units": [_unit(unit, parent) for _path, unit, parent in units],
        "posts": posts,
        "roles": [
            {"code": code, "title": dict(role.title), "verbs": list(role.verbs), "ceiling": role.ceiling}
            for code, role in definition.roles.items()
        ],
        "grants": grants,
    }


def _flatten(units, path, parent):
    for place, unit in enumerate(units):
        here = (*path, "units", place)
        yield here, unit, parent
        yield from _flatten(unit.units, here, unit.code)


def _refuse_twice(units):
    seen = set()
    for path, unit, _parent in units:
        if unit.code in seen:
            raise DefinitionFault(
                (*path, "code"), f"課のコード {unit.code} が2回出てきます。", "別のコードにしてください。"
            )
        seen.add(unit.code)


def _unit(unit, parent):
    return {
        "code": unit.code,
        "title": dict(unit.title),
        "parent": parent,
        "sign": unit.sign,
        "phone": unit.phone,
        "mail": unit.mail,
        "duties": dict(unit.duties or {}),
        "is_sample": unit.sample,
    }


def _posts(definition, unit, path):
    if unit.posts not in definition.post_sets:
        known = "、".join(definition.post_sets)
        raise DefinitionFault(
            (*path, "posts"), f"職の組 {unit.posts} がありません。", f"次のどれかにしてください: {known}"
        )
    seen = set()
    for post in [*definition.post_sets[unit.posts], *unit.more_posts]:
        code = f"{unit.code}.{post.key}"
        if code in seen:
            raise DefinitionFault(
                (*path, "more_posts"), f"職 {code} が2回出てきます。", "別のキーにしてください。"
            )
        seen.add(code)
        for role in post.roles:
            _refuse_unknown_role(role, (*path, "posts"), definition)
        grants = [_grant(code, role, unit.code) for role in post.roles]
        yield {"code": code, "unit": unit.code, "title": dict(post.title), "grants": grants}


def _grant(post, role, unit, given=None):
    return {
        "post": post,
        "role": role,
        "unit": unit,
        "code": given.code if given else "*",
        "since": given.since.isoformat() if given and given.since else None,
        "until": given.until.isoformat() if given and given.until else None,
    }


def _refuse_unknown(grant, path, definition, posts, units):
    _refuse_unknown_role(grant.role, (*path, "role"), definition)
    if grant.post not in posts:
        mend = "「課のコード.職のキー」(例: citizens.chief)で書いてください。"
        raise DefinitionFault((*path, "post"), f"職 {grant.post} がありません。", mend)
    if grant.unit not in units:
        raise DefinitionFault(
            (*path, "unit"), f"課 {grant.unit} がありません。", "units にある課のコードを書いてください。"
        )


def _refuse_unknown_role(role, path, definition):
    if role not in definition.roles:
        known = "、".join(definition.roles)
        raise DefinitionFault(path, f"役割 {role} がありません。", f"次のどれかにしてください: {known}")


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Line/", "LINE"))
BROWSERS += (("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"))
BROWSERS += (("Safari/", "Safari"),)
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"))
SYSTEMS += (("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux"))


def device_words(user_agent):
    """A browser's own description as people would say it: "Chrome (Android)"; "" if nothing is known."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} ({system})" if browser and system else browser or system
