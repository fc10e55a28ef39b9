"""Evaluation of an expression beside the same condition written in plain Python.

    var/venv/bin/python bench/expr.py

The condition is the one of bulky waste: a sum over rows, a comparison, a boolean. Ends with one JSON line.
"""

import json
import sys
from pathlib import Path
from timeit import repeat

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from machi.ground.expr import Context, check, compile, parse

TEXT = "sum(lines, fee * qty) >= 1000 and not exempt"
TYPES = {"lines": "list<row{fee:yen,qty:int}>", "exempt": "bool"}
VALUES = {"lines": [{"fee": 800, "qty": 1}, {"fee": 400, "qty": 2}], "exempt": False}
ROUNDS = 20_000


def plain(values):
    """The same condition in Python, blanks included."""
    filled = (row for row in values["lines"] if row["fee"] is not None and row["qty"] is not None)
    return sum(row["fee"] * row["qty"] for row in filled) >= 1000 and not values["exempt"]


def microseconds(work, rounds=ROUNDS):
    return min(repeat(work, number=rounds, repeat=5)) / rounds * 1e6


def read_and_compile():
    """What publishing a definition costs for one expression."""
    tree = parse(TEXT)
    check(tree, TYPES)
    return compile(tree)


def main():
    tree = parse(TEXT)
    run, context = compile(tree), Context()
    assert run(VALUES, context) == plain(VALUES) is True
    ours, python = microseconds(lambda: run(VALUES, context)), microseconds(lambda: plain(VALUES))
    whole = microseconds(read_and_compile, 500)
    print(f"evaluate {ours:.2f} µs, plain Python {python:.2f} µs; parse, check and compile {whole:.0f} µs")
    line = {
        "name": "expr.evaluate",
        "value": round(ours, 3),
        "unit": "µs",
        "beside": "plain Python",
        "beside_value": round(python, 3),
        "ratio": round(ours / python, 2),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
