"""What a case costs: a fixed amount, an answer, so much for each, or an expression; and who need not pay."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.flow import duration
from machi.entrances.builder.operations.places import step_at
from machi.entrances.builder.operations.words import Refused, put, readable, whole
from machi.ground.expr import Apply, ExprError, Literal, Name, parse, unparse

VIA = ("counter", "collection", "delivery")


def set_fee(tree, said):
    """How much is paid at a step, where, and whether the case waits for it."""
    step = step_at(tree, said.get("key", ""))
    step["amount"] = freed(_amount(said), exemption(step.get("amount", "0")))
    if said.get("via") in VIA:
        step["via"] = said["via"]
    put(step, "wait", "true" if said.get("wait") else "")
    put(step, "due", duration(said, "due"))
    put(step, "lines", said.get("lines", ""))
    put(step, "instalments", _instalments(said))


def _amount(said):
    way = said.get("way")
    if way == "fixed":
        return whole(said.get("yen"), _("金額")) or "0"
    if way == "each" and said.get("answer"):
        return f"default({said['answer']}, 0) * {whole(said.get('yen'), _('金額')) or '0'}"
    if way == "answer" and said.get("answer"):
        return f"default({said['answer']}, 0)"
    if way == "text" and (text := said.get("text", "").strip()):
        return readable(text)
    raise Refused(_("金額の決め方と、もとになる項目を選んでください。"))


def _instalments(said):
    count = whole(said.get("parts"), _("分ける回数"))
    return {"count": count, "every": duration(said, "every") or "P1M"} if count and int(count) > 1 else None


def exemption(text):
    """The condition under which nothing is paid, "" for none: `if(condition, 0, amount)`."""
    node = _tree(text)
    return unparse(node.args[0]) if _is_exempting(node) else ""


def amount_of(text):
    """The amount without its exemption: (way, yen, answer, text)."""
    node = _tree(text)
    if node is None:
        return "text", "", "", text
    if _is_exempting(node):
        node = node.args[2]
    if isinstance(node, Literal) and node.kind == "int":
        return "fixed", str(node.value), "", ""
    if answer := _answer(node):
        return "answer", "", answer, ""
    if isinstance(node, Apply) and node.op == "*":
        answer, each = _answer(node.args[0]), node.args[1]
        if answer and isinstance(each, Literal) and each.kind == "int":
            return "each", str(each.value), answer, ""
    return "text", "", "", unparse(node)


def freed(amount, condition):
    """The amount, nothing where the condition holds."""
    return f"if({condition}, 0, {amount})" if condition else amount


def _answer(node):
    """The answer that is the amount: `total` or `default(total, 0)`."""
    if isinstance(node, Name):
        return node.path
    blank = isinstance(node, Apply) and node.op == "default" and node.args[1] == Literal("int", 0)
    return node.args[0].path if blank and isinstance(node.args[0], Name) else ""


def _is_exempting(node):
    return isinstance(node, Apply) and node.op == "if" and node.args[1] == Literal("int", 0)


def _tree(text):
    try:
        return parse(text)
    except ExprError:
        return None
