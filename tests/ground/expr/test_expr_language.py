"""Reading, writing, checking and limits of the expression language."""
# ruff: noqa: E501 - in the tables a case stands on one line

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.ground.expr import (
    FUNCTIONS,
    Context,
    Duration,
    ExprError,
    FuelSpent,
    NotIndexable,
    TooDeep,
    TooLong,
    check,
    compile,
    from_json,
    names,
    parse,
    read_type,
    to_json,
    to_sql,
    unparse,
)
from machi.ground.expr.civil import JAPAN
from machi.ground.expr.syntax import Apply, ListOf, Literal, Name, arity

TYPES = {
    "n": "int", "m": "int?", "x": "decimal?", "fee": "yen?", "ok": "bool?", "note": "text?", "kind": "choice?",
    "day": "date?", "at": "datetime?", "spot": "point?", "tags": "list<choice>?", "booking.day": "date",
    "lines": "list<row{fee:yen?,qty:int,item:choice<items>,day:date?}>?", "$settings.most": "int",
}  # fmt: skip
TABLES = {"items": {"fee": "yen", "name": "text?"}}

# Any tree at all, for reading back what was written

WORDS = st.from_regex(r"\$?[a-z_][a-z0-9_]{0,6}(\.[a-z]{1,4}){0,2}", fullmatch=True).filter(
    lambda word: word not in ("and", "or", "not", "in", "true", "false")
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
SPANS = st.builds(
    Duration, months=st.integers(0, 40), days=st.integers(0, 99), seconds=st.integers(0, 90_000)
) | st.builds(Duration, business=st.integers(-99, 99))
MOMENTS = st.integers(-2 * 10**9, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, JAPAN))
LITERALS = st.one_of(
    st.builds(Literal, st.just("bool"), st.booleans()),
    st.builds(Literal, st.just("int"), st.integers(0, 10**24 - 1)),
    st.builds(Literal, st.just("decimal"), st.decimals(0, 10**9, places=4)),
    st.builds(Literal, st.just("text"), TEXT),
    st.builds(Literal, st.just("date"), st.dates()),
    st.builds(Literal, st.just("datetime"), MOMENTS),
    st.builds(Literal, st.just("duration"), SPANS),
)
OPERATORS = ("or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%")


def grown(below):
    def call(op):
        fewest, most = arity(op)
        return st.lists(below, min_size=fewest, max_size=min(most, fewest + 2)).map(
            lambda a: Apply(op, tuple(a))
        )

    ops = st.sampled_from(OPERATORS).flatmap(call)
    return ops | st.sampled_from(sorted(FUNCTIONS)).flatmap(call) | st.one_of(
        st.lists(below, max_size=3).map(lambda a: ListOf(tuple(a))),
        st.builds(lambda op, arg: Apply(op, (arg,)), st.sampled_from(("not", "neg")), below),
    )  # fmt: skip


TREES = st.recursive(LITERALS | st.builds(Name, WORDS), grown, max_leaves=12)


