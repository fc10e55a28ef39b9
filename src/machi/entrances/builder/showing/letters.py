"""The letters that go out: their words at the left, how they will look at the right."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.letters import labelled
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import japanese
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.known import questions_of

OUTSIDE = ("note", "file", "repeat", "point", "consent")


def show(manuscript, tree, asked, typed):
    """The list, and the chosen letter with what can stand in it."""
    letters = tree.get("letters", {})
    key = typed.get("key") or asked.get("letter", "")
    key = key if key in letters else next(iter(letters), "")
    labels = names(manuscript, tree)
    ready = manuscript.bundle and f"letter/{key}" in manuscript.bundle["used"]
    return {
        "letters": [{"key": one, "title": japanese(said.get("title"))} for one, said in letters.items()],
        "letter": key,
        "sheet": _sheet(key, letters[key], labels, typed) if key else None,
        "places": [f"{{{label}}}" for label in labels.values()],
        "ready": ready,
        "unused": bool(key) and all(one.get("document") != f"letter/{key}" for one in steps_of(tree).values()),
        "new": _new(typed),
    }


def names(manuscript, tree):
    """{key: label} of what can stand in a letter; a label that two have is written as the key."""
    asked = {key: one["label"] for key, one in questions_of(manuscript, tree).items() if one["type"] not in OUTSIDE}
    asked |= {
        "case.number": _("受付番号"),
        "decided.reasons": _("決定の理由"),
        "decided.conditions": _("決定の条件"),
        "decided.on": _("決定した日"),
    }
    said = list(asked.values())
    return {key: label if label and said.count(label) == 1 else key for key, label in asked.items()}


def _sheet(key, letter, labels, typed):
    desk = Desk(typed, "set_letter")
    hint = _("答えを入れるところは、{ } で囲んで、下にある言葉を書きます。空いた行で段落が変わります。")
    controls = [
        desk.texts("title", _("文書の名前"), letter.get("title")),
        desk.text("to", _("宛名（「様」は付きます）"), labelled(letter.get("to", ""), labels)),
        desk.area("body", _("本文"), labelled(letter.get("body", ""), labels), rows=10, hint=hint),
        desk.ticks("facts", _("下に並べる答え"), labels.items(), letter.get("facts", [])),
        desk.text(
            "by", _("だれの名で出すか（市の名前は付きます）"), letter.get("by", ""), hint=_("空のままなら市長です。")
        ),
        desk.text("number_format", _("文書番号の形"), letter.get("number", {}).get("format", "")),
    ]
    hidden = {"key": key}
    offered = {f"as:{name}": label for name, label in labels.items()}
    return Sheet("set_letter", controls, hidden, drop=("remove_letter", _("この文書を消す")), besides=offered)


def _new(typed):
    control = Desk(typed, "add_letter").text(
        "title", _("新しい文書の名前"), "", hint=_("例: 承認通知書"), id="new-letter"
    )
    return Sheet("add_letter", [control], button=_("文書を足す"), quiet=True)
