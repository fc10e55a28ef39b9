"""What can be wrong with the period in which applications are taken."""

from machi.engines.definitions.define import DefinitionFault
from machi.engines.procedures.period import moment_of, window


def period_faults(bundle):
    """Days that are none, and an end before the beginning."""
    said = bundle.get("period") or {}
    for name in ("opens", "closes"):
        try:
            moment_of(said.get(name))
        except ValueError:
            mend = "「2026-04-01」か「2026-04-01T08:30」のように書いてください。"
            yield DefinitionFault(("period", name), f"「{said[name]}」という日時はありません。", mend)
            return
    opens, closes = window(bundle)
    if opens and closes and closes <= opens:
        mend = "終わりを、始まりより後にしてください。"
        yield DefinitionFault(("period", "closes"), "受付の終わりが、始まりより前です。", mend)
