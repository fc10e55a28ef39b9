"""The lists that a step holds: who signs, who reads, what is entered in the books."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.places import addresses, steps_of
from machi.entrances.builder.operations.words import japanese
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.kinds import MONEY, TEXTS
from machi.entrances.builder.showing.known import moves, posts, values


def listed(tree, key, questions, typed):
    """{title, sheets, drops, new} of the list of a step, or None: sheets change a line, drops take one away."""
    maker = _MAKERS.get(steps_of(tree)[key].get("type"))
    return maker(tree, key, questions, typed) if maker else None


def _signers(tree, key, questions, typed):
    desk = Desk(typed, "add_signer")
    labels = {address: japanese(one.get("label")) for address, one in addresses(tree)}
    labels |= {name: one["label"] for name, one in questions.items()}
    drops = [
        ("remove_signer", str(number), _("「%(name)s」を消す") % {"name": _signer(one, labels)})
        for number, one in enumerate(steps_of(tree)[key].get("who", []))
    ]
    controls = [
        desk.select("role", _("どんな人か"), words.options(words.ROLES), "cosigner"),
        desk.select("mail", _("その人のメールの項目"), _people(tree, questions, ("email",)), ""),
        desk.select("name", _("その人の氏名の項目"), _people(tree, questions, ("name", "text")), ""),
    ]
    new = Sheet("add_signer", controls, {"key": key}, button=_("同意する人を足す"), quiet=True)
    return {"title": _("同意する人"), "sheets": [], "drops": drops, "new": new}


def _signer(one, labels):
    address = f"{one['rows']}.{one['name']}" if one.get("rows") else one.get("name", "")
    return f"{words.ROLES.get(one.get('role', 'cosigner'))}: {labels.get(address, address)}"


def _people(tree, questions, kinds):
    """Questions of these types, those inside a repeated one too."""
    plain = [(key, one["label"]) for key, one in questions.items() if one["type"] in kinds]
    inside = [
        (address, f"{questions.get(address.partition('.')[0], {}).get('label', '')}: {japanese(one.get('label'))}")
        for address, one in addresses(tree)
        if "." in address and "/" not in address and one.get("type") in kinds
    ]
    return [*plain, *inside]


def _readers(tree, key, _questions, typed):
    listed_posts = posts()
    titles = {one["value"]: f"{one['group']} {one['label']}" for one in listed_posts}
    drops = [
        ("remove_reader", str(number), _("「%(name)s」を消す") % {"name": titles.get(post, post)})
        for number, post in enumerate(steps_of(tree)[key].get("to", []))
    ]
    control = Desk(typed, "add_reader").select("post", _("読む人の職"), listed_posts, "")
    new = Sheet("add_reader", [control], {"key": key}, button=_("読む人を足す"), quiet=True)
    return {"title": _("読む人"), "sheets": [], "drops": drops, "new": new}


def _entries(tree, key, questions, typed):
    step = steps_of(tree)[key]
    sheets = [_entry(tree, key, questions, typed, number, one) for number, one in enumerate(step.get("moves", []))]
    controls = _move(Desk(typed, "add_move"), tree, questions, {})
    new = Sheet("add_move", controls, {"key": key}, button=_("記入を足す"), quiet=True)
    return {"title": _("記入すること"), "sheets": sheets, "drops": [], "new": new}


def _entry(tree, key, questions, typed, number, move):
    desk = Desk(typed if typed.get("number") == str(number) else {}, "set_move")
    opens = move.get("opens") or {}
    words_of = list(values(tree, questions, TEXTS))
    accounts = [*values(tree, questions, ("account",)), ("case.number", _("受付番号"))]
    controls = [
        *_move(desk, tree, questions, move),
        *desk.picks("opens", _("新しく開く口座の名前"), words_of, opens.get("title", ""), blank=_("開かない")),
        *desk.picks("of", _("もとになる口座"), accounts, opens.get("of", ""), blank=_("使わない")),
    ]
    drop = ("remove_move", _("この記入を消す"))
    return Sheet("set_move", controls, {"key": key, "number": number}, drop=drop)


def _move(desk, tree, questions, move):
    accounts = [*values(tree, questions, ("account",)), ("case.number", _("受付番号"))]
    chosen = f"{move.get('book', '')} {move.get('move', '')}".strip()
    return [
        desk.select("move", _("帳簿と動き"), list(moves()), chosen),
        *desk.picks("account", _("どの口座か"), accounts, move.get("account", "")),
        *desk.picks("amount", _("いくらか"), list(values(tree, questions, MONEY)), move.get("amount", "")),
    ]


_MAKERS = {"cosign": _signers, "acknowledge": _readers, "enter": _entries}
