"""The letters of a procedure as documents, and what can be wrong in their words."""

import re

from machi.engines.definitions.define import DefinitionFault
from machi.engines.documents.public import check_data, letter, places
from machi.ground.languages import pick

_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
CASE_WORDS = {
    "case.number": "受付番号",
    "decided.reasons": "決定の理由",
    "decided.conditions": "決定の条件",
    "decided.on": "決定した日",
}


def compile_letters(model, form):
    """{"letter/<key>": the document} of every letter of `model`."""
    labels = {field["key"]: pick(field["label"], "ja") for field in form["fields"]} | CASE_WORDS
    return {f"letter/{key}": _compiled(f"{model.code}.{key}", one, labels) for key, one in model.letters.items()}


def _compiled(code, said, labels):
    mentioned = [key for key in places(f"{said.to} {said.body}") if _PATH.fullmatch(key)]
    shown = {key: (_expression(key), labels.get(key, key)) for key in dict.fromkeys([*mentioned, *said.facts])}
    return letter(
        code=code,
        title=dict(said.title),
        number=said.number.model_dump(),
        words={"to": said.to, "body": said.body, "by": said.by},
        facts={key: labels.get(key, key) for key in said.facts},
        shown=shown,
    )


def _expression(key):
    """An answer of the form as people read it; what a step or the case itself says, as it is."""
    return key if "." in key else f"said.{key}"


def letter_faults(bundle, types, tables):
    """Words in braces that stand for nothing there is; steps that issue a letter that is not there."""
    for key, said in bundle["letters"].items():
        for place in places(f"{said['to']} {said['body']}"):
            if not _PATH.fullmatch(place):
                yield _unknown(("letters", key, "body"), place)
        for fault in check_data(bundle["used"][f"letter/{key}"], types, tables=tables):
            name = fault.path[-1]
            yield _unknown(("letters", key, "facts" if name[1:] in said["facts"] else "body"), name.removeprefix("="))


def _unknown(path, place):
    mend = "質問にある項目の名前を、{ } の中に書いてください。"
    return DefinitionFault(path, f"「{{{place}}}」に当たる項目はありません。", mend)


def missing_letters(bundle):
    """Steps that issue a letter that the procedure does not have."""
    for key, step in bundle["flow"]["steps"].items():
        if step["type"] == "issue" and step["document"] not in bundle["used"]:
            mend = "letters に書き足すか、別の文書を選んでください。"
            path = ("flow", "steps", key, "document")
            yield DefinitionFault(path, f"「{step['document']}」という文書はありません。", mend)