@given(TREES)
@settings(max_examples=300, deadline=None)
def test_what_is_written_reads_back_the_same(tree):
    text = unparse(tree)
    assert parse(text) == tree
    assert unparse(parse(text)) == text


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_the_json_form_reads_back_the_same(tree):
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@given(st.text(max_size=60) | st.text("ab1'\"()[],.+-*/%<>=! \\$notandori", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_with_a_sentence_and_a_place(text):
    try:
        tree = parse(text)
    except ExprError as refused:
        fault = refused
    else:
        assert parse(unparse(tree)) == tree
        return
    assert fault.message.endswith("。")
    assert 0 <= fault.position <= len(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda below: (
            st.lists(below, max_size=3)
            | st.dictionaries(st.sampled_from(["lit", "value", "name", "list", "op", "args"]), below)
        ),
        max_leaves=8,
    )
)
@settings(max_examples=200, deadline=None)
def test_json_that_is_not_ours_is_refused(said):
    try:
        tree = from_json(said)
    except ExprError:
        return
    assert parse(unparse(tree)) == tree


# Well-typed trees, for totality: what gives a type, and what it takes. "sure" is a number that is never blank,
# "count" a written whole number, "each:…" is read inside a row.

GIVES = {
    "num": [("+", "sure", "sure"), ("*", "sure", "count"), ("-", "sure", "sure"), ("/", "sure", "sure"), ("%", "count", "count"),
            ("neg", "sure"), ("abs", "num"), ("round_half_up", "num", "places"), ("round_down", "num", "places"), ("round_up", "num"),
            ("sum", "lines", "each:num"), ("max", "lines", "each:num"), ("count", "lines", "each:bool"), ("min", "sure", "sure"),
            ("days_between", "date", "date"), ("business_days_between", "date", "date"), ("age_on", "date", "date"),
            ("fiscal_year", "date"), ("length", "text"), ("if", "bool", "sure", "num"), ("lookup", "items", "text", "fee")],
    "bool": [("==", "num", "num"), ("<", "num", "num"), (">=", "num", "num"), ("and", "bool", "bool"), ("or", "bool", "bool"),
             ("not", "bool"), ("is_blank", "text"), ("contains", "text", "text"), ("<", "date", "date"), ("<=", "at", "at"),
             ("any", "lines", "each:bool"), ("all", "lines", "each:bool"), ("matches", "text", "pattern"), ("!=", "bool", "bool")],
    "text": [("concat", "text", "text"), ("lower", "text"), ("text", "num"), ("text", "at"), ("text", "date"), ("default", "text", "text")],
    "date": [("+", "date", "days"), ("-", "date", "days"), ("add_days", "date", "count"), ("add_business_days", "date", "count"),
             ("max", "date", "date"), ("if", "bool", "date", "date"), ("min", "lines", "each:date")],
    "at": [("+", "at", "span"), ("-", "at", "span"), ("max", "at", "at")],
    "sure": [("default", "num", "count"), ("sum", "lines", "each:num")],
}  # fmt: skip
LEAVES = {
    "num": st.builds(Literal, st.just("int"), st.integers(0, 10**13)) | st.builds(Literal, st.just("decimal"), st.decimals(0, 99, places=10)),
    "bool": st.builds(Literal, st.just("bool"), st.booleans()), "text": st.builds(Literal, st.just("text"), TEXT),
    "date": st.builds(Literal, st.just("date"), st.dates()), "at": st.builds(Literal, st.just("datetime"), MOMENTS),
    "count": st.builds(Literal, st.just("int"), st.integers(0, 10**7)), "places": st.builds(Literal, st.just("int"), st.integers(0, 10)),
    "span": st.builds(Literal, st.just("duration"), SPANS), "pattern": st.just(Literal("text", "[a-z]+")),
    "days": st.builds(Literal, st.just("duration"), SPANS.filter(lambda span: not span.seconds)), "items": st.just(Name("items")),
    "fee": st.just(Literal("text", "fee")), "lines": st.just(Name("$form.lines")),
}  # fmt: skip
LEAVES["sure"] = LEAVES["num"]
OF_FORM = {"num": ["n", "m", "x", "fee", "$settings.most"], "bool": ["ok"], "text": ["note", "kind"], "date": ["day", "booking.day"],
           "at": ["at"]}  # fmt: skip
OF_ROW = {"num": ["fee", "qty", "$form.m"], "text": ["item"], "date": ["day"]}


@st.composite
def typed(draw, kind, depth=4, in_row=False):
    """A tree that gives `kind`."""
    names_here = (OF_ROW if in_row else OF_FORM).get(kind, [])
    if depth == 0 or kind not in GIVES or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(names_here).map(Name) | LEAVES[kind] if names_here else LEAVES[kind])
    op, *takes = draw(st.sampled_from(GIVES[kind]))
    args = [
        draw(typed(of.removeprefix("each:"), depth - 1, in_row or of.startswith("each:"))) for of in takes
    ]
    return Apply(op, tuple(args))


