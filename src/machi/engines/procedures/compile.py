"""From a procedure definition to its bundle: everything a case needs for its whole life, in one immutable piece."""

from machi.engines.definitions.define import DefinitionFault
from machi.engines.procedures import rules
from machi.engines.procedures.define import FragmentUse
from machi.engines.questions.public import Page, compile_form, form_columns, form_types
from machi.ground.expr import ExprError, check, parse

STEP_CONDITIONS = ("unit", "opens", "amount", "until", "question", "answer", "topic")


def compile_procedure(model, resolver):
    """The bundle of `model` (a `define.Procedure`).

    `resolver.get("kind/code")` gives the bundle of another definition and records its version.
    Raises `DefinitionFault` naming the path of the first fault.
    """
    used = {name: resolver.get(reference) for name, reference in model.uses.items()}
    tables = {name: bundle for name, bundle in used.items() if "options" in bundle}
    settings = {key: _setting(key, setting) for key, setting in model.settings.items()}
    fields = _expand(model.fields, used, ("fields",))
    form = compile_form(fields, model.pages, tables, settings)
    steps = {key: _step(key, step, used, tables, settings) for key, step in model.flow.steps.items()}
    bundle = {
        **model.model_dump(
            mode="json", by_alias=True, exclude={"fields", "pages", "uses", "settings", "flow"}
        ),
        "settings": settings,
        "form": form,
        "flow": {**model.flow.model_dump(mode="json", by_alias=True, exclude={"steps"}), "steps": steps},
        "used": _told_and_issued(model, steps, resolver),
    }
    _check_flow(bundle)
    _check_expressions(bundle)
    return bundle


def _setting(key, setting):
    if setting.type in ("int", "yen"):
        if not setting.value.lstrip("-").isdigit():
            raise DefinitionFault(
                ("settings", key, "value"), "数ではありません。", "数字だけで書いてください。"
            )
        value = int(setting.value)
        if setting.max is not None and value > setting.max:
            raise DefinitionFault(
                ("settings", key, "value"),
                f"上限 {setting.max} を超えています。",
                "上限以下の数にしてください。",
            )
        return value
    return setting.value == "true" if setting.type == "bool" else setting.value


def _expand(fields, used, path):
    """The fields with each fragment put in where it is used."""
    expanded = []
    for place, field in enumerate(fields):
        if not isinstance(field, FragmentUse):
            expanded.append(field)
        elif field.use in used and "fields" in used[field.use]:
            expanded.extend(used[field.use]["fields"])
        else:
            raise DefinitionFault(
                (*path, place, "use"),
                f"「{field.use}」という部品は uses にありません。",
                "uses に fragment/… として書き足すか、名前を直してください。",
            )
    return expanded


def _step(key, step, used, tables, settings):
    """One step as the flow reads it; a step with fields gets a form of its own."""
    bundle = step.model_dump(mode="json", by_alias=True)
    if step.type in rules.HUMAN and step.fields:
        fields = _expand(step.fields, used, ("flow", "steps", key, "fields"))
        names = [field["key"] if isinstance(field, dict) else field.key for field in fields]
        bundle["form"] = compile_form(
            fields, [Page(key="step", title=step.title, fields=names)], tables, settings
        )
    return bundle


def _told_and_issued(model, steps, resolver):
    """Every notice, document and calendar named, by reference, so that a case keeps the words of its day."""
    references = set(model.notices.model_dump().values())
    references |= {step["notice"] for step in steps.values() if step.get("notice")}
    references |= {step["document"] for step in steps.values() if step["type"] == "issue"}
    references |= {pool.calendar for pool in model.pools.values() if pool.calendar}
    return {reference: resolver.get(reference) for reference in sorted(references)}


def _check_flow(bundle):
    steps, start = bundle["flow"]["steps"], bundle["flow"]["start"]
    path = ("flow", "steps")
    if start not in steps or steps[start]["type"] != "intake":
        raise DefinitionFault(
            ("flow", "start"),
            "最初の段階は「受付（intake）」でなければなりません。",
            "start に intake の段階を書いてください。",
        )
    for key, step in steps.items():
        _check_next(key, step, steps)
        _check_named(key, step, bundle)
    for key in sorted(set(steps) - rules.reachable(steps, start)):
        raise DefinitionFault(
            (*path, key),
            f"段階「{key}」へ進む道がありません。",
            "next か outcomes から進めるようにするか、段階を消してください。",
        )
    for key in sorted(rules.endless(steps)):
        raise DefinitionFault(
            (*path, key),
            f"段階「{key}」から終わりへ進む道がありません。",
            "end の段階へ進めるようにしてください。",
        )
    for key in sorted(rules.spinning(steps)):
        raise DefinitionFault(
            (*path, key),
            f"段階「{key}」は人の手を経ずに回り続けます。",
            "途中に人が行う段階を入れてください。",
        )


