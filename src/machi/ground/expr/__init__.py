"""The expression language of definitions: typed, total, exact, fuel-limited; see `syntax`, `types`,
`compiler`.

    tree = parse("sum(lines, fee) >= 1000 and not exempt")
    check(tree, {"lines": "list<row{fee:yen}>", "exempt": "bool"})        # -> Type, or ExprError in Japanese
    compile(tree)({"lines": [{"fee": 800}], "exempt": False}, Context())  # -> False

One tree, three back ends: `compile` (Python), `to_json` + ui/script/expr.ts (browser), `to_sql` (database).
All three run tests/ground/expr/vectors.json.
"""

from machi.ground.calendar import Duration
from machi.ground.expr.checker import check
from machi.ground.expr.compiler import Context, compile
from machi.ground.expr.parser import parse
from machi.ground.expr.printer import unparse
from machi.ground.expr.sql import to_sql
from machi.ground.expr.syntax import (
    FUNCTIONS,
    LANGUAGE_VERSION,
    Apply,
    ExprError,
    FuelSpent,
    LimitExceeded,
    Literal,
    Name,
    Node,
    NotIndexable,
    TooDeep,
    TooLong,
    from_json,
    names,
    to_json,
    walk,
)
from machi.ground.expr.types import Type, read_type

__all__ = [
    "FUNCTIONS", "LANGUAGE_VERSION", "Apply", "Context", "Duration", "ExprError", "FuelSpent", "LimitExceeded",
    "Literal", "Name", "Node", "NotIndexable", "TooDeep", "TooLong", "Type", "check", "compile", "from_json", "names",
    "parse", "read_type", "to_json", "to_sql", "unparse", "walk",
]  # fmt: skip