NUMBERS = st.none() | st.integers(-(10**24), 10**24)
ROWS = st.fixed_dictionaries(
    {"fee": NUMBERS, "qty": NUMBERS, "item": st.none() | TEXT, "day": st.none() | st.dates()}
)
AWARE = st.datetimes(timezones=st.just(JAPAN)) | st.just(
    datetime.max.replace(tzinfo=JAPAN) - timedelta(hours=3)
)
ANSWERS = st.fixed_dictionaries({}, optional={
    "n": NUMBERS, "m": NUMBERS, "x": st.none() | st.decimals(-(10**23), 10**23, places=10), "fee": NUMBERS, "ok": st.none() | st.booleans(),
    "note": st.none() | TEXT, "kind": st.none() | TEXT, "day": st.none() | st.dates(), "at": st.none() | AWARE, "booking.day": st.none() | st.dates(),
    "lines": st.none() | st.lists(ROWS, max_size=4), "$settings.most": NUMBERS})  # fmt: skip
KINDS = {"num": (int, Decimal), "bool": (bool,), "text": (str,), "date": (date,), "at": (datetime,)}


@given(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.tuples(st.just(kind), typed(kind))), ANSWERS)
@settings(max_examples=250, deadline=None)
def test_a_checked_expression_always_answers(case, answers):
    kind, tree = case
    found = check(tree, TYPES, TABLES)
    try:
        answer = compile(tree)(
            answers, Context(today=date(2026, 11, 22), tables={"items": {"0": {"fee": 800}}})
        )
    except FuelSpent:
        return
    assert answer is None or isinstance(answer, KINDS[kind])
    if isinstance(answer, int | Decimal):
        assert (
            abs(answer) < 10**24
            or answer in answers.values()
            or any(answer in r.values() for r in answers.get("lines") or ())
        )
    if found.kind == "bool" and tree != Name("ok") and not (isinstance(tree, Apply) and tree.op == "if"):
        assert answer is not None


# What the checker says

