"""Making papers after the transaction that drew their numbers."""

from machi.engines.documents.actions import PRINT, make
from machi.engines.documents.typesetting import DocumentFault
from machi.engines.effects.define import Done, Fatal, Port


def execute(effect):
    """Make one paper. A template that fails is a person's to look at: trying again would not help."""
    try:
        make(document_id=effect.payload["document"])
    except DocumentFault as fault:
        return Fatal(fault.message)
    return Done()


PORT = Port(name=PRINT, execute=execute)
