"""The tests a procedure carries with it: given answers and chosen outcomes, what must come out."""

from dataclasses import replace
from datetime import date

from machi.engines.approvals.public import choose as choose_row
from machi.engines.definitions.define import DefinitionFault
from machi.engines.procedures import rules, scope
from machi.engines.questions.public import Form, answers_from_words
from machi.ground.calendar import today
from machi.ground.expr import compile, parse

LONGEST_WALK = 60  # steps: a scenario that always takes the way back would never end


def run_scenarios(bundle):
    """Every scenario of the bundle; a list of faults, empty when all come out as expected."""
    form = Form(bundle["form"])
    faults = []
    for place, scenario in enumerate(bundle["tests"]):
        faults += [
            DefinitionFault(
                ("tests", place, "expect", what),
                f"テスト「{scenario['name']}」: {what} は {wanted} のはずですが、{found} でした。",
                "定義かテストのどちらかを直してください。",
            )
            for what, wanted, found in _differences(bundle, form, scenario)
        ]
    return faults


def played(bundle):
    """[(scenario, [(what, expected, found)])] of every scenario of the bundle: nothing differs where all is well."""
    form = Form(bundle["form"])
    return [(scenario, list(_differences(bundle, form, scenario))) for scenario in bundle["tests"]]


def outcomes_of(bundle, key):
    """What somebody may choose at a step where a walk stands still: the names of its outcomes."""
    step = bundle["flow"]["steps"][key]
    return list(step["outcomes"]) if step["type"] in (*rules.LEAVING, "ask_applicant") else []


def _differences(bundle, form, scenario):
    """(what, expected, found) of each expectation that does not come true."""
    day = date.fromisoformat(scenario["on"]) if scenario.get("on") else today()
    given = answers_from_words(form, scenario["given"])
    sheet = form.evaluate(given, today=day, context=scope.context(bundle, {}))
    holds = {
        "visible": sheet.is_visible,
        "hidden": lambda name: not sheet.is_visible(name),
        "required": sheet.is_required,
        "errors": lambda name: name in sheet.errors,
    }
    for what, wanted in scenario["expect"].items():
        if what == "path":
            found = walk(bundle, {**sheet.values, "drafter": _drafter(scenario)}, scenario["take"], day)
            if found != wanted:
                yield what, wanted, found
        elif what == "levels":
            found = _levels(bundle, form, sheet.values)
            if found != wanted:
                yield what, wanted, found
        elif what in holds:
            wrong = [name for name in wanted if name not in form.questions or not holds[what](name)]
            if wrong:
                yield what, wanted, f"{wrong} がちがう状態"
        elif what not in sheet.values or not _same(sheet.values[what], wanted):
            yield what, wanted, sheet.values.get(what)


def _levels(bundle, form, values):
    """The posts of each level that the first approval of the flow asks for these answers."""
    step = next((one for one in bundle["flow"]["steps"].values() if one["type"] == "approve"), None)
    if step is None:
        return None
    context, seen = scope.context(bundle, form.tables), {**form.settings, **values}
    inputs = {name: compile(parse(text))(seen, context) for name, text in step["inputs"].items()}
    row = choose_row(bundle["used"][step["route"]], inputs)
    return row and [[place["post"] for place in level] for level in row["levels"]]


def _drafter(scenario):
    return {name: scenario["drafter"].get(name) for name in scope.DRAFTER}


def _same(found, wanted):
    return found == wanted or str(found) == str(wanted)


def walk(bundle, values, take, day=None):
    """The keys of the steps a case goes through with the outcomes in `take`, on `day` (else today); it stops where
    none is given.
    """
    flow = bundle["flow"]
    form = Form(bundle["form"])
    context = replace(scope.context(bundle, form.tables), today=day or today())
    seen, key, path = {**form.settings, **values}, flow["start"], []
    while key and len(path) < LONGEST_WALK:
        step = flow["steps"][key]
        path.append(key)
        key = _after(step, key, seen, take, lambda text: compile(parse(text))(seen, context))
        if step["type"] in rules.LEAVING:
            seen[path[-1]] = {"outcome": take.get(path[-1], "signed" if step["type"] == "cosign" else None)}
    return path


def _after(step, key, seen, take, test):
    """The step after this one in a walk, or None when it ends or waits for a choice not given."""
    kind = step["type"]
    if kind == "end":
        return None
    if kind in rules.LEAVING:
        chosen = step["outcomes"].get(take.get(key, "signed" if kind == "cosign" else ""))
        return chosen["to"] if chosen else None
    if "next" in step:
        return rules.choose(step["next"], test)
    chosen = take.get(key, {"pay": "paid", "book": "ok", "enter": "done", "ask_applicant": ""}[kind])
    return step["outcomes"].get(chosen)


def compatibility(old, new):
    """How a new bundle relates to the old one: "none" (no difference that a case feels), "additive" or
    "breaking".
    """
    before = {field["key"]: field["type"] for field in old["form"]["fields"]}
    after = {field["key"]: field["type"] for field in new["form"]["fields"]}
    if any(key not in after or after[key] != kind for key, kind in before.items()):
        return "breaking"
    if set(old["flow"]["steps"]) - set(new["flow"]["steps"]):
        return "breaking"
    return "none" if old == new else "additive"
