"""A form definition into a bundle: every key, page, option and expression is checked before anybody fills it
in.

The bundle is JSON: {"schema", "fields", "pages", "order", "tables", "settings"}. `order` names the nodes of
the dependency graph (fields, rows' fields as `lines.item`, the opening of a repeat as `lines#`, pages as
`page:<key>`) so that one pass evaluates them all.
"""

import graphlib

from machi.engines.definitions.define import DefinitionFault
from machi.engines.questions.compile_fields import shape_faults
from machi.engines.questions.define import Field, Page
from machi.engines.questions.logic import TypeTable, needs_of, parsed
from machi.engines.questions.question import Question
from machi.ground.expr import ExprError, check, names

SCHEMA = 1
RESULTS = {"text": ("text", "choice"), "decimal": ("decimal", "int", "yen"), "yen": ("yen", "int")}
RESERVED = {"and", "or", "not", "in", "true", "false", "it", "today"}


def compile_form(fields, pages, tables=None, settings=None, *, at=None, report=None):
    """The bundle of a form.

    fields, pages: models of `define`, or the same as JSON (a fragment's fields). tables: name → bundle of a
    `choices` definition. settings: name → value (int, str, bool). at: the source path of each field, where
    it differs from ("fields", index), as after fragments were put in. report: takes every further fault (a
    resolver's `report`). Raises DefinitionFault for the first one.
    """
    compiler = _Compiler(fields, pages, tables or {}, settings or {}, at)
    compiler.run()
    if compiler.faults:
        for fault in compiler.faults[1:] if report else ():
            report(fault)
        raise compiler.faults[0]
    return compiler.bundle()


def form_faults(fields, pages, tables=None, settings=None, *, at=None):
    """All faults of a form, as DefinitionFaults in the order of the source."""
    compiler = _Compiler(fields, pages, tables or {}, settings or {}, at)
    compiler.run()
    return compiler.faults


