"""States, events and results in the words of staff."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from machi.ground.calendar import today
from machi.ground.languages import pick

STATES = {
    "submitted": (_("送信"), "new"),
    "accepted": (_("受付"), "new"),
    "working": (_("処理中"), "progress"),
    "awaiting_applicant": (_("申請者待ち"), "asked"),
    "awaiting_third_party": (_("照会中"), "asked"),
    "suspended": (_("停止中"), "stopped"),
    "decided": (_("決定済み"), "done"),
    "closed": (_("完了"), "done"),
    "withdrawn": (_("取下げ"), "stopped"),
    "void": (_("抹消"), "stopped"),
}
EVENTS = {
    "submitted": _("申請が届いた"),
    "accepted": _("受け付けた"),
    "step_opened": _("段階に入った"),
    "claimed": _("担当した"),
    "released": _("担当を外れた"),
    "noted": _("メモ"),
    "transferred": _("移送した"),
    "asked": _("補正を求めた"),
    "corrected": _("補正された"),
    "correction_expired": _("補正の期限が過ぎた"),
    "finished": _("段階を終えた"),
    "decided": _("決定した"),
    "issued": _("文書を発行した"),
    "charged": _("請求した"),
    "paid": _("納付された"),
    "booked": _("予約が確定した"),
    "booking_lost": _("予約がとれなかった"),
    "published": _("公開した"),
    "taken_back": _("公開をやめた"),
    "voided": _("抹消した"),
    "reopened": _("再開した"),
    "ended": _("終了した"),
}
RESULTS = {
    "granted": _("認容"),
    "granted_in_part": _("一部認容"),
    "refused": _("不許可・却下"),
    "dismissed": _("参考"),
    "completed": _("完了"),
    "lapsed": _("期限切れ"),
    "cancelled": _("取消し"),
}


def state_chip(case):
    """The state of a case as a chip."""
    label, kind = STATES[case.status]
    if case.result:
        label = RESULTS.get(case.result, label)
    return render_to_string("ui/chip.html", {"label": label, "kind": kind})


def due_chip(due_on):
    """How a due day stands to today: late, today, in so many days."""
    if due_on is None:
        return ""
    left = (due_on - today()).days
    if left < 0:
        return render_to_string(
            "ui/chip.html", {"label": _("%(days)s日超過") % {"days": -left}, "kind": "late"}
        )
    label = _("今日まで") if left == 0 else _("あと%(days)s日") % {"days": left}
    return render_to_string("ui/chip.html", {"label": label, "kind": "asked" if left <= 2 else "plain"})


def step_title(case, key):
    """The title of a step, as its definition has it."""
    return pick(case.definition.bundle["flow"]["steps"].get(key, {}).get("title", key), "ja")


def timeline(case, entries):
    """Events as the `timeline` component takes them, newest first."""
    return [
        {
            "title": _event(case, entry),
            "when": entry.at.astimezone().strftime("%Y-%m-%d %H:%M"),
            "by": entry.actor_name or "",
            "text": _said(entry),
        }
        for entry in reversed(entries)
        if entry.verb in EVENTS
    ]


def _event(case, entry):
    step = entry.payload.get("step")
    words = str(EVENTS[entry.verb])
    return f"{words}: {step_title(case, step)}" if step else words


def _said(entry):
    """The words people wrote with the event."""
    personal = entry.personal or {}
    return next(
        (personal[key] for key in ("text", "message", "reason", "reasons", "note") if personal.get(key)), ""
    )
