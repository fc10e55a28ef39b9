"""What can be wrong with a handover: the step it lists cases at, what it gives away, who pays."""

from machi.engines.definitions.define import DefinitionFault

CONSIGNER = ("code", "name", "bank", "branch", "deposit", "account")
TEXTS = ("text", "choice")
WRITABLE = (*TEXTS, "int", "yen", "decimal", "date", "bool")


def handover_faults(bundle):
    """A handover lists cases at a step that there is, and says what; a transfer says who pays."""
    for key, handover in bundle["handovers"].items():
        if handover["step"] not in bundle["flow"]["steps"]:
            yield DefinitionFault(
                ("handovers", key, "step"),
                f"「{handover['step']}」という段階はありません。",
                "steps にある段階の名前を書いてください。",
            )
        if bool(handover["columns"]) == bool(handover["transfer"]):
            mend = "columns か transfer のどちらか一つを書いてください。"
            yield DefinitionFault(("handovers", key), "何を渡すかが決まりません。", mend)
        consigner = handover["transfer"] and handover["transfer"]["consigner"]
        missing = [name for name in CONSIGNER if consigner and consigner.get(name) not in bundle["settings"]]
        if missing:
            mend = "settings に書き足して、その名前を書いてください。"
            yield DefinitionFault(
                ("handovers", key, "transfer", "consigner"), f"設定がありません: {'、'.join(missing)}。", mend
            )


def handover_expressions(bundle):
    """Every expression of the handovers, as (path, text, kinds it may give)."""
    for key, handover in bundle["handovers"].items():
        for heading, text in handover["columns"].items():
            yield ("handovers", key, "columns", heading), text, WRITABLE
        for name, text in (handover["transfer"] or {}).items():
            if name != "consigner":
                kinds = ("yen", "int") if name == "amount" else TEXTS
                yield ("handovers", key, "transfer", name), text, kinds
