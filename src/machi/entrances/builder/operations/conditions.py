"""Conditions wherever they stand: of a question, a page, a branch, a rule, an exemption.

`where` names the place: "field:town:visible_if", "rule:town:0", "page:page1:visible_if", "branch:receive:0",
"fee:charge", "step:approve:deputies".
"""

from django.utils.translation import gettext as _

from machi.entrances.builder import sentences
from machi.entrances.builder.operations.money import exemption, freed
from machi.entrances.builder.operations.places import field_at, page_at, step_at
from machi.entrances.builder.operations.words import NEVER, Refused, gone, put, readable
from machi.entrances.builder.sentences import Comparison, Condition
from machi.ground.expr import ExprError, parse, unparse

NEEDED = ("rule", "branch")
SORTS = ("field", "page", "rule", "branch", "fee", "step")


def condition_at(tree, where):
    """The text of the condition at a place, "" for none."""
    sort, key, name = (*where.split(":", 2), "", "")[:3]
    if sort == "fee":
        return exemption(step_at(tree, key).get("amount", "0"))
    holder, name = _holder(tree, sort, key, name)
    return holder.get(name) or ""


def _holder(tree, sort, key, name):
    if sort == "field" and name in ("visible_if", "required_if"):
        return field_at(tree, key), name
    if sort == "step" and name == "deputies":
        return step_at(tree, key), name
    if sort == "page":
        return page_at(tree, key), "visible_if"
    number = int(name) if name.isascii() and name.isdecimal() else -1
    rules = field_at(tree, key).get("validate", []) if sort == "rule" else []
    branches = step_at(tree, key).get("next", []) if sort == "branch" else []
    for listed in (rules, branches):
        if isinstance(listed, list) and 0 <= number < len(listed):
            return listed[number], "if"
    raise gone()


def _put(tree, where, text):
    sort, key, name = (*where.split(":", 2), "", "")[:3]
    if sort == "fee":
        step = step_at(tree, key)
        step["amount"] = freed(_plain(step["amount"]), text)
        return
    holder, name = _holder(tree, sort, key, name)
    put(holder, name, text or (NEVER if sort in NEEDED else ""))


def _plain(amount):
    """The amount of a fee without its exemption."""
    return unparse(parse(amount).args[2]) if exemption(amount) else amount


def add_comparison(tree, said):
    """One more comparison: beside the others, or inside the part `into`."""
    where = said.get("where", "")
    condition = _readable(tree, where)
    comparison = _posted(said)
    parts, into = list(condition.parts), said.get("into", "")
    if into.isascii() and into.isdecimal() and int(into) < len(parts):
        parts[int(into)] = (*parts[int(into)], comparison)
    else:
        parts.append((comparison,))
    join = condition.join if len(condition.parts) > 1 else said.get("join") or condition.join
    _put(tree, where, sentences.write(Condition("or" if join == "or" else "and", tuple(parts))))


def _posted(said):
    answer, how, value = said.get("answer", ""), said.get("how", ""), said.get("value", "").strip()
    try:
        text = sentences.expression(said.get("kind", ""), how, answer, value)
        return Comparison(answer, how, value, unparse(parse(text)))
    except (ValueError, ExprError):
        raise Refused(_("どの項目が、どうなっているときかを選んでください。")) from None


def remove_comparison(tree, said):
    """A comparison away; a part without any goes with it."""
    where = said.get("where", "")
    condition = _readable(tree, where)
    wanted = said.get("place", "")
    parts = [
        tuple(one for inside, one in enumerate(part) if f"{number}.{inside}" != wanted)
        for number, part in enumerate(condition.parts)
    ]
    _put(tree, where, sentences.write(Condition(condition.join, tuple(part for part in parts if part))))


def join_comparisons(tree, said):
    """Whether all must hold, or one is enough."""
    where, join = said.get("where", ""), said.get("join")
    condition = _readable(tree, where)
    if join not in ("and", "or"):
        raise gone()
    _put(tree, where, sentences.write(Condition(join, condition.parts)))


def set_condition(tree, said):
    """The condition as a text; nothing takes it away."""
    text = said.get("text", "").strip()
    _put(tree, said.get("where", ""), readable(text))


def _readable(tree, where):
    text = condition_at(tree, where)
    if (condition := sentences.read("" if text == NEVER else text)) is None:
        raise Refused(_("今の条件は文にできません。文字の形で直してください。"))
    return condition
