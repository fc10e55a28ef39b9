"""The tests a procedure carries with it: given answers and chosen outcomes, what must come out."""

from machi.engines.definitions.define import DefinitionFault
from machi.engines.procedures import rules
from machi.engines.questions.public import Form, answers_from_words
from machi.ground.calendar import today
from machi.ground.expr import Context, compile, parse


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


def _differences(bundle, form, scenario):
    sheet = form.evaluate(answers_from_words(form, scenario["given"]), today=today())
    for what, wanted in scenario["expect"].items():
        if what == "path":
            found = walk(bundle, sheet.values, scenario["take"])
            if found[: len(wanted)] != wanted or (
                len(found) != len(wanted) and wanted[-1] not in scenario["take"]
            ):
                yield what, wanted, found
        elif what in ("visible", "hidden"):
            wrong = [name for name in wanted if sheet.is_visible(name) != (what == "visible")]
            if wrong:
                yield what, wanted, f"{wrong} がちがう状態"
        elif what in ("required", "errors"):
            wrong = [
                n for n in wanted if not (sheet.is_required(n) if what == "required" else n in sheet.errors)
            ]
            if wrong:
                yield what, wanted, f"{wrong} がちがう状態"
        elif not _same(sheet.values.get(what), wanted):
            yield what, wanted, sheet.values.get(what)


def _same(found, wanted):
    return found == wanted or str(found) == str(wanted)


def walk(bundle, values, take):
    """The keys of the steps a case goes through, choosing the outcomes in `take`; stops where none is given."""
    flow = bundle["flow"]
    form = Form(bundle["form"])
    context = Context(today=today(), tables=form.tables)
    seen, key, path = {**form.settings, **values}, flow["start"], []
    while key and len(path) < 60:
        step = flow["steps"][key]
        path.append(key)
        key = _after(step, key, seen, take, lambda text: compile(parse(text))(seen, context))
        if step["type"] in rules.HUMAN:
            seen[path[-1]] = {"outcome": take.get(path[-1])}
    return path


def _after(step, key, seen, take, test):
    """The step after this one in a walk, or None when it ends or waits for a choice not given."""
    kind = step["type"]
    if kind == "end":
        return None
    if kind in rules.HUMAN:
        chosen = step["outcomes"].get(take.get(key, ""))
        return chosen["to"] if chosen else None
    if "next" in step:
        return rules.choose(step["next"], test)
    chosen = take.get(key, {"pay": "paid", "book": "ok", "ask_applicant": ""}[kind])
    return step["outcomes"].get(chosen)


def compatibility(old, new):
    """How a new bundle relates to the old one: "none" (no difference that a case feels), "additive" or "breaking"."""
    before = {field["key"]: field["type"] for field in old["form"]["fields"]}
    after = {field["key"]: field["type"] for field in new["form"]["fields"]}
    if any(key not in after or after[key] != kind for key, kind in before.items()):
        return "breaking"
    if set(old["flow"]["steps"]) - set(new["flow"]["steps"]):
        return "breaking"
    return "none" if old == new else "additive"
