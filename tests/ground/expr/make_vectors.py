"""Writes vectors.json, the cases that Python, the browser and the database must answer alike.

    python tests/ground/expr/make_vectors.py

No expectation comes from the engine: each is written by hand in a table here, or reckoned with fractions.Fraction,
int or datetime. A vector: {"expr", "types", "in", "out"} and, where it matters, "type" (the checked type), "context"
{today, tables, table_types, areas: [[layer, place, code]], closed: [days]}, "fuel" (exactly what it spends), "browser":
"unknown" (the browser must say that it cannot know), "sql": true (the database answers too) or null (it must refuse).
Numbers with a fraction are written as text.
"""

# A case stands on one line, a table stays a table.
# fmt: off
# ruff: noqa: E501

import json
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

VECTORS = []
GOLDEN_WEEK = ["2026-04-29", "2026-05-04", "2026-05-05", "2026-05-06"]  # 昭和の日, みどりの日, こどもの日, 振替休日


def vector(expr, out, types=None, given=None, *, sql=True, **more):
    VECTORS.append({"expr": expr, "types": types or {}, "in": given or {}, "out": out, "sql": sql or None, **more})


def half_away(x, places):
    scaled = abs(x) * 10**places
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    return Fraction(whole if x >= 0 else -whole, 10**places)


