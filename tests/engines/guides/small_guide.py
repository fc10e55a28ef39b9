"""A small guide of our own, ready to be spoilt, and what it refers to."""

import copy

from machi.engines.definitions.define import DefinitionFault
from machi.engines.guides.compile import compile_guide
from machi.engines.guides.define import Guide

SMALL = {
    "machi": 1,
    "kind": "guide",
    "code": "test.small",
    "title": "引っ越した",
    "summary": "すること。",
    "icon": "moving",
    "owner": "citizens",
    "uses": {"things": "choices/test.things", "offices": "choices/test.offices", "visits": "choices/test.visits"},
    "settings": {"grant": {"type": "yen", "value": "50000"}},
    "fields": [
        {"key": "moved_on", "type": "date", "label": "引っ越した日", "required": True},
        {"key": "who", "type": "choices", "label": "だれ", "options": [{"key": "dog", "label": "犬"}]},
    ],
    "pages": [{"key": "move", "title": "引っ越し", "fields": ["moved_on", "who"]}],
    "tasks": [
        {
            "key": "dog",
            "title": "犬の届",
            "if": "'dog' in who",
            "phase": "later",
            "where": ["elsewhere"],
            "elsewhere": "vet",
            "bring": ["card", {"thing": "tag", "if": "'dog' in who"}],
        },
        {
            "key": "move",
            "title": "転入届",
            "why": "{$settings.grant}円もらえます。",
            "phase": "first",
            "due": {"within": "P14D", "from": "moved_on"},
            "procedure": "test.move",
            "together": "hall",
            "bring": ["card"],
        },
    ],
    "tests": [
        {
            "name": "犬と",
            "given": {"moved_on": "2026-11-01", "who": ["dog"]},
            "expect": {"tasks": ["move", "dog"], "due": {"move": "2026-11-15"}},
        }
    ],
}  # fmt: skip


def table(*keys):
    """A choices bundle."""
    options = [{"key": key, "label": {"ja": key.upper()}} for key in keys]
    return {"columns": {}, "groups": [], "options": options}


class Resolver:
    """Gives what the small guide refers to, and collects what is reported."""

    def __init__(self):
        self.faults = []
        self.known = {
            "choices/test.things": table("card", "tag"),
            "choices/test.offices": table("vet"),
            "choices/test.visits": table("hall"),
            "procedure/test.move": {"audience": "public"},
            "procedure/test.inside": {"audience": "staff"},
        }

    def get(self, reference):
        if reference in self.known:
            return self.known[reference]
        raise DefinitionFault((), f"「{reference}」という定義はありません。", "名前を直してください。")

    def report(self, fault):
        self.faults.append(fault)


def small():
    """A copy of the small guide's source."""
    return copy.deepcopy(SMALL)


def compiled(source):
    """(bundle or None, every fault as (path, message, level))."""
    resolver, bundle = Resolver(), None
    try:
        bundle = compile_guide(Guide.model_validate(source), resolver)
    except DefinitionFault as fault:
        resolver.faults.append(fault)
    return bundle, [(tuple(fault.path), fault.message, fault.level) for fault in resolver.faults]
