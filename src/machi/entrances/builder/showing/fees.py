"""What is paid at a step, and the places that can be booked."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.money import amount_of
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.known import in_force

MONEY = ("yen", "int")


def fee(step, key, questions, typed):
    """The sheet of a fee: how much, where and when."""
    desk = Desk(typed, "set_fee")
    way, yen, answer, text = amount_of(step.get("amount", "0"))
    ways = [
        ("fixed", _("いつも同じ金額")),
        ("answer", _("項目の金額")),
        ("each", _("項目の数 × 金額")),
        ("text", _("式で書く")),
    ]
    sums = [(name, one["label"]) for name, one in questions.items() if one["type"] in MONEY]
    rows = [(name, one["label"]) for name, one in questions.items() if one["type"] == "repeat"]
    parts = step.get("instalments", {})
    controls = [
        desk.select("way", _("金額の決め方"), ways, way),
        desk.text("yen", _("金額（円）"), yen, width=8, inputmode="numeric"),
        desk.select("answer", _("もとになる項目"), sums, answer, blank=_("使わない")),
        desk.text("text", _("式"), text, hint=_("「式で書く」のときだけ使います。")),
        desk.select("lines", _("請求の明細にする項目"), rows, step.get("lines", ""), blank=_("明細は出さない")),
        desk.select("via", _("どこで払うか"), words.options(words.VIA), step.get("via", "counter")),
        desk.tick("wait", _("払うまで、次へ進まない"), on=step.get("wait") == "true"),
        desk.days("due", _("払う期限"), step.get("due"), units=("D", "BD")),
        desk.text(
            "parts",
            _("分ける回数"),
            parts.get("count", ""),
            width=4,
            inputmode="numeric",
            hint=_("分割で払えるときだけ。"),
        ),
        desk.days("every", _("分けるときの間隔"), parts.get("every", "P1M") if parts else "", units=("M", "D")),
    ]
    return Sheet("set_fee", controls, {"key": key}, title=_("金額"))


def new_pool(typed):
    """The sheet that begins a pool from a list of places or times."""
    needs = {"capacity": {"weekdays", "capacity"}, "exclusive": {"opens", "closes"}}
    names = {"capacity": _("日ごとに、定員まで"), "exclusive": _("時間ごとに、一組だけ")}
    tables = [
        {"value": f"{mode} {reference}", "label": label, "group": names[mode]}
        for mode, columns in needs.items()
        for reference, label in in_force("choices", lambda bundle, columns=columns: columns <= set(bundle["columns"]))
    ]
    hint = _("曜日と定員、または開く時刻と閉じる時刻の列がある一覧から選びます。")
    control = Desk(typed, "add_pool").select("resources", _("場所や時間の一覧"), tables, "", hint=hint)
    return Sheet("add_pool", [control], button=_("予約の枠を足す"), quiet=True)


def about_pool(key, pool, questions, typed):
    """The sheet of a pool."""
    desk, window = Desk(typed, "set_pool"), pool.get("open", {})
    hold = pool.get("hold", "PT15M").removeprefix("PT").removesuffix("M")
    controls = [
        *(_by_the_day(desk, pool, questions) if pool.get("mode") != "exclusive" else ()),
        desk.days("from", _("何日後から選べるか"), window.get("from"), units=("D", "BD")),
        desk.days("to", _("何日後まで選べるか"), window.get("to"), units=("D", "BD")),
        desk.text("hold", _("仮の予約の分数"), hold, width=4, inputmode="numeric"),
        desk.select("calendar", _("休みの日"), in_force("calendar"), pool.get("calendar", ""), blank=_("休みなし")),
    ]
    return Sheet("set_pool", controls, {"key": key}, title=_("予約の枠"), drop=("remove_pool", _("この枠を消す")))


def _by_the_day(desk, pool, questions):
    """What only a pool of places a day is asked: which resource, and how many places one takes."""
    hint = keys_hint({name: one for name, one in questions.items() if one["options"]})
    return [
        desk.text("resource", _("どの場所か（項目か式）"), pool.get("resource", ""), hint=hint),
        desk.text("weight", _("一人が使う数（項目か式）"), pool.get("weight", ""), hint=_("空のままなら1です。")),
    ]


def keys_hint(questions):
    """Which key is which question, for those who write an expression."""
    return "、".join(f"{key}＝{one['label']}" for key, one in questions.items())
