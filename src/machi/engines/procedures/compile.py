"""From a procedure definition to its bundle: everything a case needs for its whole life, in one piece."""

import re

from machi.engines.approvals.public import unknown_posts
from machi.engines.definitions.define import DefinitionFault
from machi.engines.procedures import rules
from machi.engines.procedures.compile_flow import flow_faults
from machi.engines.procedures.compile_letters import compile_letters
from machi.engines.procedures.compile_period import period_faults
from machi.engines.procedures.define import FragmentUse
from machi.engines.questions.public import Page, compile_form


def compile_procedure(model, resolver):
    """The bundle of `model` (a `define.Procedure`).

    `resolver.get("kind/code")` gives the bundle of another definition and records its version; its `report`
    takes every fault but the last, which is raised as `DefinitionFault`.
    """
    used = {name: resolver.get(reference) for name, reference in model.uses.items()}
    tables = {name: bundle for name, bundle in used.items() if "options" in bundle}
    settings = {key: _setting(key, setting) for key, setting in model.settings.items()}
    fields, paths = _expand(model.fields, used, ("fields",))
    form = compile_form(fields, model.pages, tables, settings, at=paths, report=resolver.report)
    steps = {
        key: _step(key, step, used, tables, settings, resolver) for key, step in model.flow.steps.items()
    }
    bundle = {
        **model.model_dump(
            mode="json", by_alias=True, exclude={"fields", "pages", "uses", "settings", "flow"}
        ),
        "settings": settings,
        "form": form,
        "flow": {**model.flow.model_dump(mode="json", by_alias=True, exclude={"steps"}), "steps": steps},
        "used": _referred(model, steps, resolver) | compile_letters(model, form),
    }
    faults = [*_slot_faults(fields, paths, model.pools), *_reader_faults(steps, resolver)]
    faults += [*period_faults(bundle), *flow_faults(bundle)]
    for fault in faults[1:]:
        resolver.report(fault)
    if faults:
        raise faults[0]
    return bundle


def _setting(key, setting):
    path = ("settings", key, "value")
    if setting.type in ("int", "yen"):
        if not re.fullmatch(r"-?\d{1,15}", setting.value, re.ASCII):
            raise DefinitionFault(path, "数ではありません。", "数字だけで書いてください。")
        value = int(setting.value)
        if setting.max is not None and value > setting.max:
            raise DefinitionFault(
                path, f"上限 {setting.max} を超えています。", "上限以下の数にしてください。"
            )
        return value
    if setting.type == "bool" and setting.value not in ("true", "false"):
        raise DefinitionFault(path, "true でも false でもありません。", "true か false を書いてください。")
    return setting.value == "true" if setting.type == "bool" else setting.value


def _expand(fields, used, path):
    """The fields with each fragment put in where it is used, and where each of them was written."""
    expanded, paths = [], []
    for place, field in enumerate(fields):
        found = [field] if not isinstance(field, FragmentUse) else used.get(field.use, {}).get("fields")
        if found is None:
            raise DefinitionFault(
                (*path, place, "use"),
                f"「{field.use}」という部品は uses にありません。",
                "uses に fragment/… として書き足すか、名前を直してください。",
            )
        expanded += found
        paths += [(*path, place)] * len(found)
    return expanded, paths


def _step(key, step, used, tables, settings, resolver):
    """One step as the flow reads it; a step with fields gets a form of its own."""
    bundle = step.model_dump(mode="json", by_alias=True)
    if step.type in rules.HUMAN and step.fields:
        fields, paths = _expand(step.fields, used, ("flow", "steps", key, "fields"))
        page = Page(key="step", title=step.title, fields=[_key(field) for field in fields])
        bundle["form"] = compile_form(fields, [page], tables, settings, at=paths, report=resolver.report)
    return bundle


def _key(field):
    return field["key"] if isinstance(field, dict) else field.key


def _referred(model, steps, resolver):
    """Every notice, document and calendar named, by reference, so that a case keeps the words of its day."""
    references = {*model.notices.model_dump().values(), model.flow.calendar}
    references |= {step["notice"] for step in steps.values() if step.get("notice")}
    references |= {step["route"] for step in steps.values() if step["type"] == "approve"}
    issued = {step["document"] for step in steps.values() if step["type"] == "issue"}
    references |= {one for one in issued if not one.startswith("letter/")}
    references |= {one["book"] for step in steps.values() if step["type"] == "enter" for one in step["moves"]}
    references |= {pool.calendar for pool in model.pools.values() if pool.calendar}
    return {reference: resolver.get(reference) for reference in sorted(references)}


def _reader_faults(steps, resolver):
    """Who is to read must be a post of the organisation."""
    for key, step in steps.items():
        named = [(("flow", "steps", key, "to", place), name) for place, name in enumerate(step.get("to", ()))]
        yield from unknown_posts(named, resolver) if step["type"] == "acknowledge" else ()


def _slot_faults(fields, paths, pools):
    """A field that offers days must say from which pool."""
    for field, path in zip(fields, paths, strict=True):
        pool = field.get("pool") if isinstance(field, dict) else field.pool
        if pool and pool not in pools:
            yield DefinitionFault(
                (*path, "pool"), f"「{pool}」という予約枠はありません。", "pools に書き足してください。"
            )
