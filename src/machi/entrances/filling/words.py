"""States and events in the words of residents."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.ground.daywords import time_words

STATES = {
    "submitted": (gettext_lazy("受け付けています"), "new"),
    "accepted": (gettext_lazy("受け付けました"), "new"),
    "working": (gettext_lazy("進んでいます"), "progress"),
    "awaiting_applicant": (gettext_lazy("あなたの返事を待っています"), "asked"),
    "awaiting_third_party": (gettext_lazy("ほかの人の返事を待っています"), "progress"),
    "suspended": (gettext_lazy("止まっています"), "progress"),
    "decided": (gettext_lazy("決定しました"), "done"),
    "closed": (gettext_lazy("終わりました"), "done"),
    "withdrawn": (gettext_lazy("取り下げました"), "stopped"),
    "void": (gettext_lazy("取り消されました"), "stopped"),
}
RESULTS = {
    "granted": gettext_lazy("認められました"),
    "granted_in_part": gettext_lazy("一部認められました"),
    "refused": gettext_lazy("認められませんでした"),
    "dismissed": gettext_lazy("参考にしました"),
    "completed": gettext_lazy("終わりました"),
    "lapsed": gettext_lazy("期限が過ぎて終わりました"),
    "cancelled": gettext_lazy("取り下げました"),
    "merged": gettext_lazy("ほかとまとめて進めています"),
}
EVENTS = {
    "submitted": gettext_lazy("送信しました"),
    "accepted": gettext_lazy("市役所が受け付けました"),
    "asked": gettext_lazy("市役所から確認のお願いがありました"),
    "corrected": gettext_lazy("直した内容を送りました"),
    "correction_expired": gettext_lazy("返事の期限が過ぎました"),
    "cosign_asked": gettext_lazy("ほかの人に同意をお願いしました"),
    "consented": gettext_lazy("同意を受け取りました"),
    "refused": gettext_lazy("同意しないという答えがありました"),
    "cosign_expired": gettext_lazy("同意の期限が過ぎました"),
    "cosign_renewed": gettext_lazy("内容が変わったので、同意をお願いし直します"),
    "merged": gettext_lazy("同じ内容のものとまとめました"),
    "unmerged": gettext_lazy("まとめるのをやめて、また進めます"),
    "reopened": gettext_lazy("もう一度進めることになりました"),
    "decided": gettext_lazy("決定しました"),
    "issued": gettext_lazy("文書ができました"),
    "charged": gettext_lazy("手数料が決まりました"),
    "paid": gettext_lazy("支払いを確認しました"),
    "booked": gettext_lazy("日にちが決まりました"),
    "booking_lost": gettext_lazy("選んだ日がいっぱいになりました"),
    "transferred": gettext_lazy("担当の課に引き継ぎました"),
    "ended": gettext_lazy("手続が終わりました"),
}


def state_chip(case):
    """The state of a case as a chip: in words, with a sign."""
    label, kind = STATES[case.status]
    if case.status == "closed" and case.result in RESULTS:
        return result_chip(case.result)
    return render_to_string("ui/chip.html", {"label": label, "kind": kind})


SIGNERS = {
    "waiting": (gettext_lazy("返事を待っています"), "asked"),
    "consented": (gettext_lazy("同意しました"), "done"),
    "refused": (gettext_lazy("同意しませんでした"), "stopped"),
    "gone": (gettext_lazy("返事がありませんでした"), "stopped"),
}


def signer_chip(party, step):
    """How far somebody is whose consent is asked for."""
    gone = party.state == "waiting" and step.state != "active"
    label, kind = SIGNERS["gone" if gone else party.state]
    return render_to_string("ui/chip.html", {"label": label, "kind": kind})


def result_chip(result):
    """The result of a decision as a chip."""
    kind = "stopped" if result in ("refused", "lapsed") else "done"
    return render_to_string("ui/chip.html", {"label": RESULTS.get(result, result), "kind": kind})


def timeline_items(entries, language):
    """Events as the `timeline` component takes them."""
    return [
        {"title": _event(entry), "when": time_words(entry.at, language)}
        for entry in entries
        if entry.verb in EVENTS
    ]


def _event(entry):
    if entry.verb == "ended" and entry.payload.get("status") == "withdrawn":
        return _("取り下げました")
    return EVENTS[entry.verb]
