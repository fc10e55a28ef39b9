"""What there is to choose from: answers, units, and the definitions in force."""

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.entrances.builder.operations.places import addresses, steps_of
from machi.entrances.builder.operations.words import japanese
from machi.ground.languages import pick


def questions_of(manuscript, tree):
    """{key: {label, type, options}} of every question of the form, those that shared parts bring included."""
    form = (manuscript.bundle or {}).get("form", {})
    found = {one["key"]: one for one in form.get("fields", [])}
    own = {address: one for address, one in addresses(tree) if "." not in address and "/" not in address}
    keys = dict.fromkeys([*(key for page in tree.get("pages", []) for key in page["fields"]), *own])
    return {
        key: _question({**found.get(key, {}), **own.get(key, {})}, form) for key in keys if key in found or key in own
    }


def _question(field, form):
    table = form.get("tables", {}).get(field.get("from") or "", {})
    options = table.get("options") or field.get("options") or []
    listed = [
        (one["key"], pick(one["label"], "ja") if isinstance(one["label"], dict) else one["label"]) for one in options
    ]
    return {"label": japanese(field.get("label")), "type": field.get("type", ""), "options": listed}


def labels_of(manuscript, tree):
    """{address: label} of every question."""
    own = {address: japanese(one.get("label")) for address, one in addresses(tree)}
    return {**{key: one["label"] for key, one in questions_of(manuscript, tree).items()}, **own}


def units():
    """The units as options."""
    return [
        (unit.code, pick(unit.title, "ja")) for unit in people.Unit.objects.filter(closed_on=None).order_by("order")
    ]


def in_force(kind, fits=lambda _bundle: True):
    """The definitions of a kind as options, by reference."""
    return [(f"{kind}/{one.code}", pick(one.title, "ja")) for one in definitions.current_all(kind) if fits(one.bundle)]


def steps(tree):
    """The steps as options."""
    return [(key, japanese(one.get("title"))) for key, one in steps_of(tree).items()]
