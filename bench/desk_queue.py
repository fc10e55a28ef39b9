"""The desk's queue with 100,000 cases: p95 of the page, beside its SQL alone.

200 cases are made as rows and multiplied inside the database (one in three is open, with a step that waits); nobody
sent them. Two clerks then ask for the queue in all its ways, one request after the other, through the web server.
Beside it the very same queries, sent again without Django.
"""

import json
import random
import time
from datetime import timedelta

from parts.town import enter, quantile, served, town
from parts.visitor import Visitor

CASES, TEMPLATES, ROUNDS = 100_000, 200, 6
WAYS = {
    "kankyo.tanto@joso.example": (
        "/desk/queue/",
        "/desk/queue/?page=2",
        "/desk/queue/?page=40",
        "/desk/queue/?view=late",
        "/desk/queue/?view=unclaimed&sort=-due",
        "/desk/queue/?view=mine",
        "/desk/queue/?sort=-sent",
        "/desk/queue/?procedure=waste.bulky_pickup&step=check",
        "/desk/queue/?q=石塚",
        "/desk/queue/?q=粗2026-000123",
    ),
    "hisho.tanto@joso.example": (
        "/desk/queue/",
        "/desk/queue/?unit=roads",
        "/desk/queue/?view=late&sort=sent",
        "/desk/queue/?q=くぼみ",
    ),
}
KINDS = (
    ("voice.citizen_voice", "answer", "task", ("roads", "environment", "disaster", "schools", "secretary"), "声"),
    ("waste.bulky_pickup", "check", "check", ("environment",), "粗"),
    ("residents.residence_certificate", "check", "check", ("citizens",), "住"),
)
NAMES = ("石塚 恵子", "飯田 隆", "染谷 真由美", "荒井 拓也", "SILVA MARIA", "𠮷野 健", "髙﨑 美咲", "倉持 澄江")
SUBJECTS = ("道のくぼみ", "街路灯が消えています", "ごみ集積所のネット", "通学路の横断歩道", "花壇のお礼", "2点")


def make_templates():
    """The rows that are multiplied."""
    from machi.engines.definitions.public import current
    from machi.engines.people.public import Account
    from machi.engines.procedures.public import Case, Step
    from machi.ground.calendar import now, today

    dice, clerk = random.Random(1), Account.objects.get(email="kankyo.tanto@joso.example")
    for number in range(TEMPLATES):
        code, key, kind, units, sign = KINDS[number % 3]
        unit, is_open = dice.choice(units), number % 9 < 3
        case = Case.objects.create(
            version=current("procedure", code), code=code, unit=unit, reference=f"T{number}", sample=True,
            number=f"{sign}2026-{number:06}", status="working" if is_open else "closed", applicant=dice.choice(NAMES),
            subject=dice.choice(SUBJECTS), submitted_at=now() - timedelta(days=dice.randint(0, 300)), due_on=today(),
        )  # fmt: skip
        Step.objects.create(
            case=case, code=code, key=key, type=kind, unit=unit, due_on=today(), state="active" if is_open else "done",
            claimed_by=clerk if unit == "environment" and dice.random() < 0.2 else None,
        )  # fmt: skip


def multiply(times):
    """Each template case and its step, so many times more."""
    from django.db import connection

    from machi.engines.procedures.public import Case, Step

    later = "(g.n * 7 % 60 - 40)"
    case = {
        "id": "g.id",
        "reference": "'B' || g.base_number || '-' || g.n",
        "number": "o.number || '-' || g.n",
        "words": "o.words || g.n",
        "submitted_at": "o.submitted_at - g.n * interval '11 minutes'",
        "due_on": f"o.due_on + {later}",
    }
    step = {"case_id": "g.id", "due_on": f"o.due_on + {later}", "opened_at": "o.opened_at"}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE grown AS SELECT id AS base, reference AS base_number, n, gen_random_uuid() AS id"
            " FROM procedures_case, generate_series(1, %s) AS n",
            [times],
        )
        cursor.execute(_copied(Case, case, "o.id"))
        cursor.execute(_copied(Step, step, "o.case_id", leave=("id",)))
        cursor.execute("ANALYZE")


def _copied(model, changes, key, leave=()):
    columns = [field.column for field in model._meta.concrete_fields if field.column not in leave]  # noqa: SLF001
    values = [changes.get(column, f'o."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table  # noqa: SLF001
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} o JOIN grown g ON g.base = {key}"  # noqa: S608


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


def through_the_server(host, port, cookies):
    """Milliseconds of each request, by address."""
    times = {}
    for mail, ways in WAYS.items():
        visitor = Visitor(host, port)
        for way in ways * (ROUNDS + 1):
            visitor.cookies = dict([cookies[mail]])
            taken = seconds(visitor.get, quoted(way))
            times.setdefault((mail, way), []).append(taken * 1000)
    return {key: values[1:] for key, values in times.items()}


def quoted(way):
    from django.utils.encoding import iri_to_uri

    return iri_to_uri(way)


def sql_alone(cookies):
    """Milliseconds of the queries of each address, replayed without Django."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    times, counts = [], []
    for mail, ways in WAYS.items():
        client = Client(SERVER_NAME="localhost")
        client.cookies[cookies[mail][0]] = cookies[mail][1]
        for way in ways:
            client.get(way)
            with CaptureQueriesContext(connection) as captured:
                client.get(way)
            queries = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
            counts.append(len(queries))
            times += [seconds(replay, connection, queries) * 1000 for _round in range(ROUNDS)]
    return times, max(counts)


def replay(connection, queries):
    with connection.connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            cursor.fetchall()


def main():
    with town() as environment:
        enter(environment)
        from django.db import connection

        made = seconds(lambda: (make_templates(), multiply(CASES // TEMPLATES - 1)))
        cookies = {mail: session(mail) for mail in WAYS}
        with served(environment) as (host, port):
            times = through_the_server(host, port, cookies)
        alone, most = sql_alone(cookies)
        connection.close()
    for (mail, way), values in times.items():
        print(f"{quantile(values, 0.5):7.1f} ms, at most {max(values):7.1f} ms  {mail.partition('@')[0]:14} {way}")
    everything = [value for values in times.values() for value in values]
    page, sql = quantile(everything, 0.95), quantile(alone, 0.95)
    print(f"{CASES:,} cases made in {made:.0f} s; at most {most} queries a page")
    print(f"p95 {page:.1f} ms, SQL alone {sql:.1f} ms")
    line = {
        "name": "desk.queue_p95",
        "value": round(page, 1),
        "unit": "ms",
        "beside": "its SQL alone (p95)",
        "beside_value": round(sql, 1),
        "ratio": round(page / sql, 2),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
