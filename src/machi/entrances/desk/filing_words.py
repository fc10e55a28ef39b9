"""Document management in the words of staff, and what its forms send."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from machi.engines.filing import public as filing
from machi.entrances.desk.words import chip, moment
from machi.ground.calendar import UnreadableDate, era_date, parse_date

KINDS = {
    "received": gettext_lazy("収受"),
    "draft": gettext_lazy("起案"),
    "material": gettext_lazy("資料"),
    "case": gettext_lazy("案件"),
}
STATES = {
    "open": (gettext_lazy("処理中"), "progress"),
    "completed": (gettext_lazy("完結"), "done"),
    "destroyed": (gettext_lazy("廃棄済み"), "stopped"),
    "archived": (gettext_lazy("移管済み"), "done"),
}
DISCLOSURES = {
    "open": gettext_lazy("公開"),
    "partial": gettext_lazy("一部公開"),
    "closed": gettext_lazy("非公開"),
}
SENSITIVITIES = {
    "internal": gettext_lazy("個人情報なし"),
    "personal": gettext_lazy("個人情報あり"),
    "special": gettext_lazy("要配慮個人情報あり"),
}
HANDLINGS = {
    "ordinary": gettext_lazy("普通"),
    "urgent": gettext_lazy("至急"),
    "registered": gettext_lazy("書留"),
    "confidential": gettext_lazy("親展"),
}
SEALS = {
    "none": gettext_lazy("なし"),
    "omitted": gettext_lazy("公印省略"),
    "stamped": gettext_lazy("公印"),
    "signed": gettext_lazy("電子署名"),
}
WAYS = {
    "post": gettext_lazy("郵送"),
    "mail": gettext_lazy("メール"),
    "hand": gettext_lazy("手渡し"),
    "notice": gettext_lazy("掲示・告示"),
    "online": gettext_lazy("システム"),
}
STAGES = {
    "received": gettext_lazy("収受"),
    "drafted": gettext_lazy("起案・登録"),
    "decided": gettext_lazy("決裁"),
    "issued": gettext_lazy("施行"),
    "completed": gettext_lazy("完結"),
    "kept": pgettext_lazy("of documents", "保存"),
    "gone": gettext_lazy("廃棄・移管"),
}
THENS = {"destroy": gettext_lazy("廃棄"), "transfer": gettext_lazy("移管")}
CHOICES = {
    "destroy": gettext_lazy("廃棄する"),
    "extend": gettext_lazy("延長する"),
    "transfer": gettext_lazy("移管する"),
}
LISTS = {
    "drafted": (gettext_lazy("作成中"), "progress"),
    "proposed": (gettext_lazy("確認待ち"), "asked"),
    "confirmed": (gettext_lazy("実行中"), "progress"),
    "done": (gettext_lazy("完了"), "done"),
    "withdrawn": (gettext_lazy("取下げ"), "stopped"),
}
OUTCOMES = {
    "destroyed": gettext_lazy("廃棄した"),
    "transferred": gettext_lazy("移管した"),
    "extended": gettext_lazy("延長した"),
    "kept": gettext_lazy("残した"),
}
EVENTS = {
    "filing.registered": gettext_lazy("登録した"),
    "filing.revised": gettext_lazy("内容を変えた"),
    "filing.issued": gettext_lazy("施行した"),
    "filing.completed": gettext_lazy("完結にした"),
    "filing.reopened": gettext_lazy("完結から戻した"),
    "filing.extended": gettext_lazy("保存期間を延ばした"),
    "filing.filed": gettext_lazy("簿冊に収めた"),
    "filing.held": gettext_lazy("廃棄を差し止めた"),
    "filing.lifted": gettext_lazy("差止めを解いた"),
    "filing.connected": gettext_lazy("案件の対象になった"),
    "filing.disconnected": gettext_lazy("案件の対象でなくなった"),
    "filing.destroyed": gettext_lazy("廃棄した"),
    "filing.archived": gettext_lazy("移管した"),
}
FIELDS = {
    "subject": gettext_lazy("件名"),
    "correspondent": gettext_lazy("相手先"),
    "their_number": gettext_lazy("相手の文書番号"),
    "dated_on": gettext_lazy("文書の日付"),
    "received_on": gettext_lazy("到達日"),
    "decided_on": gettext_lazy("決裁日"),
    "answer_by": gettext_lazy("回答の期限"),
    "disclosure": gettext_lazy("公開区分"),
    "disclosure_basis": gettext_lazy("非公開の根拠"),
    "sensitivity": gettext_lazy("個人情報"),
    "handling": gettext_lazy("取扱い"),
    "drafter": gettext_lazy("起案者"),
    "place": gettext_lazy("紙の置き場所"),
    "note": gettext_lazy("備考"),
    "binder": gettext_lazy("簿冊"),
    "files": gettext_lazy("ファイル"),
}
PICKED = {"disclosure": DISCLOSURES, "sensitivity": SENSITIVITIES, "handling": HANDLINGS}
DAYS = ("dated_on", "received_on", "decided_on", "answer_by", "issued_on", "on", "until")


def options(words):
    """A mapping of words as the choices of a form."""
    return [{"value": key, "label": label} for key, label in words.items()]


def keep_words(keep):
    """How long, in words: 5年, 永年, 常用."""
    special = {"permanent": _("永年"), "standing": _("常用")}
    return special.get(keep) or _("%(years)s年") % {"years": keep}


def state_chip(document, *, held=False):
    """The state of a document as a chip; what is held says so."""
    return chip((_("廃棄差止め"), "asked") if held else STATES[document.state])


def file_address(document, link):
    """Where a file of a document opens."""
    return reverse("filing:file", args=[document.id, link.id])


def binder_chip(binder):
    """Whether a binder is open, closed, or handed over, as a chip."""
    if binder.closed_on is None:
        return chip((_("使用中"), "progress"))
    handed = binder.holder != binder.unit
    return chip((_("引継ぎ済み") if handed else _("閉じた"), "done"))


def day(value):
    """A day as staff read it, in the era."""
    return era_date(value) if value else ""


def read(post, names):
    """The values of these fields from a form, days read in any spelling. Raises filing.Refused by field."""
    given, errors = {}, {}
    for name in names:
        if name in post:
            said = post[name]
            try:
                given[name] = said if name not in DAYS else parse_date(said) if said.strip() else None
            except UnreadableDate as fault:
                errors[name] = fault.message
    if errors:
        raise filing.Refused(_("入力を確かめてください。"), errors)
    return given


def story_items(document):
    """Who did what to a document, newest first, as the timeline shows it."""
    return [
        {
            "title": EVENTS[entry.verb],
            "when": moment(entry.at),
            "by": _("自動") if entry.actor_key.startswith("system") else entry.actor_name,
            "text": _said(entry),
        }
        for entry in reversed(filing.story(document))
        if entry.verb in EVENTS
    ]


def _said(entry):
    personal = entry.personal or {}
    if "changes" in personal:
        return " ／ ".join(_change(name, *pair) for name, pair in personal["changes"].items())
    return personal.get("reason") or entry.payload.get("number") or ""


def _change(name, old, new):
    words = PICKED.get(name, {})
    shown = {"field": FIELDS.get(name, name), "old": words.get(old, old) or "―", "new": words.get(new, new) or "―"}
    return _("%(field)s: %(old)s → %(new)s") % shown
