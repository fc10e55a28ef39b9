"""Who may change what: the values of settings, words and questions, or everything.

The level is found from what a change really changes, so that the text form and undo obey it like every form.
"""

from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.entrances.builder.operations.conditions import SORTS
from machi.entrances.builder.operations.table import OPERATIONS, PLACES
from machi.entrances.builder.operations.words import Refused
from machi.ground.languages import TAGS

LEVELS = ("definitions.settings", "definitions.form", "definitions.draft")
VALUES = ("settings",)
WORDS = ("title", "summary", "facts", "words", "legal", "fields", "pages", "uses", "notices", "letters", "tests")


SETTINGS = {"set_settings"}
_FORMS = ("form", "letters", "told", "languages", "trials")
WORDING = {
    *("set_title", "set_facts", "set_words", "condition:field", "condition:page", "condition:rule"),
    *(one.__name__ for place in _FORMS for one in PLACES[place]),
}


def open_to(actor, tree, code):
    """The operations whose forms `actor` may fill in; those on conditions by what the condition is about."""
    level = next((one for one in reversed(LEVELS) if may(actor, one, tree, code)), None)
    if level == LEVELS[2]:
        return {*OPERATIONS, *(f"condition:{sort}" for sort in SORTS)}
    return {LEVELS[0]: SETTINGS, LEVELS[1]: SETTINGS | WORDING}.get(level, set())


def needed(before, after):
    """The verb that a change from one tree to the other needs; None when nothing changes."""
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if not changed:
        return None
    if changed <= set(VALUES) and _shape(before) == _shape(after):
        return LEVELS[0]
    wordless = {name for name in changed if _wordless(before.get(name)) == _wordless(after.get(name))}
    return LEVELS[1] if changed <= {*VALUES, *WORDS, *wordless} else LEVELS[2]


def may(actor, verb, tree, code):
    """Whether `actor` may do at least `verb` to a procedure that is this tree."""
    scope = Scope(unit=tree.get("owner", ""), code=code, sensitivity="internal")
    return any(people.can(actor, one, scope) for one in LEVELS[LEVELS.index(verb) :])


def may_open(actor, tree, code):
    """Whether `actor` may change anything of it."""
    return may(actor, LEVELS[0], tree, code)


def check(actor, before, after, code):
    """Refused in words, where `actor` may not make this change."""
    verb = needed(before, after)
    if verb and not (may(actor, verb, before, code) and may(actor, verb, after, code)):
        raise Refused(who_may(verb))


def who_may(verb):
    """Who may do it, for those who may not."""
    return {
        LEVELS[0]: _("この手続は、担当する課の職員が変えます。"),
        LEVELS[1]: _("文や項目は、その係の職員が変えます。課の担当者に頼んでください。"),
        LEVELS[2]: _("流れや決まりは、手続を設計する係の職員が変えます。その係に頼んでください。"),
    }[verb]


def _shape(tree):
    """The settings without their values."""
    return {
        key: {name: one for name, one in said.items() if name != "value"}
        for key, said in tree.get("settings", {}).items()
    }


def _wordless(value):
    """A part of a tree without the words people read."""
    if isinstance(value, dict):
        if "ja" in value and set(value) <= set(TAGS):
            return "words"
        return {name: _wordless(inner) for name, inner in value.items()}
    return [_wordless(one) for one in value] if isinstance(value, list) else value
