"""Who else wants to know what happens to cases: told inside the transaction of the command, never outside it."""

from collections.abc import Callable

LISTENERS: list[Callable] = []


def listen(listener):
    """`listener(case, verb, payload)` is called at every event of every case, with the case locked.

    Called in AppConfig.ready. It may write to the outbox (effects) and nothing else; personal data is not given.
    """
    if listener not in LISTENERS:
        LISTENERS.append(listener)


def tell(case, verb, payload):
    """Tell everybody who listens."""
    for listener in LISTENERS:
        listener(case, verb, payload)