class _Compiler:
    def __init__(self, fields, pages, tables, settings, at):
        self.pages = [Page.model_validate(page) if isinstance(page, dict) else page for page in pages]
        self.tables, self.settings = tables, settings
        self.faults, self.questions, self.paths, self.order = [], {}, {}, []
        self.at = at or [("fields", index) for index in range(len(fields))]
        self.fields = [Field.model_validate(field) if isinstance(field, dict) else field for field in fields]

    def fault(self, path, message, mend):
        self.faults.append(DefinitionFault(tuple(path), message, mend))

    def run(self):
        """All checks, each only where the ones before it make sense."""
        for field, path in zip(self.fields, self.at, strict=True):
            self.add(field, path, None)
        self.check_pages()
        for question in self.questions.values():
            self.faults += shape_faults(question, self.paths[question.path], self.tables, self.settings)
        if not self.faults and self.sort():
            self.check_expressions()

    def add(self, field, path, parent):
        known = {question.field.key for question in self.questions.values()}
        if field.key in known:
            self.fault(
                (*path, "key"),
                f"項目のキー「{field.key}」が二度使われています。",
                "別のキーに変えてください。",
            )
            return
        if field.key in RESERVED:
            self.fault(
                (*path, "key"),
                f"「{field.key}」は式の言葉なので、キーに使えません。",
                "別のキーに変えてください。",
            )
        question = Question(field, parent=parent)
        self.questions[question.path], self.paths[question.path] = question, path
        for index, child in enumerate(field.fields):
            self.add(child, (*path, "fields", index), question)

    # Pages

    def check_pages(self):
        places = {}
        for index, page in enumerate(self.pages):
            for number, key in enumerate(page.fields):
                here = ("pages", index, "fields", number)
                if key not in self.questions:
                    known = "、".join(path for path in self.questions if "." not in path)
                    self.fault(here, f"「{key}」という項目はありません。", f"使える項目: {known}")
                elif key in places:
                    self.fault(here, f"項目「{key}」は二度置かれています。", "一か所だけに置いてください。")
                else:
                    places[key] = page
        keys = [page.key for page in self.pages]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                self.fault(
                    ("pages", index, "key"),
                    f"ページのキー「{key}」が二度使われています。",
                    "別のキーに変えてください。",
                )
        self.check_gaps(places)

    def check_gaps(self, places):
        for question in self.questions.values():
            if question.parent is None:
                question.page = places.get(question.field.key)
            missing = question.parent is None and question.page is None and not question.field.calc
            if missing and self.pages:
                message = f"項目「{question.field.key}」は、どのページにも置かれていません。"
                self.fault(self.paths[question.path], message, "pages のどれかの fields に加えてください。")

    # Expressions

    def sort(self):
        """Fills `order`; False when conditions and sums turn in a circle or an expression cannot be read."""
        try:
            self.order = list(graphlib.TopologicalSorter(self.graph()).static_order())
        except graphlib.CycleError as error:
            circle = [node.removesuffix("#") for node in error.args[1] if not node.startswith("page:")]
            path = self.paths.get(circle[0] if circle else "", ("pages",))
            shown = " → ".join(dict.fromkeys(circle))
            self.fault(
                path,
                f"条件や計算が、ぐるぐる回っています: {shown}",
                "どれか一つの visible_if か calc を直してください。",
            )
        return not self.faults

    def graph(self):
        """Node → the nodes that must be known before it."""
        graph = {}
        for index, page in enumerate(self.pages):
            graph[f"page:{page.key}"] = self.roots(page.visible_if, None, ("pages", index, "visible_if"))
        for path, question in self.questions.items():
            needs = needs_of(question)
            for name in ("visible_if", "calc"):
                said = getattr(question.field, name)
                needs |= self.roots(said, question, (*self.paths[path], name))
            if question.field.type == "repeat":
                graph[f"{path}#"], needs = needs, {f"{path}#", *(child.path for child in question.children)}
            graph[path] = needs
        return graph

    def roots(self, said, question, path):
        """The nodes that an expression reads; unknown names are left to the type checker."""
        if not said:
            return set()
        try:
            found = names(parsed(said))
        except ExprError as error:
            self.expression_fault(path, error)
            return set()
        heads = {name.split(".")[0] for name in found}
        siblings = (
            {child.field.key: child.path for child in question.parent.children}
            if question and question.parent
            else {}
        )
        return {siblings.get(head, head) for head in heads if head in siblings or head in self.questions}

    def check_expressions(self):
        types = TypeTable(self.questions, self.settings, self.tables)
        pages = {page.key: index for index, page in enumerate(self.pages)}
        for node in self.order:
            if node.startswith("page:"):
                index = pages[node.removeprefix("page:")]
                self.check_one(
                    self.pages[index].visible_if,
                    types.known,
                    types,
                    ("bool",),
                    ("pages", index, "visible_if"),
                )
            elif not node.endswith("#"):
                self.check_order_of(self.questions[node], types)
        for question in self.questions.values():
            self.check_rules_of(question, types)

    def check_order_of(self, question, types):
        """The expressions that decide visibility and value; then the type of the field is known to the ones
        after it.
        """
        path, field = self.paths[question.path], question.field
        scope = types.scope(question)
        self.check_one(field.visible_if, scope, types, ("bool",), (*path, "visible_if"))
        wanted = RESULTS.get(field.type, (field.type,))
        found = self.check_one(field.calc, scope, types, wanted, (*path, "calc"))
        types.learn(question, blank=found is not None and found.blank)

    def check_rules_of(self, question, types):
        path, field = self.paths[question.path], question.field
        scope = types.scope(question)
        self.check_one(field.required_if, scope, types, ("bool",), (*path, "required_if"))
        self.check_one(field.needs, scope, types, ("yen", "int"), (*path, "needs"))
        for index, rule in enumerate(field.checks):
            self.check_one(rule.if_, scope, types, ("bool",), (*path, "validate", index, "if"))

    def check_one(self, said, scope, types, wanted, path):
        """The type of one expression, or None with a fault noted."""
        if not said:
            return None
        try:
            found = check(parsed(said), scope, types.columns)
        except ExprError as error:
            self.expression_fault(path, error)
            return None
        if found.kind not in wanted:
            message = f"この式の答えは {found.kind} ですが、ここでは {'か'.join(wanted)} が必要です。"
            self.fault(
                path, message, "条件なら a == b のような式に、計算なら項目の型に合う式にしてください。"
            )
        return found

    def expression_fault(self, path, error):
        self.fault(
            path, f"式の{error.position + 1}文字目: {error.message}", error.mend or "式を直してください。"
        )

    # The result

    def bundle(self):
        """The JSON of the checked form."""
        return {
            "schema": SCHEMA,
            "fields": [self.dump(self.questions[field.key]) for field in self.fields],
            "pages": [
                page.model_dump(mode="json", by_alias=True, exclude_defaults=True) for page in self.pages
            ],
            "order": self.order,
            "tables": {name: _without_search_words(table) for name, table in self.tables.items()},
            "settings": self.settings,
        }

    def dump(self, question):
        said = question.field.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for name in ("min", "max"):
            if name in said and said[name].startswith("$"):
                said[name] = str(self.settings[said[name].removeprefix("$settings.")])
        if question.children:
            said["fields"] = [self.dump(child) for child in question.children]
        return said


def _without_search_words(table):
    """A table as forms need it: the words by which options are found stay with the search."""
    options = [
        {name: value for name, value in option.items() if name != "words"}
        for option in table.get("options", [])
    ]
    return {**table, "options": options}
