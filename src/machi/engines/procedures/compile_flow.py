"""What can be wrong with a flow: each check gives the faults it finds, with path and mend."""

from machi.engines.definitions.define import DefinitionFault
from machi.engines.documents.public import check_data
from machi.engines.procedures import rules
from machi.engines.procedures.compile_enter import CASE, enter_expressions, enter_faults
from machi.engines.procedures.compile_handover import TEXTS, handover_expressions, handover_faults
from machi.engines.procedures.compile_letters import letter_faults, missing_letters
from machi.engines.procedures.consents import TYPE as APPROVAL
from machi.engines.procedures.scope import DRAFTER
from machi.engines.questions.public import Form, form_columns, form_types
from machi.ground.expr import ExprError, check, parse, read_type

WANTED = {
    "unit": TEXTS,
    "question": TEXTS,
    "answer": TEXTS,
    "topic": TEXTS,
    "amount": ("yen", "int"),
    "until": ("date",),
    "by": ("date",),
    "opens": ("date",),
    "deputies": ("bool",),
    "first": ("date",),
    "last": ("date",),
    "starts": TEXTS,
    "ends": TEXTS,
    "label": TEXTS,
    "units": ("list",),
}
OUTCOMES = {
    "approve": ("approved", "rejected"),
    "ask_applicant": ("done", "expired"),
    "cosign": ("signed", "refused", "expired"),
    "book": ("ok", "lost"),
    "enter": ("done",),
    "pay": ("paid",),
}
BILL = ("item", "qty", "fee")  # what a bill reads from each row of the repeated field it lists
TAKEN = {"case", "said", "decided", "approval", "drafter"}  # what papers and flows may show besides fields and steps
ROUTE_INPUTS = {"choice": TEXTS, "yen": ("yen", "int"), "int": ("int",), "bool": ("bool",)}
WEEKDAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


def flow_faults(bundle):
    """All faults of the flow of `bundle`; the later checks run only where the earlier ones found none."""
    for look in (
        (
            *(_shape_faults, _shelf_faults, _named_faults, _later_faults),
            *(_pool_faults, _name_clashes, handover_faults, missing_letters),
        ),
        (_way_faults, _refusal_faults, _route_faults, enter_faults, _expression_faults, _scenario_faults),
        (_document_faults,),
    ):
        faults = [fault for one in look for fault in one(bundle)]
        if faults:
            return faults
    return []


def _steps(bundle):
    """Each step with its path: (("flow", "steps", key), key, step)."""
    return [(("flow", "steps", key), key, step) for key, step in bundle["flow"]["steps"].items()]


def _shape_faults(bundle):
    """Where the flow starts, and that every way out leads somewhere."""
    steps, start = bundle["flow"]["steps"], bundle["flow"]["start"]
    if steps.get(start, {}).get("type") != "intake":
        yield DefinitionFault(
            ("flow", "start"),
            "最初の段階は「受付（intake）」でなければなりません。",
            "start に intake の段階を書いてください。",
        )
    for path, key, step in _steps(bundle):
        if step["type"] == "intake" and key != start:
            yield DefinitionFault(path, "受付（intake）は一つだけです。", "ほかの種類の段階にしてください。")
        yield from _next_faults(path, step, steps, start)


def _next_faults(path, step, steps, start):
    for following in rules.successors(step):
        if following not in steps:
            yield DefinitionFault(
                path, f"「{following}」という段階はありません。", "steps にある段階の名前を書いてください。"
            )
        elif following == start:
            yield DefinitionFault(path, "受付へ戻ることはできません。", "受付の次の段階へ進めてください。")
    branches = step.get("next")
    if isinstance(branches, list) and (not branches or branches[-1].get("if") is not None):
        yield DefinitionFault(
            (*path, "next"),
            "どの条件にも当てはまらないときの行き先がありません。",
            "最後に {to: …} だけの行を足してください。",
        )
    needed = OUTCOMES.get(step["type"], ())
    needed += ("expired",) if step["type"] == "pay" and step["wait"] and step["due"] else ()
    for outcome in needed:
        if outcome not in step["outcomes"]:
            yield DefinitionFault(
                (*path, "outcomes"),
                f"「{outcome}」のときの行き先がありません。",
                f"outcomes に「{outcome}: 段階の名前」を書き足してください。",
            )


def _shelf_faults(bundle):
    """A door is for residents, a shelf for staff."""
    for name, audience in (("door", "public"), ("shelf", "staff")):
        if bundle[name] and bundle["audience"] != audience:
            yield DefinitionFault(
                (name,),
                f"{name} は audience: {audience} の手続にだけ書けます。",
                "住民の手続には door、職員の手続には shelf を書いてください。",
            )


