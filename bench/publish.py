"""How long publishing takes, with everything installed, beside compiling and testing the same definition alone.

Publishing compiles the draft again with what is in force, runs its tests, tells the difference, closes the version
before, writes the ledger of fields and the audit line, and renews whatever uses it. Two definitions are published
again and again: 粗大ごみ, which three guides use, and the contact's fragment, which most procedures use.
"""

import json
import time

from parts.town import enter, quantile, town

ROUNDS, USED_ROUNDS = 15, 3
PROCEDURE, FRAGMENT = ("procedure", "waste.bulky_pickup"), ("fragment", "people.contact")


def publishing(kind, code, rounds):
    """Milliseconds of each publication, and how many definitions were renewed with it."""
    from machi.engines.audit.define import Actor
    from machi.engines.definitions import public as definitions
    from machi.engines.definitions.models import Version

    one, two = (Actor(kind="system", name=name) for name in ("one", "two"))
    times, renewed = [], 0
    for number in range(rounds):
        base = definitions.current(kind, code)
        tree = {**base.source, "title": {"ja": f"第{number}回"}}
        manuscript = definitions.begin_manuscript(tree=tree, actor=one, assets=base.assets, base=base)
        draft = definitions.propose(manuscript_id=manuscript.id, clock=manuscript.clock, actor=one)
        before = Version.objects.count()
        began = time.perf_counter()
        definitions.publish(version_id=draft.id, actor=two)
        times.append((time.perf_counter() - began) * 1000)
        renewed = Version.objects.count() - before
    return times, renewed


def compiling(kind, code):
    """Milliseconds of compiling and testing a definition, nothing kept."""
    from machi.engines.definitions import public as definitions

    version, times = definitions.current(kind, code), []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        definitions.examine(version.source, version.assets)
        times.append((time.perf_counter() - began) * 1000)
    return times


def main():
    with town() as environment:
        enter(environment)
        from machi.engines.definitions.public import count_published

        installed = count_published()
        alone = quantile(compiling(*PROCEDURE), 0.5)
        procedure, guides = publishing(*PROCEDURE, ROUNDS)
        fragment, renewed = publishing(*FRAGMENT, USED_ROUNDS)
        from django.db import connection

        connection.close()
    taken = quantile(procedure, 0.5)
    print(f"{installed} definitions are in force")
    print(f"a procedure that {guides} definitions use: {taken:.0f} ms, compiling and testing it alone: {alone:.0f} ms")
    print(f"a fragment that {renewed} definitions use: {quantile(fragment, 0.5):.0f} ms, they are renewed with it")
    line = {
        "name": "definitions.publish",
        "value": round(taken, 1),
        "unit": "ms",
        "beside": "compiling and testing the same definition alone",
        "beside_value": round(alone, 1),
        "ratio": round(taken / alone, 2),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