REFUSED = [
    ("m + 1", "空欄のことがあるので計算できません。", "default(m, 0)"),
    ("fee * 2", "空欄のことがあるので計算できません。", "default(fee, 0)"),
    ("-m > 0", "空欄のことがあるので計算できません。", "default(m, 0)"),
    ("n / n + 1", "空欄のことがあるので計算できません。", "default(n / n, 0)"),
    ("n == 'a'", "比べられません。", "同じ種類"),
    ("note == ''", "空の文字とは比べられません。", "is_blank"),
    ("note < 'b'", "文字が書かれています。", "数、日付、日時だけ"),
    ("'a' + note", "つなげません", "concat"),
    ("day - booking.day", "引き算はできません", "days_between"),
    ("day + 3", "期間が必要です", "duration('P3D')"),
    ("day + duration('PT1H')", "時間は足せません", "日時の項目"),
    ("default(fee, 0) * default(fee, 0)", "金額どうしは掛けられません", "個数"),
    ("x % 2", "空欄", "default"),
    ("if(n, 1, 2)", "整数が書かれています。", "条件"),
    ("if(ok, 1, 'a')", "一緒に使えません", "そろえて"),
    ("zzz", "という項目はありません", "使える項目"),
    ("bookin.day", "という項目はありません", "booking.day のことですか"),
    ("sum(n, n)", "一覧が必要です", "くり返し"),
    ("sum(lines, item)", "合計できるのは数だけです", "sum("),
    ("count(lines, n > 1)", "行の項目ではありません", "$form.n"),
    ("lookup(items, kind, 'price')", "という列はありません", "fee、name"),
    ("lookup(things, kind, 'fee')", "という表はありません", "items"),
    ("lookup(items, kind, note)", "列の名前は文字", "'fee'"),
    ("lookup(items, kind, 'fee') + 1", "空欄のことがある", "default"),
    ("matches(note, '(')", "型紙", "かっこ"),
    ("matches(note, kind)", "型紙", "'[0-9]{7}'"),
    ("round_up(x, n)", "けた数", "-2"),
    ("round_up(x, 11)", "けた数", "-2"),
    ("min(lines, item)", "数か日付", ""),
    ("n in [1, 'a']", "一緒に使えません", ""),
    ("n in tags", "ありえません", ""),
    ("tags == tags", "比べられません", ""),
    ("within(n, city)", "場所が必要です", ""),
    ("area_of(1, spot)", "表または区域の名前", ""),
    ("sum(lines, fee, qty)", "数が違います", "1から2"),
    ("any(lines)", "数が違います", "2個"),
    ("a < b < c", "比較を続けて", "and"),
    ("n = 1", "使えません", "=="),
    ("n ＞ 1", "全角", "半角の >"),
    ("n > １", "全角", "半角の 1"),
    ("not", "途中で終わって", ""),
    ("", "途中で終わって", ""),
    ("(n", "「)」がありません", ""),
    ("'abc", "閉じていません", "'"),
    ("'a\\qb'", "読めません", "\\\\"),
    ("date('2026-02-30')", "書き方が正しくありません", "date('2026-04-01')"),
    ("duration('3日')", "書き方が正しくありません", "duration('P3D')"),
    ("date(day)", "書き方が正しくありません", ""),
    ("lenght(note)", "という関数はありません", "length"),
    ("exec('x')", "という関数はありません", ""),
    ("n n", "書けません", ""),
    ("1.12345678901", "桁が多すぎます", "10桁"),
    ("1 == not ok", "かっこで囲み", ""),
]


@pytest.mark.parametrize(("text", "message", "mend"), REFUSED, ids=[row[0] or "(empty)" for row in REFUSED])
def test_a_fault_is_told_in_words_with_its_mend(text, message, mend):
    with pytest.raises(ExprError) as caught:
        check(parse(text), TYPES, TABLES)
    assert message in str(caught.value)
    assert mend in str(caught.value)


def test_the_position_points_at_the_fault():
    with pytest.raises(ExprError) as caught:
        check(parse("n > 0 and m + 1 > n"), TYPES)
    assert caught.value.position == 10


def test_a_choice_from_a_table_is_always_found_there():
    assert str(check(parse("sum(lines, lookup(items, item, 'fee') * qty)"), TYPES, TABLES)) == "yen"


@pytest.mark.parametrize(
    "said", ["int", "list<row{fee:yen?,qty:int}>?", "choice<items>?", "row{a:list<text>}", "geometry"]
)
def test_a_type_prints_as_it_reads(said):
    assert str(read_type(said)) == said


@pytest.mark.parametrize(
    "said", ["", "money", "list", "list<int", "row{}", "int??", "int text", "choice<>", "row{a}"]
)
def test_a_type_that_is_none_is_refused(said):
    with pytest.raises(ExprError):
        read_type(said)


def test_names_are_what_must_be_known_first():
    assert names(parse("sum(lines, fee * qty) > $settings.most and not exempt")) == {
        "lines",
        "$settings.most",
        "exempt",
    }
    assert names(parse("any(lines, fee > $form.limit)")) == {"lines", "limit"}
    assert names(parse("lookup(items, item, 'fee') > 0 and within(place, city)")) == {"item", "place"}
    assert names(parse("booking.day - duration('P1D') >= today()")) == {"booking.day"}
    assert names(parse("max(a, b)")) == {"a", "b"}


# Limits