def _named_faults(bundle):
    """Fields that the flow and the procedure name must exist, and be of a kind that fits."""
    known = {field["key"]: field for field in bundle["form"]["fields"]}
    for path, name, kind in _named(bundle):
        if name not in known:
            yield DefinitionFault(
                path, f"「{name}」という項目はありません。", "fields にある項目の key を書いてください。"
            )
        elif kind and known[name]["type"] != kind:
            yield DefinitionFault(
                path,
                f"「{name}」は {kind} の項目ではありません。",
                f"type が {kind} の項目を書いてください。",
            )
    for path, _key, step in _steps(bundle):
        if step["type"] == "pay" and known.get(step["lines"], {}).get("type") == "repeat":
            yield from _bill_faults(path, known[step["lines"]])
        if step["type"] == "cosign":
            yield from _signer_faults(path, step, known)


def _later_faults(bundle):
    """What is asked later must be asked by a step, else nobody ever answers it."""
    asked = {name for _path, _key, step in _steps(bundle) if step["type"] == "ask_applicant" for name in step["fields"]}
    for place, page in enumerate(bundle["form"]["pages"]):
        if page.get("later") and not asked & set(page["fields"]):
            yield DefinitionFault(
                ("pages", place, "later"),
                "あとで聞くページですが、どの段階もその項目を聞いていません。",
                "ask_applicant の段階の fields に、このページの項目を書いてください。",
            )


def _named(bundle):
    """(path, field key, type it must have or "") of every field named."""
    for role, name in bundle["contact_fields"].items():
        yield ("contact_fields", role), name, ""
    for role, name in (bundle["acts_for"] or {}).items():
        yield ("acts_for", role), name, "choice" if role == "role" else ""
    yield from ((("duplicates", "same"), name, "") for name in bundle["duplicates"]["same"])
    if bundle["place"]:
        yield ("place",), bundle["place"], "point"
    for path, _key, step in _steps(bundle):
        if step["type"] == "approve":
            yield from (((*path, "seal"), name, "") for name in step["seal"])
        if step["type"] == "ask_applicant":
            yield from (((*path, "fields"), name, "") for name in step["fields"])
        if step["type"] == "pay" and step["lines"]:
            yield (*path, "lines"), step["lines"], "repeat"
        if step["type"] == "wait":
            yield from (((*path, "seals"), name, "") for name in step["seals"])
        if step["type"] == "cosign":
            yield from (((*path, "show"), name, "") for name in step["show"])
            yield from _named_signers(path, step)


def _named_signers(path, step):
    for place, who in enumerate(step["who"]):
        if who["rows"]:
            yield (*path, "who", place, "rows"), who["rows"], "repeat"
        else:
            yield (*path, "who", place, "mail"), who["mail"], "email"
            yield (*path, "who", place, "name"), who["name"], ""


def _signer_faults(path, step, known):
    """The rows that name co-signers must have the columns they are read from."""
    for place, who in enumerate(step["who"]):
        children = {child["key"]: child["type"] for child in known.get(who["rows"], {}).get("fields") or ()}
        wanted = ((who["mail"], "email"), (who["name"], "")) if children else ()
        for name, kind in wanted:
            if name not in children or kind not in ("", children[name]):
                yield DefinitionFault(
                    (*path, "who", place),
                    f"「{who['rows']}」の行に、{kind or '名前'} の項目「{name}」がありません。",
                    "行の fields に書き足すか、名前を直してください。",
                )


def _bill_faults(path, field):
    keys = {child["key"] for child in field["fields"]}
    for name in BILL:
        if name not in keys:
            yield DefinitionFault(
                (*path, "lines"),
                f"「{field['key']}」の行に「{name}」がありません。",
                "請求の明細にする項目には item・qty・fee が要ります。",
            )


