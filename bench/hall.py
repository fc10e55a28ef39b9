"""A whole city hall: 100 procedures and 100,000 cases. p95 of its pages, beside their SQL alone.

Copies of the shipped procedures make the hundred full; the cases are multiplied rows, one in three open, some
waiting for approval. Clerks, a chief and a resident then ask for the queue, the approval inbox, the searches and
the catalogue in all their ways, one request after the other, through the web server. Beside it the very same
queries, sent again without Django.
"""

import json
import tempfile
import time
from pathlib import Path

from parts.cases import DRAFT, copies_of, make_templates, multiply
from parts.town import enter, quantile, served, town
from parts.visitor import Visitor

PROCEDURES, CASES, TEMPLATES, ROUNDS = 100, 100_000, 200, 6
CLERK, OFFICE, CHIEF, NOBODY = "kankyo.tanto", "hisho.tanto", "doro.kacho", ""
WAYS = {
    "queue": {
        CLERK: (
            "/desk/queue/",
            "/desk/queue/?page=2",
            "/desk/queue/?page=40",
            "/desk/queue/?view=late",
            "/desk/queue/?view=unclaimed&sort=-due",
            "/desk/queue/?view=mine",
            "/desk/queue/?sort=-sent",
            "/desk/queue/?procedure=waste.bulky_pickup&step=check",
        ),
        OFFICE: ("/desk/queue/", "/desk/queue/?unit=roads", "/desk/queue/?view=late&sort=sent"),
    },
    "inbox": {CHIEF: ("/desk/approvals/", "/desk/")},
    "search": {
        CLERK: ("/desk/queue/?q=石塚", "/desk/queue/?q=粗2026-000123", "/desk/cases/?q=𠮷野"),
        OFFICE: ("/desk/queue/?q=くぼみ",),
        NOBODY: ("/search/?q=犬を飼う", "/search/?q=道路", "/search/?q=mudança"),
    },
    "catalogue": {NOBODY: ("/", "/procedures/")},
}
KINDS = (
    ("voice.citizen_voice", "answer", "task", ("roads", "environment", "disaster", "schools", "secretary"), "声"),
    ("waste.bulky_pickup", "check", "check", ("environment",), "粗"),
    ("residents.residence_certificate", "check", "check", ("citizens",), "住"),
    (DRAFT, "consent", "approve", ("roads",), "起"),
)


def kinds():
    """The kinds of cases: those named above, and one of every copied procedure."""
    from machi.engines.definitions.public import current, current_all

    for code, *more in KINDS:
        yield current("procedure", code), *more
    for version in current_all("procedure"):
        if version.code.startswith("bench."):
            steps = version.bundle["flow"]["steps"]
            first = next(key for key, step in steps.items() if step["type"] in ("check", "decide", "task"))
            yield version, first, steps[first]["type"], (version.bundle["owner"],), "試"


def load_copies():
    """The procedures that are missing to a hundred."""
    from django.conf import settings

    from machi.engines.audit.define import SYSTEM
    from machi.engines.definitions.public import current_all, load

    with tempfile.TemporaryDirectory() as folder:
        copies_of(Path(folder), settings.PACKAGES / "municipality", PROCEDURES - len(current_all("procedure")))
        report = load(folders=[settings.PACKAGES / "municipality", settings.CITY, Path(folder)], actor=SYSTEM)
    if report.errors:
        raise RuntimeError(report.errors[0])


def session(mail):
    """The cookie of a clerk who has signed in."""
    from django.conf import settings
    from django.test import Client

    from machi.engines.people.public import Account

    client = Client()
    client.force_login(Account.objects.get(email=mail), "django.contrib.auth.backends.ModelBackend")
    return settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value


def seconds(work, *given):
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began


def asked():
    """(group, who, address) of every page that is measured."""
    return [(group, who, way) for group, by in WAYS.items() for who, ways in by.items() for way in ways]


def through_the_server(host, port, cookies):
    """Milliseconds of each request, by (group, who, address)."""
    times, visitors = {}, {}
    for key in asked():
        _group, who, way = key
        visitor = visitors.setdefault(who, Visitor(host, port))
        visitor.cookies = dict([cookies[who]]) if who else {}
        taken = [seconds(visitor.get, quoted(way)) * 1000 for _round in range(ROUNDS + 1)]
        times[key] = taken[1:]
    return times


def quoted(way):
    from django.utils.encoding import iri_to_uri

    return iri_to_uri(way)


def sql_alone(cookies):
    """Milliseconds of the queries of each page, replayed without Django, by (group, who, address)."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    times = {}
    for key in asked():
        _group, who, way = key
        client = Client(SERVER_NAME="localhost")
        if who:
            client.cookies[cookies[who][0]] = cookies[who][1]
        client.get(way)
        with CaptureQueriesContext(connection) as captured:
            client.get(way)
        queries = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
        times[key] = [seconds(replay, connection, queries) * 1000 for _round in range(ROUNDS)]
    return times


def replay(connection, queries):
    with connection.connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            cursor.fetchall()


def p95(times, group=None):
    return quantile([one for key, values in times.items() if group in (None, key[0]) for one in values], 0.95)


def main():
    with town() as environment:
        enter(environment)
        from django.db import connection

        load_copies()
        made = seconds(lambda: (make_templates(list(kinds()), TEMPLATES), multiply(CASES // TEMPLATES - 1)))
        cookies = {who: session(f"{who}@joso.example") for who in (CLERK, OFFICE, CHIEF)}
        with served(environment) as (host, port):
            pages = through_the_server(host, port, cookies)
        alone = sql_alone(cookies)
        connection.close()
    for (_group, who, way), values in pages.items():
        print(f"{quantile(values, 0.5):7.1f} ms, at most {max(values):7.1f} ms  {who:14} {way}")
    print(f"{PROCEDURES} procedures, {CASES:,} cases, made in {made:.0f} s")
    for group in WAYS:
        print(f"{group:10} p95 {p95(pages, group):7.1f} ms, its SQL alone {p95(alone, group):7.1f} ms")
    line = {
        "name": "hall.pages_p95",
        "value": round(p95(pages), 1),
        "unit": "ms",
        "beside": "their SQL alone (p95)",
        "beside_value": round(p95(alone), 1),
        "ratio": round(p95(pages) / p95(alone), 2),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