def test_an_expression_of_2000_characters_is_read_and_one_more_is_not():
    text = "'" + "a" * 1998 + "'"
    assert parse(text).value == "a" * 1998
    with pytest.raises(TooLong):
        parse(text + " ")


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 1000,
        "[" * 900,
        "-" * 1500 + "1",
        "not " * 450 + "true",
        "abs(" * 400,
        "1" + "+1" * 900,
        "if(true," * 200,
        "(" * 33 + "1" + ")" * 33,
        "1" + "-1" * 32,
    ],
)
def test_depth_bombs_are_refused(bomb):
    with pytest.raises(TooDeep):
        parse(bomb)


def test_thirty_two_levels_are_read():
    assert parse("-" * 31 + "1")
    assert parse("1" + "+1" * 31)
    assert parse(" and ".join(["ok"] * 100))


def test_json_bombs_are_refused():
    bomb = {"lit": "int", "value": "1"}
    for _ in range(5000):
        bomb = {"op": "neg", "args": [bomb]}
    with pytest.raises(TooDeep):
        from_json(bomb)


def test_fuel_ends_long_evaluations():
    rows = [{"rows": [{"n": 1}] * 1000}] * 1000
    nested = "sum(rows, sum(rows, n))"
    check(parse(nested), {"rows": "list<row{rows:list<row{n:int}>}>"})
    with pytest.raises(FuelSpent):
        compile(parse(nested))({"rows": rows}, Context())
    with pytest.raises(FuelSpent):
        compile(parse("add_business_days(d, 9000)"))({"d": date(2026, 1, 1)}, Context())
    with pytest.raises(FuelSpent):
        compile(parse("business_days_between(a, b)"))({"a": date.min, "b": date.max}, Context())
    with pytest.raises(FuelSpent):
        compile(parse("count(rows)"))({"rows": [1] * 1001}, Context())


def test_an_evil_pattern_costs_nothing():
    assert compile(parse("matches(t, '(a+)+$')"))({"t": "a" * 5000 + "b"}, Context()) is False


def test_a_pattern_is_checked_before_it_runs():
    with pytest.raises(ExprError):
        compile(from_json({"op": "matches", "args": [{"name": "t"}, {"lit": "text", "value": "("}]}))


def test_every_function_has_a_version_and_appears_in_the_vectors():
    assert all(version == 1 and fewest <= most for version, fewest, most in FUNCTIONS.values())


# SQL


def test_what_the_database_cannot_decide_is_refused():
    columns = {"n": ("n", "int"), "spot": ("geom", "point"), "tags": ("tags", "list<choice>")}
    for text in (
        "sum([n])",
        "within(spot, city)",
        "unknown == 1",
        "'a' in tags",
        "today() > date('2026-01-01')",
        "text(n) == '1'",
    ):
        with pytest.raises(NotIndexable):
            to_sql(parse(text), columns)


def test_an_indexable_condition_leaves_the_column_bare():
    sql, params = to_sql(
        parse("width < 4 and kind == 'road'"),
        {"width": ("(data->>'width')::numeric", "decimal"), "kind": ("data->>'kind'", "choice")},
    )
    assert sql == "((data->>'width')::numeric < %s::numeric) AND (data->>'kind' = %s::text)"
    assert params == [4, "road"]


def test_values_never_become_part_of_the_sql():
    sql, params = to_sql(parse("note == '\\'; DROP TABLE x; --'"), {"note": ("note", "text")})
    assert "DROP" not in sql
    assert params == ["'; DROP TABLE x; --"]


@pytest.mark.parametrize(
    "chain",
    [
        "1" + " - 1" * 31,
        "n" + " + n" * 31,
        "if(true, 1, " * 30 + "2" + ")" * 30,
        "ends_with(note, if(" * 15 + "true" + ", 'a', 'b'))" * 15,
    ],
)
def test_work_grows_with_the_length_of_an_expression_not_with_its_depth(chain):
    tree = parse(chain)
    check(tree, TYPES)
    sql, params = to_sql(tree, {"n": ("n", "int"), "note": ("note", "text")})
    assert len(sql) < 200 * len(chain)
    assert len(params) <= len(chain)
