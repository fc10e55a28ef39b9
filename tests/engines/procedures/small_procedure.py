"""A small procedure of our own, ready to be spoilt, and what it refers to."""

import copy
import json

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.actions import _publish_first
from machi.engines.definitions.compile import compile_tree
from machi.engines.definitions.define import DefinitionFault
from machi.engines.definitions.force import find_published
from machi.engines.definitions.library import Library
from machi.engines.procedures.compile import compile_procedure
from machi.engines.procedures.define import Procedure

NUMBER = {"sequence": "small/{fy}", "format": "小{fy}-{seq:4}"}
OFFICE = {
    "weekdays": [5, 6],
    "holidays": True,
    "year_end": [[12, 29], [1, 3]],
    "closed": ["2026-11-24"],
    "opened": [],
}
ROUTES = {
    "kind": "choices",
    "code": "test.routes",
    "columns": {"weekdays": "text", "capacity": "int"},
    "options": [
        {"key": "a", "label": {"ja": "A"}, "weekdays": "mon tue wed thu fri", "capacity": 3},
        {"key": "b", "label": {"ja": "B"}, "weekdays": "tue", "capacity": 1},
    ],
}
CONTACT = {"fields": [{"key": "email", "type": "email", "label": {"ja": "メール"}}]}
PAPER = {
    "code": "test.paper",
    "data": {"who": "name", "route": "said.route", "lines": "said.lines", "no": "case.number"},
}


def small():
    """The definition as a file would say it (without what has a default)."""
    return copy.deepcopy(
        {
            "machi": 1, "kind": "procedure", "code": "test.small", "title": "小さな手続", "owner": "citizens",
            "audience": "staff", "summary": "試しの手続", "assurance": "none",
            "facts": {"who": "だれでも", "cost": "無料", "time": "1分", "hear": "メール"},
            "contact_fields": {"name": "name", "email": "email"},
            "subject": "name",
            "uses": {"routes": "choices/test.routes", "contact": "fragment/test.contact"},
            "settings": {"fee": {"type": "yen", "value": "300", "max": 500}},
            "fields": [
                {"key": "name", "type": "text", "label": "氏名", "required": True},
                {"key": "route", "type": "choice", "label": "地区", "from": "routes", "required": True},
                {"key": "copies", "type": "int", "label": "通数", "required": True, "min": "1"},
                {
                    "key": "lines", "type": "repeat", "label": "品目", "max": "5",
                    "fields": [
                        {"key": "item", "type": "text", "label": "品名"},
                        {"key": "qty", "type": "int", "label": "数"},
                        {"key": "fee", "type": "yen", "label": "料金"},
                    ],
                },
                {"key": "day", "type": "slot", "label": "日", "pool": "pickup"},
                {"key": "total", "type": "yen", "label": "合計", "calc": "copies * $settings.fee"},
                {"use": "contact"},
            ],
            "pages": [
                {"key": "one", "title": "入力", "fields": ["name", "route", "copies", "lines", "day", "total", "email"]}
            ],
            "pools": {
                "pickup": {
                    "resources": "routes", "resource": "route", "weight": "copies",
                    "open": {"from": "P1D", "to": "P30D"}, "calendar": "calendar/calendar.office",
                }
            },
            "flow": {
                "start": "receive",
                "due": "P5BD",
                "steps": {
                    "receive": {"type": "intake", "title": "受付", "number": NUMBER, "next": "sort"},
                    "sort": {
                        "type": "branch", "title": "振分け",
                        "next": [{"if": "copies > 3", "to": "check"}, {"to": "charge"}],
                    },
                    "check": {
                        "type": "check", "title": "審査", "due": "P3BD",
                        "fields": [{"key": "ground", "type": "text", "label": "根拠"}],
                        "outcomes": {
                            "ok": {"label": "よい", "to": "charge"},
                            "again": {"label": "聞き直す", "to": "ask"},
                            "no": {"label": "だめ", "to": "refused", "tone": "danger"},
                        },
                    },
                    "ask": {
                        "type": "ask_applicant", "title": "確認", "fields": ["copies"], "reason": "通数が多すぎます。",
                        "due": "P7D", "outcomes": {"done": "sort", "expired": "refused"},
                    },
                    "charge": {
                        "type": "pay", "title": "手数料", "amount": "total", "lines": "lines", "wait": True,
                        "due": "P3BD",
                        "outcomes": {"paid": "paper", "expired": "refused"},
                    },
                    "paper": {"type": "issue", "title": "発行", "document": "document/test.paper", "next": "rest"},
                    "rest": {"type": "wait", "title": "待つ", "until": "add_days(today(), 10)", "next": "done"},
                    "done": {"type": "end", "title": "完了", "result": "completed"},
                    "refused": {"type": "end", "title": "終了", "result": "refused"},
                },
            },
            "cancel": {"while": "is_blank(check.outcome)", "explain": "審査のあとは取り下げられません。"},
            "retention": {"years": 3},
            "tests": [
                {
                    "name": "2通", "given": {"name": "山田", "route": "a", "copies": 2},
                    "expect": {"total": "600", "path": ["receive", "sort", "charge", "paper", "rest", "done"]},
                }
            ],
        }
    )  # fmt: skip


def smaller():
    """The small procedure without what it would have to refer to; for residents, so that anybody sends it."""
    source = small() | {"audience": "public"}
    source["uses"] = {"routes": "choices/waste.routes"}
    source["fields"] = [f for f in source["fields"] if f.get("use") is None and f["key"] != "day"]
    source["fields"].append({"key": "email", "type": "email", "label": "メール"})
    source["pages"][0]["fields"].remove("day")
    del source["pools"]
    del source["flow"]["steps"]["paper"]
    source["flow"]["steps"]["charge"]["outcomes"]["paid"] = "rest"
    source["tests"] = []
    return source


def load_beside(folder, source):
    """Publish `source` beside the city's own definitions, without reading those again."""
    path = folder / "test" / "procedures" / "small.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(source, ensure_ascii=False), "utf-8")
    library = Library([folder])
    (entry,) = library.entries.values()
    compiled, faults = compile_tree(entry.tree, library.resolver(entry, find_published), entry.origin)
    assert compiled, faults
    _publish_first(compiled, SYSTEM)


class Resolver:
    """Gives what the small procedure refers to, and collects what is reported."""

    def __init__(self):
        self.faults = []
        self.known = {
            "choices/test.routes": ROUTES,
            "fragment/test.contact": CONTACT,
            "document/test.paper": PAPER,
            "calendar/calendar.office": OFFICE,
        }

    def get(self, reference):
        if reference in self.known or reference.startswith("notice/general."):
            return self.known.get(reference, {"code": reference})
        raise DefinitionFault((), f"「{reference}」という定義はありません。", "名前を直してください。")

    def report(self, fault):
        self.faults.append(fault)


def compiled(source):
    """The bundle of a source. Raises DefinitionFault."""
    return compile_procedure(Procedure.model_validate(source), Resolver())


def faults(source):
    """Every fault of a source: (path, message, mend)."""
    resolver = Resolver()
    try:
        compile_procedure(Procedure.model_validate(source), resolver)
    except DefinitionFault as fault:
        resolver.faults.append(fault)
    return [(tuple(fault.path), fault.message, fault.mend) for fault in resolver.faults]
