"""The tests a guide carries with it: given answers, which tasks must come out, and by when."""

from machi.engines.definitions.define import DefinitionFault
from machi.engines.guides import rules
from machi.engines.questions.public import Form, answers_from_words
from machi.ground.calendar import today


def run_scenarios(bundle):
    """Every scenario of the bundle; a list of faults, empty when all come out as expected."""
    form = Form(bundle["form"])
    return [fault for place, test in enumerate(bundle["tests"]) for fault in _differences(bundle, form, test, place)]


def ever_shown(bundle):
    """The keys of the tasks that any scenario shows."""
    form = Form(bundle["form"])
    return {todo.key for test in bundle["tests"] for todo in _todos(bundle, form, test)[1]}


def _differences(bundle, form, test, place):
    sheet, found = _todos(bundle, form, test)
    wanted, days = test["expect"]["tasks"], {todo.key: todo.due and todo.due.isoformat() for todo in found}
    keys = [todo.key for todo in found]
    if sheet.errors:
        yield _fault(test, (place, "given"), f"答えに誤りがあります: {' '.join(sheet.errors.values())}")
    if keys != wanted:
        missing, extra = [k for k in wanted if k not in keys], [k for k in keys if k not in wanted]
        words = f"課題は {wanted} のはずですが、{keys} でした（足りない: {missing}、余分: {extra}）。"
        yield _fault(test, (place, "expect", "tasks"), words)
    for key, day in test["expect"]["due"].items():
        if days.get(key) != day:
            words = f"「{key}」の期限は {day} のはずですが、{days.get(key)} でした。"
            yield _fault(test, (place, "expect", "due", key), words)


def _fault(test, path, words):
    mend = "定義かテストのどちらかを直してください。"
    return DefinitionFault(("tests", *path), f"テスト「{test['name']}」: {words}", mend)


def _todos(bundle, form, test):
    sheet = form.evaluate(answers_from_words(form, test["given"]), today=today())
    return sheet, rules.todos(bundle, sheet, today())
