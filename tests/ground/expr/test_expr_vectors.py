"""The shared vectors, answered by Python, by the browser's interpreter under node, and by PostgreSQL."""

import json
import os
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from machi.ground.calendar import parse_duration
from machi.ground.expr import (
    Context,
    Duration,
    FuelSpent,
    NotIndexable,
    check,
    compile,
    from_json,
    parse,
    read_type,
    to_json,
    to_sql,
)
from machi.ground.expr.civil import JAPAN, plain_duration, read_date, read_datetime

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
VECTORS = json.loads((HERE / "vectors.json").read_text())


def value_of(said, kind):
    """A vector's JSON as the value that a caller would hand over."""
    if said is None or said == "":
        return said
    if kind.kind == "list":
        return [value_of(item, kind.item) for item in said]
    if kind.kind == "row":
        return {key: value_of(said.get(key), of) for key, of in kind.fields}
    readers = {"decimal": Decimal, "date": read_date, "datetime": read_datetime, "duration": parse_duration}
    return readers.get(kind.kind, lambda plain: plain)(said)


def plain(value):
    """An answer as vectors write it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        said = f"{value:f}" if isinstance(value, Decimal) else str(value)
        said = said.rstrip("0").rstrip(".") if "." in said else said
        return "0" if said == "-0" else said
    if isinstance(value, datetime):
        return value.astimezone(JAPAN).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def expected(vector):
    out = vector["out"]
    return str(out) if isinstance(out, int) and not isinstance(out, bool) else out


def types_of(vector):
    return {name: read_type(said) for name, said in vector["types"].items()}


def values_of(vector):
    kinds = types_of(vector)
    return {name: value_of(said, kinds[name]) for name, said in vector["in"].items()}


def context_of(vector, **more):
    said = vector.get("context", {})
    columns = {t: {c: read_type(k) for c, k in of.items()} for t, of in said.get("table_types", {}).items()}
    tables = {
        table: {key: {c: value_of(v, columns[table][c]) for c, v in row.items()} for key, row in rows.items()}
        for table, rows in said.get("tables", {}).items()
    }
    areas = {(layer, place): code for layer, place, code in said.get("areas", [])}
    closed = {date.fromisoformat(day) for day in said.get("closed", [])}
    return Context(
        today=date.fromisoformat(said["today"]) if "today" in said else None,
        tables=tables,
        areas=lambda layer, place: areas.get((layer, place)),
        calendar=(lambda day: day.weekday() < 5 and day not in closed) if closed else None,
        **more,
    )


def tree_of(vector):
    return parse(vector["expr"])


def in_digits(said):
    """The same JSON with whole numbers as text: JavaScript's own numbers end at 2**53."""
    if isinstance(said, dict):
        return {key: in_digits(value) for key, value in said.items()}
    if isinstance(said, list):
        return [in_digits(value) for value in said]
    return str(said) if isinstance(said, int) and not isinstance(said, bool) else said


def test_there_are_a_thousand_vectors_and_no_two_alike():
    assert len(VECTORS) >= 1000
    assert len({json.dumps(v, sort_keys=True) for v in VECTORS}) == len(VECTORS)
    assert sum(1 for v in VECTORS if v["sql"]) >= 500


def test_python_answers_every_vector():
    wrong = []
    for vector in VECTORS:
        tree = tree_of(vector)
        found = check(tree, vector["types"], vector.get("context", {}).get("table_types", {}))
        if "type" in vector and str(found) != vector["type"]:
            wrong.append((vector, "type", str(found)))
        answer = plain(compile(from_json(to_json(tree)))(values_of(vector), context_of(vector)))
        if answer != expected(vector):
            wrong.append((vector, answer))
    assert wrong == [], f"{len(wrong)} wrong, the first: {wrong[:5]}"


def test_python_spends_exactly_the_fuel_that_the_vectors_say():
    metered = [v for v in VECTORS if "fuel" in v]
    assert len(metered) > 9
    for vector in metered:
        run = compile(tree_of(vector))
        assert plain(run(values_of(vector), context_of(vector, fuel=vector["fuel"]))) == expected(vector)
        with pytest.raises(FuelSpent):
            run(values_of(vector), context_of(vector, fuel=vector["fuel"] - 1))


def test_the_browser_answers_every_vector(tmp_path):
    node = shutil.which("node", path=f"{ROOT / 'var/venv/bin'}:{os.environ['PATH']}")
    source = ROOT / "src/machi/ui/script/expr.ts"
    cases = tmp_path / "cases.json"
    cases.write_text(
        json.dumps([{**v, "in": in_digits(v["in"]), "tree": to_json(tree_of(v))} for v in VECTORS])
    )
    ran = subprocess.run(
        [node, HERE / "run_vectors.mjs", source, cases], check=True, capture_output=True, text=True
    )
    answers = json.loads(ran.stdout)
    assert len(answers) == len(VECTORS)
    wrong = [
        (vector["expr"], vector["in"], vector["out"], answer)
        for vector, answer in zip(VECTORS, answers, strict=True)
        if answer
        != ({"unknown": True} if vector.get("browser") == "unknown" else {"value": expected(vector)})
    ]
    assert wrong == [], f"{len(wrong)} wrong, the first: {wrong[:5]}"


CASTS = {"int": "numeric", "yen": "bigint", "decimal": "numeric", "bool": "boolean", "date": "date",
         "datetime": "timestamptz"}  # fmt: skip


@pytest.mark.django_db
def test_the_database_answers_the_indexable_vectors_and_refuses_the_others():
    wrong = []
    for vector in VECTORS:
        kinds, values = types_of(vector), values_of(vector)
        columns = {name: (f'v."{name}"', said) for name, said in vector["types"].items()}
        try:
            sql, params = to_sql(tree_of(vector), columns, context_of(vector).today)
        except NotIndexable:
            wrong += [(vector, "refused")] if vector["sql"] else []
            continue
        if not vector["sql"]:
            wrong.append((vector, "not refused", sql))
            continue
        given = (
            ", ".join(f'%s::{CASTS.get(kinds[name].kind, "text")} AS "{name}"' for name in values)
            or "1 AS one"
        )
        with connection.cursor() as cursor:
            select = f"SELECT ({sql}) FROM (SELECT {given}) AS v"  # noqa: S608 - our own vectors
            cursor.execute(select, [*params, *values.values()])
            answer = cursor.fetchone()[0]
        if vector["out"] is False and answer is None:
            answer = False  # a condition may be NULL where it is not true
        if plain(answer) != expected(vector):
            wrong.append((vector, answer, sql))
    assert wrong == [], f"{len(wrong)} wrong, the first: {wrong[:5]}"


def test_a_duration_prints_as_it_reads():
    for said in ("P0D", "P1Y2M3D", "PT15M", "P3BD", "P1DT1H1M1S", "P11M", "-P1D", "P1M3BD"):
        assert plain_duration(parse_duration(said)) == said
    assert plain_duration(Duration(months=14, days=7)) == "P1Y2M7D"
