"""States, events and results in the words of staff."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.engines.procedures import public as procedures
from machi.ground.calendar import TOKYO, today
from machi.ground.languages import pick

STATES = {
    "submitted": (gettext_lazy("送信"), "new"),
    "accepted": (gettext_lazy("受付"), "new"),
    "working": (gettext_lazy("処理中"), "progress"),
    "awaiting_applicant": (gettext_lazy("申請者待ち"), "asked"),
    "awaiting_third_party": (gettext_lazy("同意・照会待ち"), "asked"),
    "suspended": (gettext_lazy("停止中"), "stopped"),
    "decided": (gettext_lazy("決定済み"), "done"),
    "closed": (gettext_lazy("完了"), "done"),
    "withdrawn": (gettext_lazy("取下げ"), "stopped"),
    "void": (gettext_lazy("抹消"), "stopped"),
}
EVENTS = {
    "submitted": gettext_lazy("申請が届いた"),
    "accepted": gettext_lazy("受け付けた"),
    "step_opened": gettext_lazy("段階に入った"),
    "claimed": gettext_lazy("担当した"),
    "released": gettext_lazy("担当を外れた"),
    "noted": gettext_lazy("メモ"),
    "scanned": gettext_lazy("紙の申請書を読み取って入れた"),
    "transferred": gettext_lazy("移送した"),
    "asked": gettext_lazy("補正を求めた"),
    "corrected": gettext_lazy("補正された"),
    "correction_expired": gettext_lazy("補正の期限が過ぎた"),
    "reminded": gettext_lazy("期限の前に知らせた"),
    "escalated": gettext_lazy("期限を過ぎ、課の長に知らせた"),
    "cosign_asked": gettext_lazy("同意を求めた"),
    "consented": gettext_lazy("同意した"),
    "refused": gettext_lazy("同意しなかった"),
    "cosign_readdressed": gettext_lazy("同意のお願いを送り直した"),
    "cosign_expired": gettext_lazy("同意の期限が過ぎた"),
    "cosign_renewed": gettext_lazy("内容が変わり、同意を取り直す"),
    "merged": gettext_lazy("ほかの案件にまとめた"),
    "merged_here": gettext_lazy("ほかの案件をここにまとめた"),
    "unmerged": gettext_lazy("まとめるのをやめた"),
    "joined_group": gettext_lazy("まとまりに入れた"),
    "left_group": gettext_lazy("まとまりから外した"),
    "linked": gettext_lazy("関係する案件とした"),
    "unlinked": gettext_lazy("関係を外した"),
    "marked": gettext_lazy("決裁の記録"),
    "circulated": gettext_lazy("供覧に回した"),
    "approval_renewed": gettext_lazy("内容が変わり、決裁をやり直した"),
    "finished": gettext_lazy("段階を終えた"),
    "decided": gettext_lazy("決定した"),
    "issued": gettext_lazy("文書を発行した"),
    "document_withdrawn": gettext_lazy("文書を取り消した"),
    "charged": gettext_lazy("請求した"),
    "paid": gettext_lazy("納付された"),
    "booked": gettext_lazy("予約が確定した"),
    "booking_lost": gettext_lazy("予約がとれなかった"),
    "entered": gettext_lazy("記帳した"),
    "attended": gettext_lazy("勤怠に記録した"),
    "entry_short": gettext_lazy("残りが足りず、記帳できなかった"),
    "published": gettext_lazy("公開した"),
    "taken_back": gettext_lazy("公開をやめた"),
    "voided": gettext_lazy("抹消した"),
    "reopened": gettext_lazy("再開した"),
    "audit.shredded": gettext_lazy("保存期間が終わり、廃棄した"),
    "ended": gettext_lazy("終了した"),
    "notices.resend": gettext_lazy("お知らせを送り直した"),
    "notices.mark_sent": gettext_lazy("お知らせを届いたものとした"),
}
MARKED = {
    "approve": gettext_lazy("承認・同意した"),
    "disagree": gettext_lazy("同意しなかった"),
    "send_back": gettext_lazy("差し戻した"),
    "reject": gettext_lazy("否決した"),
    "hold": gettext_lazy("保留にした"),
    "acknowledge": gettext_lazy("読んだ"),
    "pull_up": gettext_lazy("引き上げて承認した"),
    "recall": gettext_lazy("引き戻した"),
    "reroute": gettext_lazy("決裁ルートを変えた"),
    "add": gettext_lazy("合議・供覧を加えた"),
    "remove": gettext_lazy("加えた番を外した"),
}
RESULTS = {
    "granted": gettext_lazy("認容"),
    "granted_in_part": gettext_lazy("一部認容"),
    "refused": gettext_lazy("不許可・却下"),
    "dismissed": gettext_lazy("参考"),
    "completed": gettext_lazy("完了"),
    "lapsed": gettext_lazy("期限切れ"),
    "cancelled": gettext_lazy("取消し"),
    "merged": gettext_lazy("ほかにまとめた"),
}
GROUPS = {
    "visit": gettext_lazy("一回の来庁"),
    "event": gettext_lazy("一つの出来事"),
    "household": gettext_lazy("一つの世帯"),
    "other": gettext_lazy("その他のまとまり"),
}
CHANGES = {
    "submit": gettext_lazy("申請が届きました"),
    "correct": gettext_lazy("補正が届きました"),
    "withdraw": gettext_lazy("申請者が取り下げました"),
    "consent": gettext_lazy("同意が届きました"),
    "refuse_consent": gettext_lazy("同意しないと答えがありました"),
    "merge": gettext_lazy("ほかの案件にまとめられました"),
    "transfer": gettext_lazy("移送されました"),
    "reopen": gettext_lazy("再開されました"),
    "fire": gettext_lazy("期限が来ました"),
    "void": gettext_lazy("抹消されました"),
}
CHARGES = {
    "due": (gettext_lazy("未納"), "asked"),
    "paid": (gettext_lazy("納付済み"), "done"),
    "cancelled": (gettext_lazy("取消し"), "stopped"),
    "refund_due": (gettext_lazy("還付が必要"), "late"),
    "refunded": (gettext_lazy("還付済み"), "done"),
    "waived": (gettext_lazy("免除"), "stopped"),
}
BOOKINGS = {
    "held": (gettext_lazy("仮押さえ"), "asked"),
    "confirmed": (gettext_lazy("確定"), "done"),
    "released": (gettext_lazy("取消し"), "stopped"),
    "expired": (gettext_lazy("期限切れ"), "stopped"),
}
DOCUMENTS = {
    "valid": (gettext_lazy("有効"), "done"),
    "withdrawn": (gettext_lazy("取消し"), "late"),
    "superseded": (gettext_lazy("差し替え済み"), "stopped"),
}
DELIVERIES = {
    "created": gettext_lazy("送信待ち"),
    "sending": gettext_lazy("送信中"),
    "sent": gettext_lazy("送信済み"),
    "failed": gettext_lazy("送れなかった"),
    "unknown": gettext_lazy("届いたかどうか不明"),
}
ABSENCE_KINDS = {
    "leave": gettext_lazy("休暇"),
    "trip": gettext_lazy("出張"),
    "training": gettext_lazy("研修"),
    "other": gettext_lazy("そのほか"),
}
EMPLOYMENTS = {
    "regular": gettext_lazy("常勤職員"),
    "fiscal_year": gettext_lazy("会計年度任用職員"),
    "reappointed": gettext_lazy("再任用職員"),
}
MARKS = {
    "corrected": gettext_lazy("打刻の訂正"),
    "leave": gettext_lazy("休暇"),
    "overtime": gettext_lazy("時間外"),
    "travel": gettext_lazy("出張"),
    "telework": gettext_lazy("テレワーク"),
}
KINDS = {
    "procedure": gettext_lazy("手続"),
    "guide": gettext_lazy("手続ガイド"),
    "choices": gettext_lazy("選択肢"),
    "notice": gettext_lazy("お知らせの文"),
    "document": gettext_lazy("文書"),
    "calendar": gettext_lazy("カレンダー"),
    "route": gettext_lazy("決裁ルート"),
    "intake": gettext_lazy("申請データの読み方"),
    "fragment": gettext_lazy("共通の項目"),
    "file_plan": gettext_lazy("ファイル基準表"),
    "organisation": gettext_lazy("組織"),
    "city": gettext_lazy("市の情報"),
    "book": gettext_lazy("帳簿"),
}
DONE = {
    "claim": gettext_lazy("担当になりました。"),
    "release": gettext_lazy("担当を外れました。"),
    "note": gettext_lazy("メモを記録しました。"),
    "transfer": gettext_lazy("移送しました。"),
    "ask_correction": gettext_lazy("申請者に補正を求めました。"),
    "complete": gettext_lazy("この段階を終えました。"),
    "decide": gettext_lazy("決定しました。"),
    "void": gettext_lazy("抹消しました。"),
    "reopen": gettext_lazy("再開しました。"),
    "consent_on_paper": gettext_lazy("同意書を受け取ったことを記録しました。"),
    "merge": gettext_lazy("まとめました。申請した人に知らせました。"),
    "unmerge": gettext_lazy("まとめるのをやめました。この案件はまた進みます。"),
    "link": gettext_lazy("関係する案件としました。"),
    "unlink": gettext_lazy("関係を外しました。"),
    "take_payment": gettext_lazy("納付を記録しました。"),
    "take_back": gettext_lazy("公開をやめました。"),
    "withdraw_document": gettext_lazy("文書を取り消しました。"),
    "approve": gettext_lazy("承認・同意しました。"),
    "disagree": gettext_lazy("不同意として、起案した人に戻しました。"),
    "send_back": gettext_lazy("差し戻しました。"),
    "reject": gettext_lazy("否決しました。"),
    "hold": gettext_lazy("保留にしました。"),
    "acknowledge": gettext_lazy("読んだことを記録しました。"),
    "pull_up": gettext_lazy("引き上げて承認しました。"),
    "recall": gettext_lazy("引き戻しました。"),
    "reroute": gettext_lazy("決裁ルートを変えました。"),
    "add_place": gettext_lazy("加えました。番が来たら、その人に知らせます。"),
    "remove_place": gettext_lazy("外しました。"),
}


def chip(words):
    """A (label, kind) pair as a chip."""
    return render_to_string("ui/chip.html", {"label": words[0], "kind": words[1]})


def state_chip(case):
    """The state of a case as a chip; an ended case shows its result."""
    if case.destroyed_at:
        return chip((_("廃棄済み"), "stopped"))
    label, kind = STATES[case.status]
    if case.result and case.status in ("closed", "decided"):
        label = RESULTS.get(case.result, label)
        kind = "stopped" if case.result in ("refused", "lapsed") else kind
    return chip((label, kind))


def due_chip(due_on):
    """How a due day stands to today: late, today, in so many days."""
    if due_on is None:
        return ""
    left = (due_on - today()).days
    if left < 0:
        return chip((_("%(days)s日超過") % {"days": -left}, "late"))
    label = _("今日まで") if left == 0 else _("あと%(days)s日") % {"days": left}
    return chip((label, "asked" if left <= 2 else "plain"))


def clock_words(case):
    """How long the case has taken, and how much of it counts: the days in which others were waited for do not."""
    clock = procedures.clock_of(case)
    words = {"elapsed": clock.elapsed, "counted": clock.counted, "stopped": clock.stopped}
    said = _("開庁日で %(counted)s 日目") if clock.business else _("%(counted)s 日目")
    if clock.stopped:
        said += _("（受付から %(elapsed)s 日、うち待った日 %(stopped)s 日）")
    if case.paused_on and case.is_open:
        said += _("。いまは時計が止まっています")
    return said % words


def title_of(case):
    """The title of the procedure of a case."""
    return pick(case.definition.bundle["title"], "ja")


def step_title(case, key):
    """The title of a step, as its definition has it; what is asked for in between has its own word."""
    step = case.definition.bundle["flow"]["steps"].get(key)
    return pick(step["title"], "ja") if step else _("補正")


def outcome_label(case, step):
    """What was chosen at a finished step, in words."""
    if step.state == "returned":
        return _("補正を求めた")
    defined = case.definition.bundle["flow"]["steps"].get(step.key, {})
    outcome = (defined.get("outcomes") or {}).get(step.outcome)
    return pick(outcome["label"], "ja") if isinstance(outcome, dict) else step.outcome


def moment(at):
    """A moment as staff read it."""
    return at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


def timeline(case, entries, *, personal=True):
    """Events as the `timeline` component takes them, newest first; what people wrote only with `personal`."""
    return [
        {
            "title": _event(case, entry),
            "when": moment(entry.at),
            "by": _by(entry),
            "text": _said(entry) if personal else "",
        }
        for entry in reversed(entries)
        if entry.verb in EVENTS
    ]


BY_APPLICANTS = ("submitted", "corrected", "ended")


def _by(entry):
    kind = entry.actor_key.partition(":")[0]
    if kind in ("resident", "anonymous"):
        return _("申請者") if entry.verb in BY_APPLICANTS else ""
    return _("自動") if kind == "system" else entry.actor_name


def _event(case, entry):
    step, words = entry.payload.get("step"), str(MARKED.get(entry.payload.get("mark")) or EVENTS[entry.verb])
    if entry.verb == "ended":
        result = RESULTS.get(entry.payload.get("result"), "")
        return f"{words}（{result}）" if result else words
    return f"{words}: {step_title(case, step)}" if step and step != "correction" else words


def _said(entry):
    """The words people wrote with the event."""
    personal = entry.personal or {}
    words = ("text", "message", "reason", "reasons", "note", "comment")
    return next((personal[key] for key in words if personal.get(key)), "")
