"""From a file plan to its bundle: the tree as it is, and its classes as a flat list that forms can choose from."""

from machi.engines.definitions.define import DefinitionFault
from machi.engines.documents.public import faults_of_format


def compile_plan(model, resolver):
    """The bundle of a FilePlan. Faults but the last go to `resolver.report`.

    `options` is what a procedure's choice takes with `uses: {classes: file_plan/…}` and `from: classes`.
    """
    tree = model.model_dump(mode="json", by_alias=True)
    faults = [*_number_faults(model), *_case_faults(model), *_unit_faults(model, resolver)]
    for fault in faults[1:]:
        resolver.report(fault)
    if faults:
        raise faults[0]
    return {
        **tree,
        "columns": {"keep": "text", "then": "text", "disclosure": "text"},
        "column_labels": {"keep": {"ja": "保存期間"}, "then": {"ja": "満了後の措置"}, "disclosure": {"ja": "公開区分"}},
        "groups": [{"key": key, "label": section.title} for key, section in model.sections.items()],
        "options": [_option(*place, one) for _path, place, one in _classes(model)],
    }


def plan_compat(old, new):
    """A class that is gone breaks what is filed under it; another retention only counts from now on."""
    before, after = ({one["key"] for one in bundle["options"]} for bundle in (old, new))
    if before - after:
        return "breaking"
    return "additive" if after - before else "none"


def _classes(model):
    """(path, (section key, section, group key, group, key), class) of every class."""
    for first, section in model.sections.items():
        for second, group in section.groups.items():
            for third, one in group.classes.items():
                path = ("sections", first, "groups", second, "classes", third)
                yield path, (first, section, second, group, third), one


def _option(first, section, second, group, third, one):
    return {
        "key": first + second + third,
        "label": one.title,
        "group": first,
        "section": section.title,
        "middle": group.title,
        "keep": one.keep,
        "then": one.then,
        "disclosure": one.disclosure,
        "units": one.units,
        "cases": one.cases,
    }


def _number_faults(model):
    for name in ("received", "issued"):
        number = getattr(model.numbers, name)
        for part, counts in (("sequence", False), ("format", True)):
            for message in faults_of_format(getattr(number, part), counts=counts):
                mend = "例: sequence は received/{unit}/{fy}、format は {sign}収第{seq}号"
                yield DefinitionFault(("numbers", name, part), message, mend)


def _case_faults(model):
    """Ended cases of every unit have exactly one place."""
    taken = {}
    for path, _place, one in _classes(model):
        for unit in (one.units or ("",)) if one.cases else ():
            if unit in taken:
                whose = f"課「{unit}」" if unit else "すべての課"
                yield DefinitionFault(
                    (*path, "cases"),
                    f"{whose}の案件を収める小分類が、ほかにもあります。",
                    "cases: true は、課ごとに一つの小分類だけに書いてください。",
                )
            taken[unit] = path
    if "" not in taken:
        yield DefinitionFault(
            ("sections",),
            "どの課の案件でも収められる小分類がありません。",
            "units のない小分類の一つに cases: true を書いてください。",
        )


def _unit_faults(model, resolver):
    known = {unit["code"] for one in resolver.every("organisation") for unit in one["units"]}
    for path, _place, one in _classes(model):
        for at, unit in enumerate(one.units):
            if known and unit not in known:
                yield DefinitionFault(
                    (*path, "units", at),
                    f"課「{unit}」がありません。",
                    "組織の定義にある課のコードを書くか、units を消してください。",
                )
