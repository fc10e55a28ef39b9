"""What can be wrong with a step that makes entries: the moves it names must be there, and have an account."""

from machi.engines.definitions.define import DefinitionFault

CASE = "row{number:text,reference:text}"


def enter_faults(bundle):
    """The faults of the steps of type `enter`."""
    for key, step in bundle["flow"]["steps"].items():
        if step["type"] == "enter":
            yield from _faults(bundle, ("flow", "steps", key), step)


def _faults(bundle, path, step):
    if bool(step["moves"]) == bool(step["undo"]):
        yield DefinitionFault(path, "記帳することがありません。", "moves か undo のどちらか一つを書いてください。")
    if step["moves"] and "short" not in step["outcomes"]:
        mend = "outcomes に「short: 段階の名前」を書き足してください。"
        yield DefinitionFault((*path, "outcomes"), "残りが足りないときの行き先がありません。", mend)
    for place, one in enumerate(step["moves"]):
        book = bundle["used"][one["book"]]
        if one["move"] not in book.get("moves", {}):
            mend = f"帳簿「{book['title']['ja']}」にある動きを書いてください（{'、'.join(book.get('moves', {}))}）。"
            yield DefinitionFault((*path, "moves", place, "move"), f"「{one['move']}」という動きはありません。", mend)
    for place, key in enumerate(step["undo"]):
        if bundle["flow"]["steps"].get(key, {}).get("type") != "enter":
            mend = "type が enter の段階の名前を書いてください。"
            yield DefinitionFault((*path, "undo", place), f"「{key}」は記帳の段階ではありません。", mend)


def enter_expressions(path, step):
    """(path, text, kinds) of the expressions of a step's moves."""
    for place, one in enumerate(step.get("moves") or ()):
        at = (*path, "moves", place)
        yield (*at, "account"), one["account"], ("text", "choice")
        yield (*at, "amount"), one["amount"], ("yen", "int")
        if one["opens"]:
            yield (*at, "opens", "title"), one["opens"]["title"], ("text", "choice")
        if one["opens"] and one["opens"]["of"]:
            yield (*at, "opens", "of"), one["opens"]["of"], ("text", "choice")
