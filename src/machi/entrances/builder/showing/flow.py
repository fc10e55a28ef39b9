"""The flow: its picture, and the step, the fee or the places to book that are chosen."""

from django.utils.translation import gettext as _

from machi.entrances.builder import sentences
from machi.entrances.builder.operations import flow as acts
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import NEVER, japanese
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.fees import about_pool, new_pool
from machi.entrances.builder.showing.known import in_force, questions_of, results_of
from machi.entrances.builder.showing.picture import draw
from machi.entrances.builder.showing.steps import about, unit

OFFICE = "calendar/calendar.office"


def show(manuscript, tree, asked, typed):
    """Everything of the page; `asked` chooses a step or a pool."""
    steps, questions = steps_of(tree), questions_of(manuscript, tree)
    key = typed.get("key") or asked.get("step", "")
    pool = tree.get("pools", {}).get(typed.get("key") or asked.get("pool", ""))
    chosen = key if key in steps else ""
    return {
        "picture": _picture(tree, {**questions, **results_of(tree)}),
        "steps": [_line(one, step) for one, step in steps.items()],
        "step": chosen,
        "about": about(tree, chosen, {**questions, **results_of(tree)}, asked, typed) if chosen else None,
        "pool": about_pool(typed.get("key") or asked.get("pool", ""), pool, questions, typed) if pool else None,
        "whole": _whole(tree, typed) if not chosen and not pool else None,
        "pools": [(one, japanese(said.get("label")) or one) for one, said in tree.get("pools", {}).items()],
        "new_pool": new_pool(typed),
        "new_step": _new_step(tree, questions, asked, typed),
        "move": _move(tree, chosen, questions, typed) if chosen else None,
    }


def _line(key, step):
    return {"key": key, "title": japanese(step.get("title")), "kind": words.STEPS.get(step.get("type"), "")}


def _picture(tree, questions):
    steps = steps_of(tree)
    links = [
        (way.partition(".")[0], target, _way_words(steps, way, questions)) for way, target, *_rest in acts.ways(steps)
    ]
    found = draw(
        {key: japanese(one.get("title")) for key, one in steps.items()}, tree.get("flow", {}).get("start", ""), links
    )
    for box in found["boxes"]:
        step = steps[box["key"]]
        box |= {"kind": words.STEPS.get(step.get("type"), step.get("type", "")), "type": step.get("type", "")}
    return found


def _way_words(steps, way, questions):
    key, _dot, name = way.partition(".")
    step = steps[key]
    outcome = (step.get("outcomes") or {}).get(name)
    if isinstance(outcome, dict) and "label" in outcome:
        return japanese(outcome["label"])
    if outcome is not None:
        return words.outcome(step.get("type"), name) if len(step["outcomes"]) > 1 else ""
    if not name:
        return ""
    branch = step["next"][int(name[1:])]
    if "if" not in branch:
        return _("それ以外")
    read = sentences.read("" if branch["if"] == NEVER else branch["if"])
    said = [words.sentence(one, questions) for part in (read.parts if read else ()) for one in part]
    return " / ".join(said) if said else _("まだ決めていない")


def _move(tree, key, questions, typed):
    """The sheet that puts a step into another way; those at the ends stay where they are."""
    if steps_of(tree)[key].get("type") in ("intake", "end"):
        return None
    ways = [one for one in _ways(tree, questions) if one[0].partition(".")[0] != key]
    control = Desk(typed, "move_step").select("way", _("どこへ動かしますか"), ways, "")
    return Sheet("move_step", [control], {"key": key}, button=_("動かす"))


def _new_step(tree, questions, asked, typed):
    desk = Desk(typed, "add_step")
    ways = list(_ways(tree, questions))
    kinds = words.options(words.STEPS, list(acts.blanks()))
    controls = [
        desk.select("type", _("段階の種類"), kinds, "", id="new-step-type"),
        desk.text("label", _("段階の名前"), "", id="new-step-label", hint=_("空のままなら、種類の名前になります。")),
        desk.select("way", _("どこに入れますか"), ways, asked.get("way", ""), id="new-step-way"),
    ]
    return Sheet("add_step", controls, button=_("段階を足す"))


def _ways(tree, questions):
    """Every way of the flow in words, as options."""
    steps = steps_of(tree)
    titles = {key: japanese(one.get("title")) for key, one in steps.items()}
    for way, target, *_rest in acts.ways(steps):
        key = way.partition(".")[0]
        said = {"step": titles[key], "way": _way_words(steps, way, questions), "next": titles.get(target, "?")}
        sentence = _("%(step)s → %(way)s → %(next)s") if said["way"] else _("%(step)s → %(next)s")
        yield way, sentence % said


def _whole(tree, typed):
    flow, desk = tree.get("flow", {}), Desk(typed, "set_flow")
    controls = [
        desk.days("due", _("いつまでに終えるか"), flow.get("due"), hint=_("申請した人に約束する日数です。")),
        unit(desk, flow.get("unit"), _("担当する課"), _("手続の担当課")),
        desk.select("calendar", _("開庁日の暦"), in_force("calendar"), flow.get("calendar", OFFICE)),
    ]
    return Sheet("set_flow", controls, title=_("流れの全体"))
