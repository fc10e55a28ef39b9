"""From a guide definition to its bundle: every task, condition and name it uses is checked before anybody reads it."""

import re

from machi.engines.definitions.define import DefinitionFault
from machi.engines.guides import rules, scenarios
from machi.engines.procedures.define import FragmentUse
from machi.engines.questions.public import compile_form, form_columns, form_types
from machi.ground.expr import ExprError, check, parse

TABLES = {"bring": "things", "elsewhere": "offices", "together": "visits"}


def compile_guide(model, resolver):
    """The bundle of `model` (a `define.Guide`); faults go to `resolver.report`, the first error is raised."""
    used = {name: resolver.get(reference) for name, reference in model.uses.items()}
    tables = {name: bundle for name, bundle in used.items() if "options" in bundle}
    settings = {key: _setting(key, setting) for key, setting in model.settings.items()}
    fields, paths = _expand(model.fields, used)
    asked = {name: table for name, table in tables.items() if name not in TABLES.values()}
    form = compile_form(fields, model.pages, asked, settings, at=paths, report=resolver.report)
    bundle = {
        **model.model_dump(mode="json", by_alias=True, exclude={"fields", "pages", "uses", "settings"}),
        "settings": settings,
        "form": form,
        **{name: _named(tables.get(name)) for name in TABLES.values()},
    }
    faults = list(_faults(bundle))
    for fault in faults[1:]:
        resolver.report(fault)
    if faults:
        raise faults[0]
    for warning in _warnings(bundle, resolver):
        resolver.report(warning)
    return bundle


def _setting(key, setting):
    if setting.type not in ("int", "yen"):
        return setting.value
    if not re.fullmatch(r"\d{1,12}", setting.value, re.ASCII):
        raise DefinitionFault(("settings", key, "value"), "数ではありません。", "数字だけで書いてください。")
    return int(setting.value)


def _expand(fields, used):
    """The fields with each fragment put in where it is used, and where each of them was written."""
    expanded, paths = [], []
    for place, field in enumerate(fields):
        found = [field] if not isinstance(field, FragmentUse) else used.get(field.use, {}).get("fields")
        if found is None:
            mend = "uses に fragment/… として書き足すか、名前を直してください。"
            raise DefinitionFault(("fields", place, "use"), f"「{field.use}」という部品は uses にありません。", mend)
        expanded += found
        paths += [("fields", place)] * len(found)
    return expanded, paths


def _named(table):
    """A table as the list of tasks needs it: key → label and help."""
    options = table["options"] if table else ()
    return {option["key"]: {"label": option["label"], "help": option.get("help")} for option in options}


def _faults(bundle):
    types, columns = form_types(bundle["form"]), form_columns(bundle["form"])
    seen = set()
    for place, task in enumerate(bundle["tasks"]):
        path = ("tasks", place)
        if task["key"] in seen:
            words = f"課題のキー「{task['key']}」が二度使われています。"
            yield DefinitionFault((*path, "key"), words, "別のキーに変えてください。")
        seen.add(task["key"])
        yield from _condition_faults(task, path, types, columns)
        yield from _due_faults(task, path, types)
        yield from _name_faults(task, path, bundle)
    yield from _test_faults(bundle, seen)


def _condition_faults(task, path, types, columns):
    said = [((*path, "if"), task["if"])]
    said += [((*path, "bring", place, "if"), thing["if"]) for place, thing in enumerate(task["bring"])]
    for where, text in said:
        if not text:
            continue
        try:
            found = check(parse(text), types, columns)
        except ExprError as error:
            words = f"式の{error.position + 1}文字目: {error.message}"
            yield DefinitionFault(where, words, error.mend or "式を直してください。")
            continue
        if found.kind != "bool":
            words = f"この式の答えは {found.kind} ですが、ここでは bool が必要です。"
            yield DefinitionFault(where, words, "条件は a == b のような式にしてください。")


def _due_faults(task, path, types):
    due = task["due"]
    if not due:
        return
    if bool(due["within"]) != bool(due["from"]) or not (due["within"] or due["text"]):
        words = "期限には within と from の両方か、text が必要です。"
        yield DefinitionFault((*path, "due"), words, "「{within: P14D, from: 日付の項目}」のように書いてください。")
    elif due["from"] and types.get(due["from"], "").removesuffix("?") != "date":
        days = "、".join(name for name, kind in types.items() if kind.removesuffix("?") == "date")
        words = f"「{due['from']}」は日付の項目ではありません。"
        yield DefinitionFault((*path, "due", "from"), words, f"日付の項目: {days}")


def _name_faults(task, path, bundle):
    named = [(kind, (*path, kind), task[kind]) for kind in ("elsewhere", "together")]
    named += [("bring", (*path, "bring", place), one["thing"]) for place, one in enumerate(task["bring"])]
    for kind, where, name in named:
        if name and name not in bundle[TABLES[kind]]:
            words = f"「{name}」は、表 {TABLES[kind]} にありません。"
            yield DefinitionFault(where, words, "表に書き足すか、名前を直してください。")
    if ("elsewhere" in task["where"]) != bool(task["elsewhere"]):
        words = "where の elsewhere と、行き先の elsewhere がそろっていません。"
        yield DefinitionFault((*path, "where"), words, "市役所の外でする課題なら、両方を書いてください。")
    for text in (task["why"], task["note"]):
        for name in rules.named_settings(text):
            if name not in bundle["settings"]:
                words = f"「{name}」という設定はありません。"
                yield DefinitionFault(path, words, "settings に書き足すか、文の中の名前を直してください。")


def _test_faults(bundle, tasks):
    for place, test in enumerate(bundle["tests"]):
        for name in {*test["expect"]["tasks"], *test["expect"]["due"]} - tasks:
            words = f"「{name}」という課題はありません。"
            yield DefinitionFault(("tests", place, "expect"), words, "課題のキーを直してください。")


def _warnings(bundle, resolver):
    """What does not stop the guide: a procedure that is not there (yet), a task that no test ever shows."""
    shown = scenarios.ever_shown(bundle)
    for place, task in enumerate(bundle["tasks"]):
        path = ("tasks", place)
        if task["procedure"] and not _is_public(task["procedure"], resolver):
            words = f"手続「{task['procedure']}」は公開されていないので、窓口の手続として案内します。"
            mend = "その手続の定義を作るか、procedure の行を直してください。"
            yield DefinitionFault((*path, "procedure"), words, mend, "warning")
        if task["key"] not in shown:
            words = f"課題「{task['title']['ja']}」を見せるテストがありません。"
            yield DefinitionFault(path, words, "この課題が必要になる答えのテストを tests に足してください。", "warning")


def _is_public(code, resolver):
    try:
        return resolver.get(f"procedure/{code}")["audience"] == "public"
    except DefinitionFault:
        return False
