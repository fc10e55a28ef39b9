"""What there is to choose from: answers, units, and the definitions in force."""

from django.utils.translation import gettext as _

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.entrances.builder.operations.places import addresses, steps_of
from machi.entrances.builder.operations.words import japanese
from machi.entrances.builder.showing.words import OUTCOMES
from machi.ground.languages import pick

CHOOSING = ("check", "task", "decide", "approve", "cosign")


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


def values(tree, questions, kinds):
    """Answers as options of an expression: those of the form, and what staff wrote at a step."""
    yield from ((_path(key, one), one["label"]) for key, one in questions.items() if one["type"] in kinds)
    for key, step in steps_of(tree).items():
        for field in step.get("fields", []):
            if isinstance(field, dict) and field.get("type") in kinds:
                yield f"{key}.{field['key']}", f"{japanese(step.get('title'))}: {japanese(field.get('label'))}"


def _path(key, question):
    return f"{key}.code" if question["type"] == "account" else key


def posts():
    """The posts as options, in groups of their units."""
    found = people.Post.objects.filter(closed_on=None).select_related("unit").order_by("unit__order", "order")
    return [
        {"value": post.code, "label": pick(post.title, "ja"), "group": pick(post.unit.title, "ja")} for post in found
    ]


def moves():
    """What can be entered in the books: the moves, in groups of their books."""
    for book in definitions.current_all("book"):
        for key, move in book.bundle.get("moves", {}).items():
            label = japanese(move["title"])
            yield {"value": f"book/{book.code} {key}", "label": label, "group": pick(book.title, "ja")}


def book_places():
    """The places of the books that something can be drawn from, in groups of their books."""
    for book in definitions.current_all("book"):
        for key, place in book.bundle.get("places", {}).items():
            label = japanese(place["title"])
            yield {"value": f"book/{book.code} {key}", "label": label, "group": pick(book.title, "ja")}


def results_of(tree):
    """What was chosen at each step where somebody chooses, as something that a condition can be about."""
    found = {}
    for key, step in steps_of(tree).items():
        if step.get("type") in CHOOSING and step.get("outcomes"):
            label = _("段階「%(step)s」の結果") % {"step": japanese(step.get("title"))}
            options = [(name, _outcome(name, one)) for name, one in step["outcomes"].items()]
            found[f"{key}.outcome"] = {"label": label, "type": "choice", "options": options}
    return found


def _outcome(name, outcome):
    label = outcome.get("label") if isinstance(outcome, dict) else ""
    return japanese(label) or str(OUTCOMES.get(name, name))


def steps(tree):
    """The steps as options."""
    return [(key, japanese(one.get("title"))) for key, one in steps_of(tree).items()]
