"""Submissions per second from the first page to the receipt, beside the engine alone.

Visitors without an account send 市民の声 through the portal: the procedure's page, start, two pages of questions, the
review, and the receipt; eight requests each, through the web server with its two workers. Beside it `submit()`
called in one process, which does what is the same in both: case, number, notice, mail put in the outbox, audit chain.
The visitors run on the same machine and take their share of it.
"""

import json
import threading
import time

from parts.town import enter, served, town
from parts.visitor import Visitor

VISITORS, SECONDS = 4, 15
CODE = "voice.citizen_voice"
VOICE = {"topic": "roads", "heading": "道のくぼみ", "body": "家の前の道にくぼみができています。雨の日は水です。"}
ANSWER = {"wants_answer": "true", "name": "見本 太郎", "email": "taro@mihon.example", "may_publish": "false"}


def send(visitor):
    """One voice, from wish to receipt."""
    visitor.cookies.clear()
    visitor.get(f"/procedures/{CODE}/")
    at = visitor.post(f"/procedures/{CODE}/start/")
    at = visitor.post(at, _do="next", **VOICE)
    at = visitor.post(at, _do="next", **ANSWER)
    visitor.post(at)
    if "<h1" not in visitor.page or "error-summary" in visitor.page:
        raise RuntimeError(visitor.page[:2000])


def through_the_portal(host, port):
    """(submissions per second, how many)."""
    counts, faults, until = [0] * VISITORS, [], time.monotonic() + SECONDS

    def visit(number):
        visitor = Visitor(host, port)
        try:
            while time.monotonic() < until:
                send(visitor)
                counts[number] += 1
        except Exception as fault:  # noqa: BLE001 — told below, in the main thread
            faults.append(fault)

    send(Visitor(host, port))  # warms up
    began = time.monotonic()
    threads = [threading.Thread(target=visit, args=(number,)) for number in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.monotonic() - began), sum(counts)


def through_the_engine(seconds=8):
    """Submissions per second of `submit()` in this process."""
    from machi.engines.audit.define import ANONYMOUS
    from machi.engines.definitions.public import current
    from machi.engines.procedures import public as procedures

    version, sender = current("procedure", CODE), procedures.Sender(actor=ANONYMOUS)
    answers = {**VOICE, "wants_answer": True, "name": ANSWER["name"], "email": ANSWER["email"]}

    def once():
        command_id = procedures.new_command_id()
        procedures.submit(version=version, answers=answers, sender=sender, command_id=command_id)

    once()
    began, count = time.monotonic(), 0
    while time.monotonic() < began + seconds:
        once()
        count += 1
    return count / (time.monotonic() - began)


def main():
    with town() as environment:
        with served(environment) as (host, port):
            portal, count = through_the_portal(host, port)
        enter(environment)
        engine = through_the_engine()
        from machi.engines.procedures.public import Case

        kept = Case.objects.count()
        from django.db import connection

        connection.close()
    print(f"{count} voices sent by {VISITORS} visitors in {SECONDS} s; {kept} cases are kept")
    print(f"{portal:.1f} submissions/s through the portal, {engine:.1f} submissions/s of the engine in one process")
    line = {
        "name": "submissions.end_to_end",
        "value": round(portal, 2),
        "unit": "submissions/s",
        "beside": "the engine's submit() in one process",
        "beside_value": round(engine, 2),
        "ratio": round(portal / engine, 3),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