def _check_next(key, step, steps):
    for following in rules.successors(step):
        if following not in steps:
            raise DefinitionFault(
                ("flow", "steps", key),
                f"「{following}」という段階はありません。",
                "steps にある段階の名前を書いてください。",
            )
    branches = step.get("next")
    if isinstance(branches, list) and (not branches or branches[-1].get("if") is not None):
        raise DefinitionFault(
            ("flow", "steps", key, "next"),
            "どの条件にも当てはまらないときの行き先がありません。",
            "最後に {to: …} だけの行を足してください。",
        )


def _check_named(key, step, bundle):
    """Fields, pools and contact fields that a step names must exist."""
    known = {field["key"] for field in bundle["form"]["fields"]}
    named = (
        [(("flow", "steps", key, "fields"), name) for name in step["fields"]]
        if step["type"] == "ask_applicant"
        else []
    )
    if step["type"] == "pay" and step.get("lines"):
        named.append((("flow", "steps", key, "lines"), step["lines"]))
    named += [(("contact_fields", role), name) for role, name in bundle["contact_fields"].items()]
    if bundle["place"]:
        named.append((("place",), bundle["place"]))
    for path, name in named:
        if name not in known:
            raise DefinitionFault(
                path, f"「{name}」という項目はありません。", "fields にある項目の key を書いてください。"
            )
    if step["type"] == "book" and step["pool"] not in bundle["pools"]:
        raise DefinitionFault(
            ("flow", "steps", key, "pool"),
            f"「{step['pool']}」という予約枠はありません。",
            "pools に書き足してください。",
        )


def flow_types(bundle):
    """The names an expression of the flow may use, with their types: the form's fields and what each step left."""
    types = dict(form_types(bundle["form"]))
    for key, step in bundle["flow"]["steps"].items():
        if key in types:
            raise DefinitionFault(
                ("flow", "steps", key),
                f"「{key}」は項目の名前でもあります。",
                "段階か項目のどちらかの名前を変えてください。",
            )
        if step["type"] in rules.HUMAN:
            inner = form_types(step["form"]) if "form" in step else {}
            own = ",".join(
                [
                    "outcome:text?",
                    *(f"{name}:{kind.rstrip('?')}?" for name, kind in inner.items() if "." not in name),
                ]
            )
            types[key] = f"row{{{own}}}"
    return types


def _check_expressions(bundle):
    types = flow_types(bundle)
    columns = form_columns(bundle["form"])
    for path, text, wanted in _expressions(bundle):
        try:
            found = check(parse(text), types, tables=columns)
        except ExprError as error:
            raise DefinitionFault(path, f"式「{text}」: {error}", getattr(error, "mend", "")) from error
        if wanted and str(found).rstrip("?").split("<")[0] not in wanted:
            raise DefinitionFault(
                path,
                f"式「{text}」の答えは {found} ですが、ここには {'・'.join(wanted)} が要ります。",
                "式を直してください。",
            )


def _expressions(bundle):
    """Every expression of the flow as (path, text, wanted types)."""
    flow = bundle["flow"]
    if flow["unit"]:
        yield ("flow", "unit"), flow["unit"], ("text", "choice")
    if bundle["subject"]:
        yield ("subject",), bundle["subject"], ("text", "choice")
    if bundle["cancel"]:
        yield ("cancel", "while"), bundle["cancel"]["while"], ("bool",)
    wanted = {"unit": ("text", "choice"), "amount": ("yen", "int"), "until": ("date",), "opens": ("date",)}
    for key, step in flow["steps"].items():
        for name in STEP_CONDITIONS:
            if step.get(name):
                yield ("flow", "steps", key, name), step[name], wanted.get(name, ("text", "choice"))
        if isinstance(step.get("next"), list):
            for place, branch in enumerate(step["next"]):
                if branch.get("if"):
                    yield ("flow", "steps", key, "next", place, "if"), branch["if"], ("bool",)
