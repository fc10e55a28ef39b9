"""What money that came and went means. Pure."""

STAGES = ("created", "pending", "failed", "captured", "refunded")
METHODS = ("cash", "card", "code", "transfer", "voucher")
VIAS = ("counter", "collection", "delivery")


def later(now, reported):
    """The stage of an attempt after a report: it only goes forward, so a late "captured" wins over
    "failed".
    """
    return max(now, reported, key=STAGES.index)


def balance(attempts):
    """Yen that stay with the city: all that was captured less all that was refunded. Attempts do not
    count.
    """
    return sum(amount for stage, amount in attempts if stage == "captured")


def state_of(*, amount, called_off, attempts):
    """The state of a charge of `amount` yen, from its attempts ((stage, yen) pairs).

    `called_off` is "", "cancelled" or "waived". Money that arrives for a charge that was called off must go
    back: it never vanishes.
    """
    kept = balance(attempts)
    if not called_off:
        return "paid" if kept >= amount else "due"
    if kept:
        return "refund_due"
    return "refunded" if any(stage == "refunded" for stage, _yen in attempts) else called_off


def add_up(lines):
    """The yen that bill lines come to. Raises ValueError when a line does not multiply or is negative."""
    for line in lines:
        if line["amount"] != line["quantity"] * line["unit_price"] or line["amount"] < 0:
            message = f"this line does not add up: {line!r}"
            raise ValueError(message)
    return sum(line["amount"] for line in lines)
