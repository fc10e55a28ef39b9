"""A checked tree into Python closures, and the numbers they reckon with.

Evaluation is total: whatever the values, the answer is a value of the checked type or blank (None), never an
exception other than FuelSpent. Blank comes of blank operands, of division by zero, of a date outside the
years 1 to 9999, and of a number of 10**24 or more. Decimals are exact; a result with more than 10 decimal
places is rounded to 10, half away from zero. A comparison with a blank is false. The empty text is blank.

Fuel: one unit for each node of the expression, the same again for each row that an aggregate reads, and one
for each day that a business-day function steps over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from decimal import Context as Digits
from operator import eq, ge, gt, le, lt, ne

from machi.ground.calendar import Duration
from machi.ground.expr import civil
from machi.ground.expr.checker import pattern
from machi.ground.expr.printer import plain_number
from machi.ground.expr.syntax import (
    AGGREGATES,
    LIMIT,
    MAX_FUEL,
    MAX_LIST,
    MAX_PLACES,
    PLACE_OF_LABEL,
    Apply,
    FuelSpent,
    ListOf,
    Literal,
    Name,
    Node,
    children,
    label,
)

Value = object  # bool, int, Decimal, str, date, datetime, Duration, list, mapping or None
_DIGITS = Digits(prec=120, Emin=-999, Emax=999, traps=[])  # out of range becomes NaN, then blank
_LIMIT = Decimal(LIMIT)
_LAST_PLACE = Decimal(1).scaleb(-MAX_PLACES)
_ROUNDING = {"round_up": ROUND_UP, "round_down": ROUND_DOWN, "round_half_up": ROUND_HALF_UP}
_COMPARE = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Context:
    """What an evaluation may know beside the answers.

    today: the case clock. tables: table -> key -> column -> value. areas(layer, place) -> code of the area
    that holds the place, or None. calendar(day) -> is it a business day (Monday to Friday when absent).
    """

    today: date | None = None
    tables: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    areas: Callable[[str, Value], str | None] | None = None
    calendar: Callable[[date], bool] | None = None
    fuel: int = MAX_FUEL


class _Run:
    """One evaluation: the outermost values, the context and the fuel that is left."""

    __slots__ = ("base", "context", "fuel", "is_open")

    def __init__(self, base: Mapping, context: Context) -> None:
        self.base, self.context, self.fuel = base, context, context.fuel
        self.is_open = context.calendar or civil.weekday_only

    def spend(self, units: int) -> None:
        self.fuel -= units
        if self.fuel < 0:
            raise FuelSpent("計算の量が多すぎます。", 0, "一覧を短くするか、式を分けてください。")


Step = Callable[[Mapping, _Run], Value]


def compile(node: Node) -> Callable[[Mapping[str, Value], Context], Value]:  # noqa: A001 - read as expr.compile
    """A function of (values, context) for a *checked* tree.

    `values` maps dotted names to values of the declared types (aware datetimes, Decimal, lists of mappings)
    or None; a dotted name is looked up whole first, then part by part. The function raises nothing but
    FuelSpent.
    """
    size, step = _size(node), _step(node)

    def evaluate(values: Mapping[str, Value], context: Context) -> Value:
        run = _Run(values, context)
        run.spend(size)
        return step(values, run)

    return evaluate


def _size(node: Node) -> int:
    return 1 + sum(_size(below) for below in children(node))


def _step(node: Node) -> Step:
    if isinstance(node, Literal):
        value = None if node.value == "" else node.value
        return lambda row, run: value
    if isinstance(node, Name):
        return _name(node.path)
    if isinstance(node, ListOf):
        items = [_step(item) for item in node.items]
        return lambda row, run: [item(row, run) for item in items]
    if node.op in _BUILD:
        return _BUILD[node.op](node)
    return _STRICT[node.op](*(_step(arg) for arg in node.args))


def _name(path: str) -> Step:
    outside, path = path[0] == "$", path.removeprefix("$form.")
    plain = "." not in path

    def step(row: Mapping, run: _Run) -> Value:
        scope = run.base if outside else row
        value = scope.get(path) if plain or path in scope else _walk(scope, path)
        return None if value == "" else value

    return step


def _walk(scope: Mapping, path: str) -> Value:
    head, _, last = path.rpartition(".")
    above = scope.get(head) if head in scope or "." not in head else _walk(scope, head)
    return above.get(last) if isinstance(above, Mapping) else None


# Numbers


def bounded(number: int | Decimal) -> int | Decimal | None:
    """The number rounded to 10 places, or None when it is 10**24 or more."""
    if type(number) is int:
        return number if -LIMIT < number < LIMIT else None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, str):  # not a number
        return None
    if exponent < -MAX_PLACES:
        number = number.quantize(_LAST_PLACE, ROUND_HALF_UP, _DIGITS)
    return number if -_LIMIT < number < _LIMIT else None


def _plus(a: Value, b: Value, run: _Run) -> Value:
    if isinstance(b, Duration):
        return civil.shift(a, b, 1, run.is_open, run.spend)
    return bounded(a + b if type(a) is type(b) is int else _DIGITS.add(a, b))


def _minus(a: Value, b: Value, run: _Run) -> Value:
    if isinstance(b, Duration):
        return civil.shift(a, b, -1, run.is_open, run.spend)
    return bounded(a - b if type(a) is type(b) is int else _DIGITS.subtract(a, b))


def _times(a: Value, b: Value, run: _Run) -> Value:
    return bounded(a * b if type(a) is type(b) is int else _DIGITS.multiply(a, b))


def _divide(a: Value, b: Value, run: _Run) -> Value:
    return None if b == 0 else bounded(_DIGITS.divide(Decimal(a), Decimal(b)))


def _rounded(op: str) -> Callable:
    def rounded(number: int | Decimal, places: int, run: _Run) -> Value:
        value = bounded(Decimal(number).quantize(Decimal(1).scaleb(-places), _ROUNDING[op], _DIGITS))
        return value if value is None or places > 0 else int(value)

    return rounded


# Operators and functions of values: blank when any argument is blank


def _strict(function: Callable, blank: Value = None) -> Callable[..., Step]:
    def build(*args: Step) -> Step:
        if len(args) == 1:
            only = args[0]
            return lambda row, run: blank if (a := only(row, run)) is None else function(a, run)
        left, right = args

        def step(row: Mapping, run: _Run) -> Value:
            a, b = left(row, run), right(row, run)
            return blank if a is None or b is None else function(a, b, run)

        return step

    return build


def _pure(function: Callable, blank: Value = None) -> Callable[..., Step]:
    """A function that does not need the run."""
    return _strict(lambda *args: function(*args[:-1]), blank)


def _counting(function: Callable) -> Callable[..., Step]:
    """A function that asks the calendar day by day and pays for each."""
    return _strict(lambda a, b, run: function(a, b, run.is_open, run.spend))


def _comparison(op: str) -> Callable[..., Step]:
    compare = _COMPARE[op]

    def build(left: Step, right: Step) -> Step:
        def step(row: Mapping, run: _Run) -> bool:
            a, b = left(row, run), right(row, run)
            return a is not None and b is not None and compare(a, b)

        return step

    return build


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        at = civil.in_japan(value)
        return at and at.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


_STRICT: dict[str, Callable[..., Step]] = {
    **{op: _comparison(op) for op in _COMPARE},
    "+": _strict(_plus), "-": _strict(_minus), "*": _strict(_times), "/": _strict(_divide),
    "%": _pure(lambda a, b: a % b if b else None),
    "neg": _pure(lambda a: -a), "abs": _pure(abs),
    "in": _pure(lambda a, found: any(b is not None and a == b for b in found), blank=False),
    "age_on": _pure(civil.age_on), "days_between": _pure(lambda a, b: (b - a).days),
    "add_days": _pure(civil.add_days), "fiscal_year": _pure(civil.fiscal_year),
    "business_days_between": _counting(civil.business_days_between),
    "add_business_days": _counting(civil.add_business_days),
    "starts_with": _pure(str.startswith, blank=False), "ends_with": _pure(str.endswith, blank=False),
    "contains": _pure(lambda a, b: b in a, blank=False),
    "length": _pure(len, blank=0), "lower": _pure(lambda a: a.translate(_LOWER)), "text": _pure(_text),
}  # fmt: skip


# Forms that read their arguments in their own way


def _and(node: Apply) -> Step:
    args = [_step(arg) for arg in node.args]
    return lambda row, run: all(arg(row, run) for arg in args)


def _or(node: Apply) -> Step:
    args = [_step(arg) for arg in node.args]
    return lambda row, run: any(arg(row, run) for arg in args)


def _not(node: Apply) -> Step:
    arg = _step(node.args[0])
    return lambda row, run: not arg(row, run)


def _if(node: Apply) -> Step:
    condition, yes, no = (_step(arg) for arg in node.args)
    return lambda row, run: yes(row, run) if condition(row, run) else no(row, run)


def _default(node: Apply) -> Step:
    value, other = (_step(arg) for arg in node.args)
    return lambda row, run: other(row, run) if (found := value(row, run)) is None else found


def _is_blank(node: Apply) -> Step:
    value = _step(node.args[0])
    return lambda row, run: (found := value(row, run)) is None or found == []


def _today(node: Apply) -> Step:
    return lambda row, run: run.context.today


def _round(node: Apply) -> Step:
    places = Literal("int", 0) if len(node.args) == 1 else node.args[1]
    return _strict(_rounded(node.op))(_step(node.args[0]), _step(places))


def _concat(node: Apply) -> Step:
    args = [_step(arg) for arg in node.args]
    return lambda row, run: "".join(arg(row, run) or "" for arg in args) or None


def _matches(node: Apply) -> Step:
    value, fits = _step(node.args[0]), pattern(node)
    return lambda row, run: (found := value(row, run)) is not None and bool(fits(found))


def _lookup(node: Apply) -> Step:
    table, key, column = label(node, 0), _step(node.args[1]), node.args[2].value

    def step(row: Mapping, run: _Run) -> Value:
        found = run.context.tables.get(table, {}).get(key(row, run), {}).get(column)
        return None if found == "" else found

    return step


def _area_of(node: Apply) -> Step:
    place = _step(node.args[PLACE_OF_LABEL[node.op] ^ 1])
    layer = label(node, PLACE_OF_LABEL[node.op])

    def step(row: Mapping, run: _Run) -> str | None:
        at, areas = place(row, run), run.context.areas
        return None if at is None or areas is None else areas(layer, at)

    return step


def _within(node: Apply) -> Step:
    area = _area_of(node)
    return lambda row, run: area(row, run) is not None


def _aggregate(node: Apply) -> Step:
    args, each = [_step(arg) for arg in node.args], len(node.args) > 1
    units = 1 + (_size(node.args[1]) if each else 0)
    finish = _FINISH[node.op]

    def step(row: Mapping, run: _Run) -> Value:
        rows = args[0](row, run)
        if rows is not None and not isinstance(rows, list | tuple):  # min(a, b): values, not rows
            found = [rows, *(arg(row, run) for arg in args[1:])]
            return None if None in found else finish(found)
        rows = rows or ()
        if len(rows) > MAX_LIST:
            raise FuelSpent(f"一覧が{MAX_LIST}行を超えています。", node.position)
        run.spend(units * len(rows))
        if not each and node.op == "count":
            return len(rows)
        if each:
            rows = [args[1](item if isinstance(item, dict | Mapping) else {"it": item}, run) for item in rows]
        return finish([None if item == "" else item for item in rows])

    return step


def _filled(finish: Callable[[list], Value]) -> Callable[[list], Value]:
    """Blanks count for nothing in sums and extremes."""
    return lambda found: finish([item for item in found if item is not None])


def _sum(found: list) -> Value:
    total = 0
    for item in found:
        total = total + item if type(total) is type(item) is int else _DIGITS.add(total, item)
    return bounded(total)


_FINISH = {
    "sum": _filled(_sum), "count": lambda found: sum(1 for item in found if item), "any": any, "all": all,
    "min": _filled(lambda found: min(found, default=None)),
    "max": _filled(lambda found: max(found, default=None)),
}  # fmt: skip
_BUILD: dict[str, Callable[[Apply], Step]] = {
    "and": _and, "or": _or, "not": _not, "if": _if, "default": _default, "is_blank": _is_blank,
    "today": _today,
    "round_up": _round, "round_down": _round, "round_half_up": _round, "concat": _concat, "matches": _matches,
    "lookup": _lookup, "area_of": _area_of, "within": _within, **dict.fromkeys(AGGREGATES, _aggregate),
}  # fmt: skip
