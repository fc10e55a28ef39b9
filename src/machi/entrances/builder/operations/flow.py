"""The steps of the flow, and the ways between them.

A way is named by its step and its place there: "decide.granted" (an outcome), "receive." (the next step),
"receive.#0" (a branch). Where a new step is put into a way, it leads on to where the way led.
"""

from copy import deepcopy
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from machi.engines.definitions import public as definitions
from machi.entrances.builder.operations.places import step_at, steps_of
from machi.entrances.builder.operations.words import (
    NEVER,
    Refused,
    free,
    gone,
    in_languages,
    picked,
    put,
    texts,
    ticked,
    titled,
    whole,
    worded,
)

BLANKS = Path(__file__).parent.parent / "steps.yaml"
HUMAN = ("check", "task", "decide")
RESULTS = ("granted", "granted_in_part", "refused", "dismissed")
ENDS = ("completed", *RESULTS, "lapsed", "cancelled")
TONES = ("primary", "secondary", "danger")
WORDED = ("legal_basis", "appeal", "no_appeal", "reason", "statement")
CHOSEN = ("notice", "document", "pool", "result", "mark", "need")
PICKED = ("until", "by", "opens", "first", "last", "starts", "ends", "label", "question", "answer", "topic", "units")
TICKED = ("fields", "seal", "seals", "show", "undo")


@cache
def blanks():
    """A new step of each kind as it begins, by kind."""
    tree, _faults = definitions.read_definition(BLANKS.read_text("utf-8"))
    return tree


def ways(steps):
    """(way, target, holder, name) of every way, so that `holder[name]` leads to the target."""
    for key, step in steps.items():
        for name, outcome in (step.get("outcomes") or {}).items():
            if isinstance(outcome, dict):
                yield f"{key}.{name}", outcome.get("to"), outcome, "to"
            else:
                yield f"{key}.{name}", outcome, step["outcomes"], name
        following = step.get("next")
        if isinstance(following, str):
            yield f"{key}.", following, step, "next"
        for place, branch in enumerate(following if isinstance(following, list) else ()):
            yield f"{key}.#{place}", branch.get("to"), branch, "to"


def add_step(tree, said):
    """A step put into a way."""
    steps, kind = steps_of(tree), said.get("type")
    if kind not in blanks():
        raise Refused(_("段階の種類を選んでください。"))
    target, holder, name = _way(steps, said.get("way"))
    step = deepcopy(blanks()[kind])
    if said.get("label"):
        step["title"] = titled(said["label"])
    _lead_all(step, target)
    if kind == "book":
        step["pool"] = next(iter(tree.get("pools", {})), step["pool"])
    key = free(kind[:4], [*steps, *(field.get("key") for field in tree.get("fields", []))])
    holder[name] = key
    _insert(tree["flow"], key, step, before=target if kind != "end" else None)


def move_step(tree, said):
    """A step taken out and put into another way."""
    steps, key = steps_of(tree), said.get("key", "")
    step = step_at(tree, key)
    if said.get("way", "").partition(".")[0] == key:
        raise Refused(_("その段階のあとへは動かせません。別の場所を選んでください。"))
    if step["type"] == "intake" or not (after := _after(step)):
        raise Refused(_("受付と終わりの段階は動かせません。"))
    _way(steps, said.get("way"))
    _bridge(steps, key, after)
    target, holder, name = _way(steps, said.get("way"))
    for _one, to, inner, place in ways({key: step}):
        if to == after:
            inner[place] = target
    holder[name] = key


def remove_step(tree, said):
    """A step away; what led to it leads to where its first way led."""
    steps, key = steps_of(tree), said.get("key", "")
    step = step_at(tree, key)
    if step["type"] == "intake":
        raise Refused(_("受付は消せません。"))
    after = _after(step)
    comes = [way for way, target, _holder, _name in ways(steps) if target == key and not way.startswith(f"{key}.")]
    if comes and (not after or after == key):
        raise Refused(_("この段階へ進む道があります。先に、道の行き先を別の段階へ変えてください。"))
    _bridge(steps, key, after)
    del steps[key]


def set_step(tree, said):
    """What a step says of itself, and by when and by whom it is done."""
    step = step_at(tree, said.get("key", ""))
    step["title"] = texts(step.get("title"), said, "title", needed=True)
    put(step, "public", texts(step.get("public"), said, "public"))
    _set_properties(step, said)
    _set_days(step, said)
    if "unit" in said:
        put(step, "unit", unit_expression(said["unit"]))
    if said.get("number_format", "").strip() and "number" in step:
        step["number"] = {**step["number"], "format": said["number_format"].strip()}
    if "checklist" in said:
        put(step, "checklist", worded(step.get("checklist", []), said["checklist"], "c", _line))
    _set_lists(step, said)
    _set_route(step, said)


def _set_properties(step, said):
    """What is said, chosen among words, or given as an expression."""
    for name in WORDED:
        if f"{name}_ja" in said:
            put(step, name, texts(step.get(name), said, name))
    for name in (one for one in CHOSEN if one in said):
        put(step, name, said[name].strip())
    for name in (one for one in PICKED if one in said):
        put(step, name, picked(said, name))
    if step.get("type") == "acknowledge":
        put(step, "wait", "true" if said.get("wait") else "")


def _set_days(step, said):
    """By when; and what never happens where no days are given."""
    if "due_days" in said:
        put(step, "due", duration(said, "due"))
    for name in ("correct", "escalate"):
        if (days := said.get(f"{name}_days")) is not None:
            put(step, name, duration(said, name) if days.strip() else "never")


def _line(key, label):
    return {"key": key, "label": label}


