"""What only one kind of step is asked."""

from django.utils.translation import gettext as _

from machi.engines.definitions import public as definitions
from machi.entrances.builder.operations import flow as acts
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import japanese
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.known import in_force, values

TEXTS = ("text", "longtext", "choice", "name", "code")
MONEY = ("yen", "int")


def chosen(desk, tree, key, questions):
    """The controls that this kind of step has besides those of all steps."""
    step = steps_of(tree)[key]
    maker = _MAKERS.get(step.get("type"))
    return maker(desk, tree, step, questions) if maker else []


def _select(desk, step, name, label, options, **more):
    return desk.select(name, label, options, step.get(name, ""), **more)


def _picks(desk, step, name, label, options, **more):
    return desk.picks(name, label, list(options), step.get(name, ""), **more)


def _asked(questions):
    return [(key, one["label"]) for key, one in questions.items() if one["type"] != "note" and "." not in key]


def _issue(desk, tree, step, _questions):
    own = [
        {"value": f"letter/{key}", "label": japanese(one.get("title")), "group": _("この手続の文書")}
        for key, one in tree.get("letters", {}).items()
    ]
    city = [{"value": key, "label": label, "group": _("市の文書")} for key, label in in_force("document")]
    return [_select(desk, step, "document", _("発行する文書"), [*own, *city])]


def _notify(desk, _tree, step, _questions):
    return [_select(desk, step, "notice", _("送るお知らせ"), in_force("notice"))]


def _end(desk, _tree, step, _questions):
    return [
        _select(desk, step, "result", _("終わり方"), words.options(words.RESULTS, acts.ENDS)),
        _select(desk, step, "notice", _("送るお知らせ"), in_force("notice"), blank=_("送らない")),
    ]


def _book(desk, tree, step, _questions):
    pools = [(key, japanese(one.get("label")) or key) for key, one in tree.get("pools", {}).items()]
    return [_select(desk, step, "pool", _("予約の枠"), pools)]


def _wait(desk, tree, step, questions):
    until = _picks(desk, step, "until", _("いつまで待つか"), values(tree, questions, ("date",)))
    sealed = desk.ticks("seals", _("その日まで、だれにも見せない項目"), _asked(questions), step.get("seals", []))
    return [*until, sealed]


def _task(desk, tree, step, questions):
    label = _("この日になるまで始めない")
    return _picks(desk, step, "opens", label, values(tree, questions, ("date",)), blank=_("すぐに始める"))


def _decide(desk, _tree, step, _questions):
    return [
        desk.texts("legal_basis", _("決定の根拠"), step.get("legal_basis")),
        desk.texts("appeal", _("不服申立ての案内（教示）"), step.get("appeal"), rows=3),
        desk.text("no_appeal_ja", _("教示が要らないときは、そのわけ"), japanese(step.get("no_appeal"))),
    ]


def _ask(desk, tree, step, questions):
    days = values(tree, questions, ("date",))
    return [
        desk.ticks("fields", _("もう一度聞く項目"), _asked(questions), step.get("fields", [])),
        desk.texts("reason", _("聞く理由"), step.get("reason"), rows=2),
        desk.days("due", _("いつまで待つか"), step.get("due"), units=("D", "BD")),
        *_picks(desk, step, "by", _("この日まで待つ（そのほうが遅いとき）"), days, blank=_("使わない")),
        _select(desk, step, "notice", _("聞くときのお知らせ"), in_force("notice"), blank=_("補正を求めるときと同じ")),
    ]


def _cosign(desk, _tree, step, questions):
    notices = in_force("notice")
    return [
        desk.ticks("show", _("同意する人に見せる項目"), _asked(questions), step.get("show", [])),
        desk.texts("statement", _("同意する文"), step.get("statement"), rows=2),
        _select(desk, step, "need", _("何人の同意が要るか"), words.options(words.NEEDS)),
        desk.days("due", _("いつまで待つか"), step.get("due", "P14D"), units=("D", "BD")),
        desk.select("notice", _("頼むときのお知らせ"), notices, step.get("notice", "notice/general.cosign")),
    ]


def _acknowledge(desk, tree, step, questions):
    return [
        *_picks(
            desk, step, "units", _("回す課を答えた項目"), values(tree, questions, ("choices",)), blank=_("使わない")
        ),
        desk.tick("wait", _("全員が読むまで、次へ進まない"), on=step.get("wait") == "true"),
        desk.days("due", _("いつまでに読むか"), step.get("due")),
    ]


def _attend(desk, tree, step, questions):
    def picks(name, label, kinds, **more):
        return _picks(desk, step, name, label, values(tree, questions, kinds), **more)

    return [
        _select(desk, step, "mark", _("何として記録するか"), words.options(words.MARKS)),
        *picks("first", _("初めの日"), ("date",)),
        *picks("last", _("終わりの日"), ("date",), blank=_("その日だけ")),
        *picks("starts", _("始まりの時刻"), ("text",), blank=_("1日すべて")),
        *picks("ends", _("終わりの時刻"), ("text",), blank=_("1日すべて")),
        *picks("label", _("出勤簿に出す言葉"), TEXTS, hint=_("決まった言葉なら、式に '休暇' のように書きます。")),
    ]


def _publish(desk, tree, step, questions):
    labels = {"question": _("公表する見出し"), "answer": _("公表する本文"), "topic": _("公表する分野")}
    return [
        control
        for name, label in labels.items()
        for control in _picks(desk, step, name, label, values(tree, questions, TEXTS))
    ]


def _approve(desk, tree, step, questions):
    sealed = desk.ticks(
        "seal", _("変えたら決裁をやり直す項目"), _asked(questions), step.get("seal", []),
        hint=_("一つも選ばないと、すべての項目です。"),
    )  # fmt: skip
    return [
        _select(desk, step, "route", _("決裁ルート"), in_force("route")),
        *_inputs(desk, tree, step, questions),
        sealed,
    ]


def _inputs(desk, tree, step, questions):
    """What the route looks at: a fixed choice, or the answer that says it."""
    version = definitions.current(*step.get("route", "/").split("/", 1))
    for name, one in version.bundle["inputs"].items() if version else ():
        label = _("決裁ルートが見る「%(name)s」") % {"name": japanese(one.get("label")) or name}
        options = [*_fixed(one), *values(tree, questions, _KINDS[one["type"]])]
        yield from desk.picks(f"input:{name}", label, options, step.get("inputs", {}).get(name, ""))


def _fixed(asked):
    if asked["type"] == "bool":
        return [("true", _("はい")), ("false", _("いいえ"))]
    return [(f"'{key}'", japanese(label)) for key, label in (asked.get("options") or {}).items()]


_KINDS = {"choice": ("choice",), "yen": MONEY, "int": ("int",), "bool": ("bool",)}
_MAKERS = {
    "issue": _issue, "notify": _notify, "end": _end, "book": _book, "wait": _wait, "task": _task, "decide": _decide,
    "ask_applicant": _ask, "cosign": _cosign, "acknowledge": _acknowledge, "attend": _attend, "publish": _publish,
    "approve": _approve,
}  # fmt: skip
