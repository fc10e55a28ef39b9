"""From a book to its bundle: every place and column it names must be there."""

from string import Formatter

from machi.engines.definitions.define import DefinitionFault
from machi.engines.ledger.define import OUTSIDE


def compile_book(model, resolver):
    """The bundle of a Book. Raises DefinitionFault; all faults but the first go to `resolver.report`."""
    bundle = model.model_dump(mode="json", by_alias=True)
    faults = [*_move_faults(bundle), *_sheet_faults(bundle), *_closing_faults(bundle)]
    for fault in faults[1:]:
        resolver.report(fault)
    if faults:
        raise faults[0]
    return bundle


def _move_faults(bundle):
    known = {OUTSIDE, *bundle["places"]}
    if OUTSIDE in bundle["places"]:
        yield DefinitionFault(("places", OUTSIDE), "outside は帳簿の外のことです。", "別の名前にしてください。")
    for name, move in bundle["moves"].items():
        for end in ("from", "to"):
            if move[end] not in known:
                mend = f"places にある名前か outside を書いてください（{'、'.join(bundle['places'])}）。"
                yield DefinitionFault(("moves", name, end), f"「{move[end]}」という置き場所はありません。", mend)
        if move["from"] == move["to"]:
            yield DefinitionFault(("moves", name), "同じ所へは動かせません。", "from か to を直してください。")


def _sheet_faults(bundle):
    sheet = bundle["sheet"]
    if sheet is None:
        return
    for heading, move in sheet["amounts"].items():
        if move not in bundle["moves"]:
            path = ("sheet", "amounts", heading)
            yield DefinitionFault(path, f"「{move}」という動きはありません。", "moves にある名前を書いてください。")
    for name in sheet["columns"]:
        if name not in bundle["columns"]:
            path = ("sheet", "columns", name)
            yield DefinitionFault(path, f"「{name}」という列はありません。", "columns に書き足してください。")
    for name in ("code", "title"):
        for _text, key, _format, _conversion in Formatter().parse(sheet[name]):
            if key is not None and key not in ("period", *sheet["columns"]):
                mend = "period か sheet の columns にある名前を書いてください。"
                yield DefinitionFault(("sheet", name), f"「{key}」という列は読みません。", mend)


def _closing_faults(bundle):
    for number, place in enumerate(bundle["closing"]["empty"] if bundle["closing"] else ()):
        if place not in bundle["places"]:
            mend = f"places にある名前を書いてください（{'、'.join(bundle['places'])}）。"
            yield DefinitionFault(("closing", "empty", number), f"「{place}」という置き場所はありません。", mend)