def plain(x):
    """A fraction with a finite decimal form of at most 10 places, as text."""
    digits = str(abs(x.numerator * 10**10 // x.denominator)).rjust(11, "0")
    text = (digits[:-10] + "." + digits[-10:]).rstrip("0").rstrip(".")
    return ("-" if x < 0 else "") + text


def whole_numbers():
    pairs = [(0, 0), (1, 0), (0, 7), (7, 2), (-7, 2), (7, -2), (-7, -2), (123456789012, 987654321098), (10**23, 9 * 10**23),
             (-(10**23), -(9 * 10**23)), (800, 3), (2**53, 1), (-(2**53), -1), (10**12, 10**12), (10**12, 10**11)]
    types = {"a": "int", "b": "int"}
    for a, b in pairs:
        given = {"a": a, "b": b}
        for op, exact in (("+", a + b), ("-", a - b), ("*", a * b)):
            vector(f"a {op} b", exact if abs(exact) < 10**24 else None, types, given, type="int")
        vector("a / b", plain(half_away(Fraction(a, b), 10)) if b else None, types, given, type="decimal?")
        vector("a % b", a - b * (a // b) if b else None, types, given, type="int?")
        for op, truth in (("==", a == b), ("!=", a != b), ("<", a < b), ("<=", a <= b), (">", a > b), (">=", a >= b)):
            vector(f"a {op} b", truth, types, given, type="bool")
    for a in (0, 5, -5, 10**23, -(10**23)):
        vector("-a", -a, {"a": "int"}, {"a": a}, type="int")
        vector("abs(a)", abs(a), {"a": "int"}, {"a": a}, type="int")
        vector("a - -a", 2 * a, {"a": "int"}, {"a": a})


def decimals():
    pairs = [("0.1", "0.2"), ("1.5", "-0.25"), ("-1.5", "-0.25"), ("100", "3"), ("2", "3"), ("-2", "3"), ("1", "0.0000000001"),
             ("0.0000000001", "0.5"), ("0.0000000001", "0.4999999999"), ("-0.0000000001", "0.5"), ("1234567.8901", "0.0001"),
             ("99999999999.99", "99999999999.99"), ("0", "1.1"), ("1.10", "1.1"), ("0.00000005", "0.001"), ("0.00000015", "0.001"),
             ("1", "7"), ("22", "7"), ("1", "6"), ("5", "1000000000000"), ("0.3", "0")]
    types = {"a": "decimal", "b": "decimal"}
    for a, b in pairs:
        x, y, given = Fraction(a), Fraction(b), {"a": a, "b": b}
        vector("a + b", plain(x + y), types, given, type="decimal")
        vector("a - b", plain(x - y), types, given, type="decimal")
        vector("a * b", plain(half_away(x * y, 10)), types, given, type="decimal")
        vector("a / b", plain(half_away(x / y, 10)) if y else None, types, given, type="decimal?")
        vector("a == b", x == y, types, given)
        vector("a < b", x < y, types, given)
        vector("a >= b", x >= y, types, given)
    mixed = [("yen", "int", "yen"), ("int", "yen", "yen"), ("int", "int", "int"), ("yen", "decimal", "decimal"),
             ("int", "decimal", "decimal"), ("decimal", "yen", "decimal"), ("yen", "yen", None)]
    for left, right, result in mixed:
        given = {"a": "12" if left == "decimal" else 12, "b": "5" if right == "decimal" else 5}
        if result:
            vector("a * b", "60" if result == "decimal" else 60, {"a": left, "b": right}, given, type=result)
        vector("a + b", "17" if "decimal" in (left, right) else 17, {"a": left, "b": right}, given, type=result or "yen")
        vector("a > b", True, {"a": left, "b": right}, given, type="bool")
        vector("a == b", False, {"a": left, "b": right}, given, type="bool")


def rounding():
    #        value      up      down    half-up  places
    table = [("2.5", "3", "2", "3", 0), ("-2.5", "-3", "-2", "-3", 0), ("2.4", "3", "2", "2", 0), ("-2.4", "-3", "-2", "-2", 0),
             ("2.0", "2", "2", "2", 0), ("0.5", "1", "0", "1", 0), ("-0.5", "-1", "0", "-1", 0), ("0", "0", "0", "0", 0),
             ("1.005", "1.01", "1", "1.01", 2), ("1.004", "1.01", "1", "1", 2), ("-1.005", "-1.01", "-1", "-1.01", 2),
             ("123.456", "123.5", "123.4", "123.5", 1), ("123.456", "200", "100", "100", -2), ("150", "200", "100", "200", -2),
             ("149", "200", "100", "100", -2), ("-150", "-200", "-100", "-200", -2), ("1999", "2000", "1000", "2000", -3),
             ("0.0000000001", "0.0000000001", "0.0000000001", "0.0000000001", 10), ("0.0000000001", "1", "0", "0", 0),
             ("99.99", "100", "99", "100", 0), ("12345", "20000", "10000", "10000", -4), ("1", "10000000000", "0", "0", -10)]
    for value, up, down, half, places in table:
        for name, out in (("round_up", up), ("round_down", down), ("round_half_up", half)):
            typed, given = {"x": "decimal?"}, {"x": value}
            vector(f"{name}(x, {places})", out, typed, given, type="decimal?" if places > 0 else "int?")
            if places == 0:
                vector(f"{name}(x)", out, typed, given, type="int?")
    for name in ("round_up", "round_down", "round_half_up"):
        vector(f"{name}(x)", None, {"x": "decimal?"}, {"x": None})
    for amount, down in ((1234, 1200), (99, 0), (100, 100), (0, 0), (123456, 123400)):  # 百円未満切捨て
        vector("round_down(x, -2)", down, {"x": "yen"}, {"x": amount}, type="yen")
    for price, with_tax in ((100, 110), (105, 115), (9, 9), (1, 1), (999, 1098)):  # 10 % tax, fraction cut off
        vector("round_down(x * 1.1)", with_tax, {"x": "yen"}, {"x": price}, type="int")


def logic():
    words, types = (True, False, None), {"a": "bool?", "b": "bool?", "c": "bool?"}
    for a, b, c in product(words, repeat=3):
        given = {"a": a, "b": b, "c": c}
        vector("a and b and c", (a, b, c) == (True, True, True), types, given, type="bool")
        vector("a or b or c", True in (a, b, c), types, given, type="bool")
        vector("a and b or c", (a is True and b is True) or c is True, types, given)
        vector("a and (b or c)", a is True and (b is True or c is True), types, given)
        vector("not a or b and not c", a is not True or (b is True and c is not True), types, given)
        vector("if(a, b or c, b and c)", (b is True or c is True) if a is True else (b is True and c is True), types, given)
    for a, b in product(words, repeat=2):
        given, both = {"a": a, "b": b}, a is not None and b is not None
        vector("a == b", both and a == b, types, given)
        vector("a != b", both and a != b, types, given)
        vector("not (a == b)", not (both and a == b), types, given)
        vector("default(a, b)", b if a is None else a, types, given, type="bool?")
        vector("default(a, true)", a is not False, types, given, type="bool")


def blanks():
    for a, b in product((1, 2, None), repeat=2):
        given, types, both = {"a": a, "b": b}, {"a": "int?", "b": "int?"}, a is not None and b is not None
        vector("a < b", both and a < b, types, given)
        vector("a >= b", both and a >= b, types, given)
        vector("not (a < b)", not (both and a < b), types, given)
        vector("a != b or a == b", both, types, given)
        vector("not (a in [1, 3]) and not (b == 2)", a != 1 and b != 2, types, given)
        vector("default(a, 10) + default(b, 20)", (10 if a is None else a) + (20 if b is None else b), types, given, type="int")
        vector("is_blank(a) and not is_blank(b)", a is None and b is not None, types, given)
        vector("if(is_blank(a), default(b, 0), 5)", (b or 0) if a is None else 5, types, given, type="int")
    kinds = {"bool": False, "int": 0, "decimal": "0", "yen": 0, "text": "x", "date": "2026-04-01",
             "datetime": "2026-04-01T09:00+09:00", "choice": "k"}
    for kind, filled in kinds.items():
        for value in (filled, None):
            vector("is_blank(x)", value is None, {"x": kind + "?"}, {"x": value}, type="bool")
            vector("x == x", value is not None, {"x": kind + "?"}, {"x": value})
            vector("not (x == x)", value is None, {"x": kind + "?"}, {"x": value})
    for kind, empty in (("text", ""), ("choice", "")):
        vector("is_blank(x)", True, {"x": kind + "?"}, {"x": empty})
        vector("x == x", False, {"x": kind + "?"}, {"x": empty})
        vector("default(x, 'z')", "z", {"x": kind + "?"}, {"x": empty}, type="text")
    vector("is_blank(xs)", True, {"xs": "list<text>"}, {"xs": []}, sql=None)
    vector("is_blank(xs)", True, {"xs": "list<text>?"}, {"xs": None}, sql=None)
    vector("is_blank(xs)", False, {"xs": "list<text>"}, {"xs": ["a"]}, sql=None)
    vector("is_blank(p)", False, {"p": "point"}, {"p": "here"}, sql=None)
    vector("''", None, type="text?")
    vector("is_blank('')", True)


def ages():
    # Born, on the day, age reached by the statute (the day before the birthday counts).
    table = [("2020-04-01", "2026-03-30", 5), ("2020-04-01", "2026-03-31", 6), ("2020-04-01", "2026-04-01", 6),
             ("2020-04-02", "2026-03-31", 5), ("2020-04-02", "2026-04-01", 6), ("2008-02-29", "2026-02-27", 17),
             ("2008-02-29", "2026-02-28", 18), ("2008-02-29", "2026-03-01", 18), ("2008-02-29", "2028-02-27", 19),
             ("2008-02-29", "2028-02-28", 20), ("2008-02-29", "2028-02-29", 20), ("2008-03-01", "2026-02-27", 17),
             ("2008-03-01", "2026-02-28", 18), ("2008-03-01", "2028-02-28", 19), ("2008-03-01", "2028-02-29", 20),
             ("1961-01-01", "2025-12-30", 64), ("1961-01-01", "2025-12-31", 65), ("1961-01-01", "2026-01-01", 65),
             ("2026-04-01", "2026-04-01", 0), ("2026-04-01", "2026-03-31", None), ("2026-04-01", "2027-03-31", 1),
             ("0001-01-01", "9999-12-31", 9999), ("1900-03-01", "2000-02-28", 99), ("1900-03-01", "2000-02-29", 100),
             ("2000-12-31", "2026-12-29", 25), ("2000-12-31", "2026-12-30", 26), (None, "2026-01-01", None), ("2026-01-01", None, None)]
    for born, on, age in table:
        types, given = {"born": "date?", "on": "date?"}, {"born": born, "on": on}
        vector("age_on(born, on)", age, types, given, type="int?")
        vector("age_on(born, on) >= 18", age is not None and age >= 18, types, given)
        vector("not (age_on(born, on) < 65)", age is None or age >= 65, types, given)
        if on:
            vector("age_on(born, today())", age, {"born": "date?"}, {"born": born}, context={"today": on})


def days():
    table = ["2026-04-01", "2026-03-31", "2024-02-28", "2024-02-29", "2023-02-28", "2025-12-31", "2000-01-01", "1900-02-28", "2100-02-28"]
    types = {"a": "date", "b": "date"}
    for a, b in product(table, repeat=2):
        one, two = date.fromisoformat(a), date.fromisoformat(b)
        vector("days_between(a, b)", (two - one).days, types, {"a": a, "b": b}, type="int")
        vector("a <= b", one <= two, types, {"a": a, "b": b}, type="bool")
    for a, n in product(table, (0, 1, -1, 30, 366, -366)):
        later = date.fromisoformat(a) + timedelta(days=n)
        vector("add_days(a, n)", later.isoformat(), {"a": "date", "n": "int"}, {"a": a, "n": n}, type="date")
    for a, n in (("9999-12-31", 1), ("0001-01-01", -1), ("2026-01-01", 10**9), ("2026-01-01", -(10**20))):
        vector("add_days(a, n)", None, {"a": "date", "n": "int"}, {"a": a, "n": n})
    for day, year in (("2026-03-31", 2025), ("2026-04-01", 2026), ("2026-01-01", 2025), ("2026-12-31", 2026), ("2027-02-28", 2026),
                      ("2024-02-29", 2023), ("2019-05-01", 2019), ("2019-04-30", 2019), ("1989-01-07", 1988)):
        vector("fiscal_year(d)", year, {"d": "date"}, {"d": day}, type="int")
        vector("fiscal_year(today())", year, context={"today": day})
    vector("fiscal_year(d)", None, {"d": "date?"}, {"d": None}, type="int?")
    vector("days_between(a, today())", None, {"a": "date?"}, {"a": None}, context={"today": "2026-04-01"})
    vector("today() == date('2026-11-22')", True, context={"today": "2026-11-22"})
    vector("today() > date('2026-11-22')", False, context={"today": "2026-11-22"})


def durations():
    table = [("2026-01-31", "P1M", "2026-02-28", "2025-12-31"), ("2024-01-31", "P1M", "2024-02-29", "2023-12-31"),
             ("2026-03-31", "P1M", "2026-04-30", "2026-02-28"), ("2024-02-29", "P1Y", "2025-02-28", "2023-02-28"),
             ("2024-02-29", "P4Y", "2028-02-29", "2020-02-29"), ("2026-04-01", "P3D", "2026-04-04", "2026-03-29"),
             ("2026-04-01", "P2W", "2026-04-15", "2026-03-18"), ("2026-12-31", "P1D", "2027-01-01", "2026-12-30"),
             ("2026-01-30", "P1M1D", "2026-03-01", "2025-12-29"), ("2026-05-15", "P1Y2M3D", "2027-07-18", "2025-03-12"),
             ("2026-04-01", "P0D", "2026-04-01", "2026-04-01"), ("2026-06-30", "P12M", "2027-06-30", "2025-06-30"),
             ("2026-10-31", "P18M", "2028-04-30", "2025-04-30"), ("9999-12-31", "P1D", None, "9999-12-30"),
             ("0001-01-01", "P1M", "0001-02-01", None), ("9500-06-01", "P999Y", None, "8501-06-01"), ("0999-06-01", "P999Y", "1998-06-01", None)]
    for day, span, later, earlier in table:
        vector(f"d + duration('{span}')", later, {"d": "date"}, {"d": day}, type="date")
        vector(f"d - duration('{span}')", earlier, {"d": "date"}, {"d": day}, type="date")
    vector("d + duration('-P1M1D')", "2026-02-27", {"d": "date"}, {"d": "2026-03-31"})
    vector("d - duration('-P1M')", "2026-04-30", {"d": "date"}, {"d": "2026-03-31"})
    vector("d + duration('P1M2BD')", "2026-05-05", {"d": "date"}, {"d": "2026-04-02"}, sql=None)
    vector("d + duration('-P2BD')", "2026-04-01", {"d": "date"}, {"d": "2026-04-03"}, sql=None)
    vector("d + duration('P1M')", None, {"d": "date?"}, {"d": None}, type="date?")
    moments = [("2026-04-01T23:50", "PT15M", "2026-04-02T00:05:00+09:00"), ("2026-04-01T00:00+00:00", "P1D", "2026-04-02T09:00:00+09:00"),
               ("2026-01-31T16:00+00:00", "P1M", "2026-03-01T01:00:00+09:00"), ("2026-04-01T12:00", "PT36H", "2026-04-03T00:00:00+09:00"),
               ("2026-04-03T10:00", "P1BD", "2026-04-06T10:00:00+09:00"), ("2026-04-01T09:00", "P1DT1H1M1S", "2026-04-02T10:01:01+09:00")]
    for at, span, later in moments:
        vector(f"t + duration('{span}')", later, {"t": "datetime"}, {"t": at}, sql=None, type="datetime")
        vector(f"text(t + duration('{span}'))", later, {"t": "datetime"}, {"t": at}, sql=None, type="text")
    vector("t == datetime('2026-04-01T09:00')", True, {"t": "datetime"}, {"t": "2026-04-01T00:00+00:00"})
    vector("t < datetime('2026-04-01T09:00+09:00')", False, {"t": "datetime"}, {"t": "2026-04-01T00:00:00+00:00"})
    vector("t < datetime('2026-04-01T09:00:01')", True, {"t": "datetime"}, {"t": "2026-04-01T00:00:00+00:00"})
    vector("max(t, u)", "2026-04-01T09:00:00+09:00", {"t": "datetime", "u": "datetime"},
           {"t": "2026-03-31T23:59+00:00", "u": "2026-04-01T00:00+00:00"}, sql=None)
    vector("x == duration('P12M')", True, {"x": "duration"}, {"x": "P1Y"}, sql=None)
    vector("x != duration('P7D')", False, {"x": "duration"}, {"x": "P1W"}, sql=None)
    vector("d + x", "2026-04-08", {"d": "date", "x": "duration"}, {"d": "2026-04-01", "x": "P1W"}, sql=None)


def business_days():
    more = {"context": {"closed": GOLDEN_WEEK}, "sql": None}
    ahead = [("2026-04-27", 1, "2026-04-28"), ("2026-04-28", 1, "2026-04-30"), ("2026-04-28", 2, "2026-05-01"), ("2026-04-28", 3, "2026-05-07"),
             ("2026-05-02", 1, "2026-05-07"), ("2026-05-07", -1, "2026-05-01"), ("2026-05-07", -2, "2026-04-30"), ("2026-05-07", -3, "2026-04-28"),
             ("2026-05-03", 0, "2026-05-03"), ("2026-05-07", 5, "2026-05-14"), ("2026-05-08", 10, "2026-05-22"), ("9999-12-30", 9, None)]
    for day, n, out in ahead:
        vector("add_business_days(d, n)", out, {"d": "date", "n": "int"}, {"d": day, "n": n}, type="date", **more)
        if n > 0:
            vector(f"d + duration('P{n}BD')", out, {"d": "date"}, {"d": day}, **more)
        if n < 0:
            vector(f"d - duration('P{-n}BD')", out, {"d": "date"}, {"d": day}, **more)
    between = [("2026-04-27", "2026-04-27", 0), ("2026-04-27", "2026-04-28", 1), ("2026-04-28", "2026-04-29", 0), ("2026-04-28", "2026-05-07", 3),
               ("2026-05-07", "2026-04-28", -3), ("2026-05-01", "2026-05-06", 0), ("2026-05-06", "2026-05-08", 2), ("2026-05-08", "2026-05-15", 5)]
    for a, b, n in between:
        vector("business_days_between(a, b)", n, {"a": "date", "b": "date"}, {"a": a, "b": b}, type="int", **more)
    vector("add_business_days(d, 1)", "2026-04-29", {"d": "date"}, {"d": "2026-04-28"}, sql=None)
    vector("add_business_days(d, 1)", None, {"d": "date?"}, {"d": None}, sql=None, type="date?")


def texts():
    words = ["常総市", "Ａ1", "abcABC", "𠮷野家", "神", "", None]
    lengths, lowered = [3, 2, 6, 3, 1, 0, 0], ["常総市", "Ａ1", "abcabc", "𠮷野家", "神", None, None]
    for word, length, lower in zip(words, lengths, lowered, strict=True):
        vector("length(x)", length, {"x": "text?"}, {"x": word}, type="int")
        vector("lower(x)", lower, {"x": "text?"}, {"x": word}, type="text?")
        vector("concat(x, '様')", (word or "") + "様", {"x": "text?"}, {"x": word}, type="text")
        vector("concat(x)", word or None, {"x": "text?"}, {"x": word}, type="text?")
    table = [("常総市水海道", "常総", True, False, True), ("常総市水海道", "水海道", False, True, True), ("常総市水海道", "市", False, False, True),
             ("abc", "abc", True, True, True), ("abc", "abcd", False, False, False), ("abc", "B", False, False, False), ("a%c", "%", False, False, True),
             ("a_c", "a_", True, False, True), ("𠮷", "𠮷", True, True, True), (None, "a", False, False, False), ("", "a", False, False, False),
             ("a\\b", "\\", False, False, True), ("O'Neil", "O'", True, False, True), ("a\nb", "\n", False, False, True)]
    for text, part, starts, ends, holds in table:
        types, given = {"x": "text?", "y": "text"}, {"x": text, "y": part}
        vector("starts_with(x, y)", starts, types, given, type="bool")
        vector("ends_with(x, y)", ends, types, given, type="bool")
        vector("contains(x, y)", holds, types, given, type="bool")
        vector("not contains(x, y)", not holds, types, given)
    vector("starts_with(x, y)", False, {"x": "text?", "y": "text?"}, {"x": "a", "y": ""})
    vector("x == 'O\\'Neil'", True, {"x": "text"}, {"x": "O'Neil"})
    vector('x == "a\\\\b"', True, {"x": "text"}, {"x": "a\\b"})
    vector("x in ['taken', 'absent']", True, {"x": "choice"}, {"x": "absent"})
    vector("x in ['taken', 'absent']", False, {"x": "choice?"}, {"x": None})
    vector("x in []", False, {"x": "choice"}, {"x": "a"}, sql=None)
    vector("'sofa' in xs", True, {"xs": "list<choice>"}, {"xs": ["bed", "sofa"]}, sql=None)
    vector("'sofa' in xs", False, {"xs": "list<choice>?"}, {"xs": None}, sql=None)
    vector("2 in [1, 2.0]", True)
    vector("1.5 in [1, 2]", False)
    for value, kind, out in ((5, "int", "5"), (-5, "int", "-5"), (1600, "yen", "1600"), ("2.50", "decimal", "2.5"), ("-0.10", "decimal", "-0.1"),
                             ("100", "decimal", "100"), ("2026-04-01", "date", "2026-04-01"), (True, "bool", "true"), (False, "bool", "false"),
                             ("sofa", "choice", "sofa"), ("2026-04-01T09:00", "datetime", "2026-04-01T09:00:00+09:00"), (None, "int", None)):
        vector("text(x)", out, {"x": kind + "?"}, {"x": value}, sql=None, type="text?")
    vector("concat(text(n), '個: ', x)", "3個: いす", {"n": "int", "x": "text"}, {"n": 3, "x": "いす"}, sql=None, type="text")


def patterns():
    table = [("[0-9]{3}-?[0-9]{4}", "303-0005", True), ("[0-9]{3}-?[0-9]{4}", "3030005", True), ("[0-9]{3}-?[0-9]{4}", "303-00050", False),
             ("[0-9]{3}-?[0-9]{4}", "x303-0005", False), ("0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}", "0297-23-2111", True),
             ("0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}", "297-23-2111", False), ("[ァ-ヴー　 ]+", "ジョウソウ　タロウ", True), ("[ァ-ヴー　 ]+", "じょうそう", False),
             ("\\\\d+", "123", True), ("\\\\d+", "１２３", False), ("\\\\w*", "a_1", True), ("^abc$", "abc", True), ("^abc$", "abcd", False), ("a.c", "a𠮷c", True),
             (".{1,3}", "𠮷野家", True), (".{1,3}", "𠮷野家だ", False), ("[^@]+@[^@]+", "a@b", True), ("[^@]+@[^@]+", "a@b@c", False), ("a\\\\.b", "a.b", True),
             ("a\\\\.b", "axb", False), ("[A-Z]{2}", "AB", True), ("[A-Z]{2}", "ab", False), ("x{2,}", "xxx", True), ("x{2,}", "x", False), ("", "a", False)]
    for pattern, text, fits in table:
        vector(f"matches(x, '{pattern}')", fits, {"x": "text?"}, {"x": text}, sql=None, type="bool")
    for pattern in sorted({pattern for pattern, _text, _fits in table}):
        vector(f"matches(x, '{pattern}')", False, {"x": "text?"}, {"x": None}, sql=None)
    for pattern, text, fits in (("(a|b)c", "ac", True), ("(a+)+b", "a" * 40, False), ("(?i)abc", "ABC", True), ("a*a*a*a*b", "a" * 40, False),
                                ("\\\\p{Hiragana}+", "ひら", True), ("\\\\s", " ", True), ("[[:alpha:]]+", "abc", True), ("a|b", "b", True)):
        vector(f"matches(x, '{pattern}')", fits, {"x": "text"}, {"x": text}, sql=None, browser="unknown")
    vector("matches(x, '[a-z]+')", True, {"x": "text"}, {"x": "a" * 301}, sql=None, browser="unknown")
    vector("matches(x, 'a.b')", True, {"x": "text"}, {"x": "a\rb"}, sql=None, browser="unknown")


def aggregates():
    rows = "list<row{fee:yen?,qty:int?,item:choice?,ok:bool?,day:date?,w:decimal?}>"

    def row(**given):
        return {"fee": None, "qty": None, "item": None, "ok": None, "day": None, "w": None, **given}

    three = [row(fee=800, qty=1, item="sofa", ok=True, day="2026-04-03", w="1.5"),
             row(fee=400, qty=2, item="chair", ok=False, day="2026-04-01", w="0.25"), row(item="bed", ok=None)]
    table = [("sum(lines, fee)", 1200, 0, "yen"), ("sum(lines, qty)", 3, 0, "int"), ("sum(lines, w)", "1.75", "0", "decimal"),
             ("sum(lines, default(fee, 0) * default(qty, 0))", 1600, 0, "yen"), ("count(lines)", 3, 0, "int"),
             ("count(lines, ok)", 1, 0, "int"), ("count(lines, not ok)", 2, 0, "int"), ("count(lines, fee > 500)", 1, 0, "int"),
             ("any(lines, fee > 500)", True, False, "bool"), ("any(lines, fee > 5000)", False, False, "bool"),
             ("all(lines, fee > 100)", False, True, "bool"), ("all(lines, ok)", False, True, "bool"),
             ("all(lines, is_blank(ok) or not is_blank(fee))", True, True, "bool"), ("any(lines, is_blank(fee))", True, False, "bool"),
             ("min(lines, fee)", 400, None, "yen?"), ("max(lines, fee)", 800, None, "yen?"), ("max(lines, w)", "1.5", None, "decimal?"),
             ("min(lines, day)", "2026-04-01", None, "date?"), ("max(lines, day)", "2026-04-03", None, "date?"),
             ("max(lines, age_on(day, date('2030-04-01')))", 4, None, "int?"), ("any(lines, item == 'bed')", True, False, "bool"),
             ("count(lines, item in ['bed', 'sofa'])", 2, 0, "int"), ("sum(lines, if(ok, fee, 0))", 800, 0, "yen"),
             ("any(lines, fee > $form.limit)", True, False, "bool"), ("count(lines, default(qty, 0) <= $settings.most)", 2, 0, "int"),
             ("default(min(lines, fee), 0) + 1", 401, 1, "yen"), ("sum(lines, fee) >= 1000", True, False, "bool")]
    types = {"lines": rows, "limit": "yen", "$settings.most": "int", "fee": "yen"}
    for expr, out, empty, kind in table:
        given = {"limit": 500, "$settings.most": 1, "fee": 7}
        vector(expr, out, types, {"lines": three, **given}, sql=None, type=kind)
        vector(expr, empty, types, {"lines": [], **given}, sql=None, type=kind)
        vector(expr, empty, {**types, "lines": rows + "?"}, {"lines": None, **given}, sql=None)
    scalars = [("min(a, b)", 2), ("max(a, b)", 9), ("min(a, b, 1)", 1), ("max([a, b, 10])", 10), ("sum([a, b])", 11), ("max(0, a - b)", 0),
               ("count([a, b, a])", 3), ("count([a, b, a], it == 2)", 2), ("any([a, b], it > 5)", True), ("all([a, b], it > 5)", False),
               ("sum([a, b], it * it)", 85), ("min([a, b])", 2)]
    for expr, out in scalars:
        vector(expr, out, {"a": "int", "b": "int"}, {"a": 2, "b": 9}, sql=None)
    vector("min(a, b)", None, {"a": "int?", "b": "int"}, {"a": None, "b": 9}, sql=None, type="int?")
    vector("max(a, b)", None, {"a": "int", "b": "int?"}, {"a": 1, "b": None}, sql=None, type="int?")
    vector("min([a, b])", 9, {"a": "int?", "b": "int"}, {"a": None, "b": 9}, sql=None, type="int?")
    vector("max(a, 2.5)", "2.5", {"a": "int"}, {"a": 2}, sql=None, type="decimal")
    vector("sum(xs)", "6.5", {"xs": "list<decimal>"}, {"xs": ["1.5", "2", "3.0"]}, sql=None)
    vector("any(xs, contains(it, 'b'))", True, {"xs": "list<text>"}, {"xs": ["a", "abc"]}, sql=None)
    nested = {"homes": "list<row{people:list<row{age:int}>,rent:yen}>"}
    given = {"homes": [{"people": [{"age": 70}, {"age": 5}], "rent": 100}, {"people": [], "rent": 50}]}
    vector("sum(homes, count(people, age >= 65))", 1, nested, given, sql=None, type="int")
    vector("any(homes, all(people, age > 80))", True, nested, given, sql=None)
    vector("sum(homes, if(count(people) > 0, rent, 0))", 100, nested, given, sql=None)
    vector("sum(xs)", None, {"xs": "list<int>"}, {"xs": [9 * 10**23, 9 * 10**23]}, sql=None)


def surroundings():
    context = {"tables": {"items": {"sofa": {"fee": 800, "name": "ソファ", "w": "2.5"}, "chair": {"fee": 400, "name": "", "w": None}}},
               "table_types": {"items": {"fee": "yen", "name": "text?", "w": "decimal?"}},
               "areas": [["route", "home", "A"], ["route", "office", "B"], ["flood", "home", "3m"]], "today": "2026-11-22"}
    sure, maybe = {"item": "choice<items>"}, {"item": "choice?"}
    for expr, types, item, out, kind in (
            ("lookup(items, item, 'fee')", sure, "sofa", 800, "yen"), ("lookup(items, item, 'fee')", sure, "chair", 400, "yen"),
            ("lookup(items, item, 'fee')", maybe, "tv", None, "yen?"), ("lookup(items, item, 'fee')", maybe, None, None, "yen?"),
            ("lookup(items, item, 'name')", sure, "sofa", "ソファ", "text?"), ("lookup(items, item, 'name')", sure, "chair", None, "text?"),
            ("lookup(items, item, 'w')", sure, "sofa", "2.5", "decimal?"), ("lookup(items, item, 'fee') * 3", sure, "sofa", 2400, "yen"),
            ("default(lookup(items, item, 'fee'), 0) * 3", maybe, "tv", 0, "yen"), ("lookup(items, item, 'fee') > 500", maybe, "tv", False, "bool"),
            ("lookup('items', item, 'fee')", sure, "sofa", 800, "yen"), ("lookup(items, 'constructor', 'fee')", {}, None, None, "yen?"),
            ("lookup(items, item, 'fee')", maybe, "__proto__", None, "yen?")):
        vector(expr, out, types, {"item": item} if types else {}, sql=None, type=kind, context=context)
    for place, route, flood in (("home", "A", "3m"), ("office", "B", None), ("elsewhere", None, None), (None, None, None)):
        types, given = {"place": "point?"}, {"place": place}
        vector("area_of(route, place)", route, types, given, sql=None, type="text?", context=context)
        vector("within(place, flood)", flood is not None, types, given, sql=None, type="bool", context=context)
        vector("within(place, route) and not within(place, flood)", bool(route and not flood), types, given, sql=None, context=context)
        vector("area_of(route, place) in ['A', 'C']", route == "A", types, given, sql=None, context=context)
    vector("area_of(route, place)", None, {"place": "point"}, {"place": "home"}, sql=None, browser="unknown")
    vector("within(place, route)", False, {"place": "point"}, {"place": "home"}, sql=None, browser="unknown")
    vector("lookup(other, 'a', 'b')", None, sql=None, browser="unknown", context={"table_types": {"other": {"b": "text"}}})
    lines = {"lines": "list<row{item:choice<items>,qty:int}>", "exempt": "bool?"}
    for bought, exempt, load, total in (([("sofa", 1), ("chair", 2)], False, 3, 1600), ([("sofa", 1)], True, 1, 0), ([], None, 0, 0),
                                        ([("chair", 10)] * 3, None, 30, 12000)):
        given = {"lines": [{"item": i, "qty": q} for i, q in bought], "exempt": exempt}
        vector("sum(lines, qty)", load, lines, given, sql=None, context=context)
        vector("if(exempt, 0, sum(lines, lookup(items, item, 'fee') * qty))", total, lines, given, sql=None, type="yen", context=context)
        vector("count(lines) > 0 and not exempt", bool(bought) and not exempt, lines, given, sql=None, context=context)


def names_and_precedence():
    for expr, out in (("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 3 - 2", 5), ("10 - (3 - 2)", 9), ("-2 * 3", -6), ("-(2 * 3)", -6), ("--2", 2),
                      ("2 * -3", -6), ("7 % 3 * 2", 2), ("7 - 8 % 5", 4), ("100 / 4 / 5", "5"), ("2 + 3 == 5", True), ("1 < 2 and 2 < 3", True),
                      ("not 1 == 2", True), ("not true or true", True), ("not (true or true)", False), ("true or false and false", True),
                      ("(true or false) and false", False), ("1 in [1, 2] and true", True), ("not 1 in [2]", True), ("1.50 == 1.5", True),
                      ("0.1 + 0.2 == 0.3", True), ("1 == 1.0", True), ("'1' == '01'", False), ("'10' == '10'", True), ("12 / 5 * 5 == 12", True),
                      ("1 / 3 * 3 == 1", False), ("if(true, 1, 2) + 1", 2), ("if(false, 1, 2.5)", "2.5")):
        vector(expr, out)
    vector("true == not_a", True, {"not_a": "bool"}, {"not_a": True})
    vector("booking.day", "2026-04-01", {"booking.day": "date"}, {"booking.day": "2026-04-01"}, type="date")
    vector("$settings.max_items >= n", True, {"$settings.max_items": "int", "n": "int"}, {"$settings.max_items": 5, "n": 5})
    vector("who.address", "常総市", {"who": "row{address:text}"}, {"who": {"address": "常総市"}}, sql=None, type="text")
    vector("who.address", None, {"who": "row{address:text}?"}, {"who": None}, sql=None, type="text?")
    vector("$form.n + n", 4, {"n": "int"}, {"n": 2}, sql=None)
    for width, length, geo, out in (("3.99", "100.0", "104.9", True), ("4.00", "100.0", "100.0", False), ("3.5", "100", "106", False), (None, "1", "1", False)):
        vector("w < 4 and abs(g - l) <= l * 0.05", out, {"w": "decimal?", "l": "decimal", "g": "decimal"}, {"w": width, "l": length, "g": geo})


def fuel():
    lines = [{"fee": 800}, {"fee": 400}]
    for expr, types, given, out, spent in (
            ("1", {}, {}, 1, 1), ("1 + 2", {}, {}, 3, 3), ("a", {"a": "int"}, {"a": 1}, 1, 1), ("if(true, 1, 2)", {}, {}, 1, 4),
            ("sum(lines, fee)", {"lines": "list<row{fee:yen}>"}, {"lines": lines}, 1200, 7),
            ("sum(lines, fee) >= 1000 and not exempt", {"lines": "list<row{fee:yen}>", "exempt": "bool"}, {"lines": lines, "exempt": False}, True, 12),
            ("count(lines)", {"lines": "list<row{fee:yen}>"}, {"lines": lines}, 2, 4), ("sum([1, 2, 3])", {}, {}, 6, 8),
            ("any(lines, fee > 500)", {"lines": "list<row{fee:yen}>"}, {"lines": lines}, True, 13),
            ("add_business_days(d, 3)", {"d": "date"}, {"d": "2026-04-02"}, "2026-04-07", 8),
            ("business_days_between(d, date('2026-04-12'))", {"d": "date"}, {"d": "2026-04-02"}, 6, 13)):
        vector(expr, out, types, given, sql=expr in ("1", "1 + 2", "a", "if(true, 1, 2)"), fuel=spent)


FAMILIES = (whole_numbers, decimals, rounding, logic, blanks, ages, days, durations, business_days, texts, patterns, aggregates,
            surroundings, names_and_precedence, fuel)

if __name__ == "__main__":
    for family in FAMILIES:
        family()
    lines = ",\n".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in VECTORS)
    Path(__file__).with_name("vectors.json").write_text(f"[\n{lines}\n]\n")
    print(f"{len(VECTORS)} vectors")