def _pool_faults(bundle):
    """A pool's resources are the options of a table, each with its weekdays and its capacity."""
    mend = "uses に choices/… を書き足し、その表に weekdays と capacity の列を置いてください。"
    columns, tables = form_columns(bundle["form"]), Form(bundle["form"]).tables
    for key, pool in bundle["pools"].items():
        path = ("pools", key, "resources")
        if pool["resources"] not in tables:
            yield DefinitionFault(path, f"「{pool['resources']}」という表は uses にありません。", mend)
            continue
        exclusive = pool["mode"] == "exclusive"
        wanted = ("opens", "closes") if exclusive else ("weekdays", "capacity")
        missing = [name for name in wanted if name not in columns[pool["resources"]]]
        if not exclusive and pool["resource"] is None:
            yield DefinitionFault(("pools", key), "どの枠かを決める式がありません。", "resource を書いてください。")
        for name in missing:
            yield DefinitionFault(path, f"表「{pool['resources']}」に「{name}」の列がありません。", mend)
        for option, row in () if missing or exclusive else tables[pool["resources"]].items():
            if not set((row["weekdays"] or "").split()) <= WEEKDAYS:
                yield DefinitionFault(
                    path, f"「{option}」の曜日が読めません。", "mon tue … のように書いてください。"
                )
    for path, _key, step in _steps(bundle):
        if step["type"] == "book" and step["pool"] not in bundle["pools"]:
            yield DefinitionFault(
                (*path, "pool"),
                f"「{step['pool']}」という予約枠はありません。",
                "pools に書き足してください。",
            )


def _name_clashes(bundle):
    fields = {field["key"] for field in bundle["form"]["fields"]}
    for name in sorted(TAKEN & (fields | set(bundle["flow"]["steps"]))):
        yield DefinitionFault(
            ("fields",), f"「{name}」は、書類に出す値の名前として使われています。", "別の名前にしてください。"
        )
    for path, key, step in _steps(bundle):
        if step["type"] in rules.LEAVING and key in fields:
            yield DefinitionFault(
                path, f"「{key}」は項目の名前でもあります。", "段階か項目の名前を変えてください。"
            )


def _refusal_faults(bundle):
    """Who is refused by a decision reads by what law, and how to appeal (行政手続法 第8条、行政不服審査法 第82条)."""
    for path, _key, step in _steps(bundle) if bundle["audience"] == "public" else ():
        refuses = step["type"] == "decide" and any(
            outcome["result"] in ("refused", "granted_in_part") for outcome in step["outcomes"].values()
        )
        if refuses and not (step["legal_basis"] or bundle["legal"]):
            message = "認めない決定ができるのに、根拠（legal_basis）がありません。"
            mend = "根拠の法令や要綱を、この段階の legal_basis か、手続の legal に書いてください。"
            yield DefinitionFault(path, message, mend)
        if refuses and not (step["appeal"] or step.get("no_appeal")):
            yield DefinitionFault(
                path,
                "認めない決定ができるのに、不服申立ての教示（appeal）がありません。",
                "appeal を書いてください。処分に当たらないときは、そのわけを no_appeal に書いてください。",
            )


def _way_faults(bundle):
    """Every step can be reached and left, and nothing spins."""
    steps, start = bundle["flow"]["steps"], bundle["flow"]["start"]
    found = (
        (
            set(steps) - rules.reachable(steps, [start]),
            "へ進む道がありません。",
            "next か outcomes から進めるようにするか、段階を消してください。",
        ),
        (
            rules.endless(steps),
            "から終わりへ進む道がありません。",
            "end の段階へ進めるようにしてください。",
        ),
        (
            rules.spinning(steps),
            "は人の手を経ずに回り続けます。",
            "途中に人が行う段階を入れてください。",
        ),
    )
    for keys, message, mend in found:
        for key in sorted(keys):
            yield DefinitionFault(("flow", "steps", key), f"段階「{key}」{message}", mend)


def asked_types(bundle):
    """The names known when a case is sent: its fields, and for internal procedures who drafts."""
    types = dict(form_types(bundle["form"]))
    if bundle["audience"] == "staff":
        types["drafter"] = f"row{{{','.join(f'{name}:text' for name in DRAFTER)}}}"
    return types


def flow_types(bundle):
    """The names an expression of the flow may use, with their types: the fields, and what each step left."""
    types = asked_types(bundle)
    for _path, key, step in _steps(bundle):
        if step["type"] in rules.LEAVING:
            inner = form_types(step["form"]) if "form" in step else {}
            left = [f"{name}:{kind.rstrip('?')}?" for name, kind in inner.items() if "." not in name]
            left = [one for one in left if not one.startswith("$")]
            types[key] = f"row{{{','.join(['outcome:text?', *left])}}}"
    return types


def _expression_faults(bundle):
    types, asked = flow_types(bundle), asked_types(bundle)
    columns = form_columns(bundle["form"])
    for path, text, wanted in _expressions(bundle):
        known = asked if path[0] in ("pools", "subject") or path == ("flow", "unit") else types
        known = {**known, "case": CASE} if path[3:4] == ("moves",) or path[0] == "handovers" else known
        try:
            found = check(parse(text), known, tables=columns)
        except ExprError as error:
            yield DefinitionFault(path, f"式「{text}」: {error}", getattr(error, "mend", ""))
            continue
        if found.kind not in wanted:
            yield DefinitionFault(
                path,
                f"式「{text}」の答えは {found} ですが、ここには {'・'.join(wanted)} が要ります。",
                "式を直してください。",
            )


