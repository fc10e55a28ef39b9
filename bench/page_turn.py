"""A page turn in a form of twelve pages, beside two empty answers of the same server.

A procedure of twelve pages with five questions each is published; a visitor without an account fills them in through
the portal, each turn being the POST that keeps a page and the page that follows. Conditions reach from page to page.
"""

import json
import time

from parts.town import enter, quantile, served, town
from parts.visitor import Visitor

CODE, PAGES, QUESTIONS, VISITS = "bench.long_form", 12, 5, 8


def long_form():
    """The source tree of a procedure of twelve pages."""
    from machi.engines.definitions.public import current

    source = current("procedure", "voice.citizen_voice").source
    fields = [_field(page, number) for page in range(PAGES) for number in range(QUESTIONS)]
    pages = [
        {"key": f"p{page}", "title": {"ja": f"ページ{page + 1}"}, "fields": [f"q{page}_{n}" for n in range(QUESTIONS)]}
        for page in range(PAGES)
    ]
    flow = {
        "start": "receive",
        "due": "P10BD",
        "steps": {
            "receive": {
                "type": "intake", "title": {"ja": "受付"}, "next": "done",
                "number": {"sequence": "bench/{fy}", "format": "長{fy}-{seq:6}"},
            },
            "done": {"type": "end", "title": {"ja": "完了"}, "result": "completed"},
        },
    }  # fmt: skip
    kept = ("machi", "kind", "title", "summary", "owner", "facts", "retention")
    head = {name: source[name] for name in kept} | {"code": CODE, "assurance": "none"}
    return {**head, "fields": fields, "pages": pages, "flow": flow}


def _field(page, number):
    said = {"key": f"q{page}_{number}", "type": "text", "label": {"ja": f"質問{page + 1}の{number + 1}"}}
    if number == QUESTIONS - 1 and page:
        said["visible_if"] = f"not is_blank(q{page - 1}_0)"
    return said


def publish():
    """Put it into force, by two."""
    from machi.engines.audit.define import Actor
    from machi.engines.definitions import public as definitions

    one, two = (Actor(kind="system", name=name) for name in ("one", "two"))
    manuscript = definitions.begin_manuscript(tree=long_form(), actor=one)
    draft = definitions.propose(manuscript_id=manuscript.id, clock=manuscript.clock, actor=one)
    definitions.publish(version_id=draft.id, actor=two)


def turns(host, port):
    """Milliseconds of every page turn."""
    times = []
    for _visit in range(VISITS):
        visitor = Visitor(host, port)
        visitor.get(f"/procedures/{CODE}/")
        at = visitor.post(f"/procedures/{CODE}/start/")
        for page in range(PAGES):
            answers = {f"q{page}_{number}": "答え" for number in range(QUESTIONS)}
            began = time.perf_counter()
            at = visitor.post(at, _do="next", **answers)
            times.append((time.perf_counter() - began) * 1000)
    return times[PAGES:]


def two_empty_answers(host, port, count=200):
    """Milliseconds of two requests one after the other, where nothing is done."""
    visitor, times = Visitor(host, port), []
    for _time in range(count):
        began = time.perf_counter()
        visitor.get("/")
        visitor.get("/")
        times.append((time.perf_counter() - began) * 1000)
    return times


def main():
    with town() as environment:
        enter(environment)
        publish()
        with served(environment) as (host, port):
            measured = turns(host, port)
        with served(environment, "parts.empty:application", "/") as (host, port):
            empty = two_empty_answers(host, port)
        from django.db import connection

        connection.close()
    page, least = quantile(measured, 0.95), quantile(empty, 0.95)
    print(f"{len(measured)} turns: half within {quantile(measured, 0.5):.1f} ms, p95 {page:.1f} ms")
    line = {
        "name": "filling.page_turn_p95",
        "value": round(page, 1),
        "unit": "ms",
        "beside": "two empty answers of the same server (p95)",
        "beside_value": round(least, 2),
        "ratio": round(page / least, 1),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