def _set_lists(step, said):
    """The questions that are asked again, sealed or shown; the entries that are undone."""
    for name in TICKED:
        if f"{name}_listed" in said:
            put(step, name, ticked(said, name))
            if name == "fields":
                step.setdefault("fields", [])


def _set_route(step, said):
    """The route, and what it looks at; another route looks at other things."""
    if said.get("route", step.get("route")) != step.get("route"):
        step["route"], step["inputs"] = said["route"], {}
        return
    for name in [name for name in said if name.startswith("input:")]:
        put(step.setdefault("inputs", {}), name.removeprefix("input:"), picked(said, name))


def duration(said, name):
    """Days as a definition writes them, from a number and its unit."""
    number = whole(said.get(f"{name}_days"), _("日数"))
    unit = said.get(f"{name}_unit", "BD")
    return f"P{number}{unit if unit in ('D', 'BD', 'M', 'Y') else 'BD'}" if number else ""


def unit_expression(said):
    """A chosen unit as an expression; an expression that was there stays."""
    return said.removeprefix("=") if said.startswith("=") else f"'{said}'" if said else ""


def set_outcomes(tree, said):
    """Where each outcome leads and what it is called; and one more, when it has got a name."""
    step = step_at(tree, said.get("key", ""))
    for name, outcome in list((step.get("outcomes") or {}).items()):
        if f"to:{name}" not in said:
            continue
        _known_step(tree, said[f"to:{name}"])
        if step["type"] in HUMAN:
            _set_outcome(outcome, name, said)
        elif step["type"] == "approve":
            result = said.get(f"result:{name}", "")
            to = said[f"to:{name}"]
            step["outcomes"][name] = {"to": to, "result": result} if result in RESULTS else to
        else:
            step["outcomes"][name] = said[f"to:{name}"]
    if step["type"] in HUMAN and (label := said.get("new_label", "").strip()):
        to = said.get("new_to") or _after(step)
        _known_step(tree, to)
        step["outcomes"][free("o", list(step["outcomes"]))] = {"label": titled(label), "to": to}


def _set_outcome(outcome, name, said):
    label = said.get(f"label:{name}", "").strip()
    outcome["label"] = {**in_languages(outcome.get("label")), "ja": titled(label)["ja"]}
    outcome["to"] = said[f"to:{name}"]
    for part, allowed in (("result", RESULTS), ("tone", TONES)):
        if f"{part}:{name}" in said:
            put(outcome, part, said[f"{part}:{name}"] if said[f"{part}:{name}"] in allowed else "")
    put(outcome, "reasons", "required" if said.get(f"reasons:{name}") else "")
    if f"conditions:{name}" in said:
        put(outcome, "conditions", said[f"conditions:{name}"].replace("none", ""))


def remove_outcome(tree, said):
    """An outcome that is not the last one."""
    outcomes = step_at(tree, said.get("key", "")).get("outcomes", {})
    if said.get("outcome") not in outcomes:
        raise gone()
    if len(outcomes) == 1:
        raise Refused(_("結果は一つ以上要ります。"))
    del outcomes[said["outcome"]]


def set_next(tree, said):
    """Where a step without outcomes leads: the one way, or the branches in their order."""
    step = step_at(tree, said.get("key", ""))
    if isinstance(step.get("next"), list):
        for place, branch in enumerate(step["next"]):
            _known_step(tree, said.get(f"to:{place}", ""))
            branch["to"] = said[f"to:{place}"]
    else:
        _known_step(tree, said.get("to:0", ""))
        step["next"] = said["to:0"]


def add_branch(tree, said):
    """One more way, taken when a condition holds; the last way is for everybody else."""
    step = step_at(tree, said.get("key", ""))
    _known_step(tree, said.get("new_to", ""))
    following = step.get("next")
    if following is None:
        raise gone()
    listed = following if isinstance(following, list) else [{"to": following}]
    step["next"] = [*listed[:-1], {"if": NEVER, "to": said["new_to"]}, listed[-1]]


def remove_branch(tree, said):
    """A way away; where only the last is left, it is the next step for all."""
    step, place = step_at(tree, said.get("key", "")), said.get("number", "")
    branches = step.get("next")
    if not (isinstance(branches, list) and place.isascii() and place.isdecimal() and int(place) < len(branches) - 1):
        raise gone()
    del branches[int(place)]
    if len(branches) == 1 and step["type"] != "branch":
        step["next"] = branches[0]["to"]


def set_flow(tree, said):
    """By when a case should be done, and which unit handles it."""
    flow = tree["flow"]
    flow["due"] = duration(said, "due") or flow.get("due", "P10BD")
    if "unit" in said:
        put(flow, "unit", unit_expression(said["unit"]))
    put(flow, "calendar", said.get("calendar", flow.get("calendar", "")))


def _known_step(tree, key):
    if key not in steps_of(tree):
        raise Refused(_("行き先の段階を選んでください。"))


def _way(steps, wanted):
    for way, target, holder, name in ways(steps):
        if way == wanted:
            return target, holder, name
    raise Refused(_("どこに入れるかを選んでください。"))


def _after(step):
    """Where a step leads first, or None at an end."""
    return next((target for _way, target, _holder, _name in ways({"": step})), None)


def _lead_all(step, target):
    for _one, _to, holder, name in list(ways({"": step})):
        holder[name] = target


def _bridge(steps, key, after):
    for way, target, holder, name in list(ways(steps)):
        if target == key and not way.startswith(f"{key}."):
            holder[name] = after


def _insert(flow, key, step, before):
    """Steps stand in the order in which they were meant to be read."""
    steps = {}
    for name, one in flow["steps"].items():
        if name == before:
            steps[key] = step
        steps[name] = one
    steps.setdefault(key, step)
    flow["steps"] = steps