def _expressions(bundle):
    """Every expression of the procedure outside its forms, as (path, text, kinds it may give)."""
    if bundle["flow"]["unit"]:
        yield ("flow", "unit"), bundle["flow"]["unit"], TEXTS
    if bundle["subject"]:
        yield ("subject",), bundle["subject"], TEXTS
    for name, text in bundle["file_as"].items():
        if text:
            yield ("file_as", name), text, TEXTS
    if bundle["cancel"]:
        yield ("cancel", "while"), bundle["cancel"]["while"], ("bool",)
    for key, pool in bundle["pools"].items():
        if pool["resource"]:
            yield ("pools", key, "resource"), pool["resource"], TEXTS
        if pool["weight"]:
            yield ("pools", key, "weight"), pool["weight"], ("int",)
    yield from handover_expressions(bundle)
    for path, _key, step in _steps(bundle):
        yield from _expressions_of_step(path, step)
        yield from _expressions_of_route(bundle, path, step)


def _expressions_of_route(bundle, path, step):
    asked = bundle["used"][step["route"]]["inputs"] if step["type"] == "approve" else {}
    for name, text in step["inputs"].items() if asked else ():
        if name in asked:
            yield (*path, "inputs", name), text, ROUTE_INPUTS[asked[name]["type"]]


def _route_faults(bundle):
    """What a route looks at must be given, and nothing else."""
    for path, _key, step in _steps(bundle):
        if step["type"] != "approve":
            continue
        asked = set(bundle["used"][step["route"]]["inputs"])
        for name in sorted(asked - set(step["inputs"])):
            yield DefinitionFault(
                (*path, "inputs"),
                f"決裁ルートが見る「{name}」がありません。",
                f"inputs に「{name}: 式」を書き足してください。",
            )
        for name in sorted(set(step["inputs"]) - asked):
            yield DefinitionFault(
                (*path, "inputs", name), f"決裁ルートは「{name}」を見ません。", "この行を消してください。"
            )


def _expressions_of_step(path, step):
    for name, kinds in WANTED.items():
        if step.get(name):
            yield (*path, name), step[name], kinds
    yield from enter_expressions(path, step)
    if step.get("instalments"):
        yield (*path, "instalments", "count"), step["instalments"]["count"], ("int",)
    for place, branch in enumerate(step["next"] if isinstance(step.get("next"), list) else ()):
        if branch["if"]:
            yield (*path, "next", place, "if"), branch["if"], ("bool",)


def _scenario_faults(bundle):
    """A scenario can only take ways that there are."""
    steps = bundle["flow"]["steps"]
    for place, scenario in enumerate(bundle["tests"]):
        for key, outcome in scenario["take"].items():
            if outcome not in (steps.get(key, {}).get("outcomes") or {}):
                yield DefinitionFault(
                    ("tests", place, "take", key),
                    f"段階「{key}」に「{outcome}」という結果はありません。",
                    "steps にある段階と、その outcomes の名前を書いてください。",
                )


def _document_faults(bundle):
    """What a document shows must exist in the procedure that issues it."""
    types = {
        **flow_types(bundle),
        "case": "row{number:text,reference:text}",
        "decided": "row{result:text?,reasons:text?,conditions:text?,post:text?,on:date?}",
        "said": _said_type(bundle["form"]),
        "approval": APPROVAL,
    }
    columns = form_columns(bundle["form"])
    yield from letter_faults(bundle, types, columns)
    for path, _key, step in _steps(bundle):
        if step["type"] == "issue" and not step["document"].startswith("letter/"):
            document = bundle["used"][step["document"]]
            for fault in check_data(document, types, tables=columns):
                yield DefinitionFault((*path, "document"), f"{step['document']}: {fault.message}", fault.mend)


def _said_type(form):
    """The type of `said`: the fields in words (see `scope.said`)."""
    types, said = form_types(form), []
    for question in Form(form).fields:
        if question.key not in types:
            continue
        kind = types[question.key]
        if question.children:
            options = {child.key for child in question.children if child.options}
            inside = read_type(kind).item.fields
            row = ",".join(f"{name}:{'text?' if name in options else of}" for name, of in inside)
            kind = f"list<row{{{row}}}>"
        said.append(f"{question.key}:{'text?' if question.options else kind}")
    return f"row{{{','.join(said)}}}"
