"""The words of the builder for what definitions are written with."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TYPES = {
    "text": gettext_lazy("短い文"),
    "longtext": gettext_lazy("長い文"),
    "choice": gettext_lazy("一つ選ぶ"),
    "choices": gettext_lazy("いくつか選ぶ"),
    "bool": gettext_lazy("はい・いいえ"),
    "date": gettext_lazy("日付"),
    "int": gettext_lazy("数"),
    "yen": gettext_lazy("金額"),
    "decimal": gettext_lazy("小数のある数"),
    "name": gettext_lazy("氏名"),
    "kana": gettext_lazy("ふりがな"),
    "email": gettext_lazy("メールアドレス"),
    "phone": gettext_lazy("電話番号"),
    "postal": gettext_lazy("郵便番号"),
    "address": gettext_lazy("住所"),
    "point": gettext_lazy("地図の場所"),
    "file": gettext_lazy("写真・書類"),
    "repeat": gettext_lazy("くり返し（何件も答える）"),
    "slot": gettext_lazy("予約する日"),
    "hours": gettext_lazy("予約する時間"),
    "account": gettext_lazy("帳簿の口座"),
    "code": gettext_lazy("番号・記号"),
    "consent": gettext_lazy("同意"),
    "note": gettext_lazy("説明だけ"),
}
STEPS = {
    "intake": gettext_lazy("受付"),
    "check": gettext_lazy("職員が確かめる"),
    "task": gettext_lazy("職員が作業する"),
    "decide": gettext_lazy("決定する"),
    "approve": gettext_lazy("決裁を受ける"),
    "ask_applicant": gettext_lazy("申請した人に聞く"),
    "cosign": gettext_lazy("ほかの人に同意を求める"),
    "pay": gettext_lazy("手数料を受け取る"),
    "book": gettext_lazy("予約を確定する"),
    "enter": gettext_lazy("帳簿に記入する"),
    "issue": gettext_lazy("文書を発行する"),
    "notify": gettext_lazy("お知らせを送る"),
    "wait": gettext_lazy("日まで待つ"),
    "branch": gettext_lazy("条件で分かれる"),
    "publish": gettext_lazy("公表する"),
    "acknowledge": gettext_lazy("供覧に回す"),
    "attend": gettext_lazy("出勤簿に記録する"),
    "end": gettext_lazy("終わる"),
}
OUTCOMES = {
    "approved": gettext_lazy("決裁された"),
    "rejected": gettext_lazy("否決された"),
    "returned": gettext_lazy("差し戻された"),
    "done": gettext_lazy("答えた"),
    "signed": gettext_lazy("同意した"),
    "refused": gettext_lazy("同意しなかった"),
    "expired": gettext_lazy("期限が過ぎた"),
    "paid": gettext_lazy("払った"),
    "short": gettext_lazy("残りが足りない"),
    "ok": gettext_lazy("取れた"),
    "lost": gettext_lazy("取れなかった"),
}
ENTERED = {"done": gettext_lazy("記入できた")}
RESULTS = {
    "completed": gettext_lazy("完了"),
    "granted": gettext_lazy("認める決定"),
    "granted_in_part": gettext_lazy("一部を認める決定"),
    "refused": gettext_lazy("認めない決定"),
    "dismissed": gettext_lazy("却下"),
    "lapsed": gettext_lazy("期限切れ"),
    "cancelled": gettext_lazy("取下げ"),
}
TONES = {
    "primary": gettext_lazy("ふつう選ぶもの"),
    "secondary": gettext_lazy("ほかの道"),
    "danger": gettext_lazy("断る・やめる"),
}
CONDITIONS = {
    "none": gettext_lazy("条件は付けない"),
    "optional": gettext_lazy("条件を付けてもよい"),
    "required": gettext_lazy("必ず条件を付ける"),
}
VIA = {
    "counter": gettext_lazy("窓口で"),
    "collection": gettext_lazy("引き取りのときに"),
    "delivery": gettext_lazy("代金引換で"),
}
ASSURANCE = {
    "none": gettext_lazy("名乗らなくてもよい"),
    "contact": gettext_lazy("連絡先を確かめる"),
    "account": gettext_lazy("利用登録した人だけ"),
    "card": gettext_lazy("マイナンバーカードで確かめる"),
}
SENSITIVITY = {
    "public": gettext_lazy("だれが見てもよい"),
    "internal": gettext_lazy("職員が見る"),
    "personal": gettext_lazy("個人情報"),
    "special": gettext_lazy("特に気をつける個人情報"),
}
PREFILL = {
    "name": gettext_lazy("氏名"),
    "kana": gettext_lazy("ふりがな"),
    "birth": gettext_lazy("生年月日"),
    "postal": gettext_lazy("郵便番号"),
    "address": gettext_lazy("住所"),
    "phone": gettext_lazy("電話番号"),
    "email": gettext_lazy("メールアドレス"),
}
DOORS = {
    "moving": gettext_lazy("引っ越し"),
    "child": gettext_lazy("子ども"),
    "health": gettext_lazy("健康"),
    "garbage": gettext_lazy("ごみ"),
    "money": gettext_lazy("お金"),
    "help": gettext_lazy("困ったとき"),
}
SHELVES = {
    "personnel": gettext_lazy("人事・服務"),
    "money": gettext_lazy("お金"),
    "things": gettext_lazy("物品・施設"),
    "documents": gettext_lazy("文書"),
}
MOMENTS = {
    "receipt": gettext_lazy("受け付けたとき"),
    "correction": gettext_lazy("補正を求めるとき"),
    "decided": gettext_lazy("決定したとき"),
    "document": gettext_lazy("文書を発行したとき"),
    "withdrawn": gettext_lazy("取り下げたとき"),
    "reminder": gettext_lazy("期限が近いとき"),
    "merged": gettext_lazy("ほかの案件に合わせたとき"),
}
MARKS = {
    "corrected": gettext_lazy("打刻の訂正"),
    "leave": gettext_lazy("休暇"),
    "overtime": gettext_lazy("時間外勤務"),
    "travel": gettext_lazy("出張"),
    "telework": gettext_lazy("テレワーク"),
}
ROLES = {
    "applicant": gettext_lazy("本人"),
    "cosigner": gettext_lazy("いっしょに申請する人"),
    "guardian": gettext_lazy("保護者・後見人"),
}
NEEDS = {"all": gettext_lazy("全員の同意が要る"), "any": gettext_lazy("一人の同意でよい")}

HOWS = {
    "yes": gettext_lazy("「はい」のとき"),
    "no": gettext_lazy("「はい」でないとき"),
    "is": gettext_lazy("と同じとき"),
    "is_not": gettext_lazy("と違うとき"),
    "has": gettext_lazy("が選ばれているとき"),
    "lacks": gettext_lazy("が選ばれていないとき"),
    "filled": gettext_lazy("答えてあるとき"),
    "blank": gettext_lazy("空欄のとき"),
    "below": gettext_lazy("より小さいとき"),
    "at_most": gettext_lazy("以下のとき"),
    "above": gettext_lazy("より大きいとき"),
    "at_least": gettext_lazy("以上のとき"),
    "contains": gettext_lazy("を含むとき"),
    "begins": gettext_lazy("で始まるとき"),
    "count_at_least": gettext_lazy("件以上あるとき"),
    "count_at_most": gettext_lazy("件以下のとき"),
    "count_is": gettext_lazy("件ちょうどのとき"),
}
DAY_HOWS = {
    "is": gettext_lazy("その日のとき"),
    "is_not": gettext_lazy("その日でないとき"),
    "below": gettext_lazy("その日より前のとき"),
    "at_most": gettext_lazy("その日かそれより前のとき"),
    "above": gettext_lazy("その日より後のとき"),
    "at_least": gettext_lazy("その日かそれより後のとき"),
}


def options(words, names=None):
    """Words as the options of a select."""
    return [(name, words[name]) for name in names or words]


def outcome(kind, name):
    """What an outcome that has no words of its own is called, at this kind of step."""
    return str((ENTERED if kind == "enter" else {}).get(name) or OUTCOMES.get(name, name))


def sentence(comparison, questions):
    """A comparison as people say it."""
    question = questions.get(comparison.answer)
    if comparison.how == "text" or question is None:
        return _("式: %(text)s") % {"text": comparison.text}
    about, how = {"answer": question["label"]}, comparison.how
    value = dict(question["options"]).get(comparison.value, comparison.value)
    about["value"] = _("今日") if value == "today" else value
    return _sentences(question["type"])[how] % about


def _sentences(kind):
    days = {
        "is": _("「%(answer)s」が %(value)s のとき"),
        "is_not": _("「%(answer)s」が %(value)s でないとき"),
        "below": _("「%(answer)s」が %(value)s より前のとき"),
        "at_most": _("「%(answer)s」が %(value)s かそれより前のとき"),
        "above": _("「%(answer)s」が %(value)s より後のとき"),
        "at_least": _("「%(answer)s」が %(value)s かそれより後のとき"),
    }
    return {
        "yes": _("「%(answer)s」が「はい」のとき"),
        "no": _("「%(answer)s」が「はい」でないとき"),
        "is": _("「%(answer)s」が「%(value)s」のとき"),
        "is_not": _("「%(answer)s」が「%(value)s」でないとき"),
        "has": _("「%(answer)s」で「%(value)s」が選ばれているとき"),
        "lacks": _("「%(answer)s」で「%(value)s」が選ばれていないとき"),
        "filled": _("「%(answer)s」に答えてあるとき"),
        "blank": _("「%(answer)s」が空欄のとき"),
        "below": _("「%(answer)s」が %(value)s より小さいとき"),
        "at_most": _("「%(answer)s」が %(value)s 以下のとき"),
        "above": _("「%(answer)s」が %(value)s より大きいとき"),
        "at_least": _("「%(answer)s」が %(value)s 以上のとき"),
        "contains": _("「%(answer)s」が「%(value)s」を含むとき"),
        "begins": _("「%(answer)s」が「%(value)s」で始まるとき"),
        "count_at_least": _("「%(answer)s」が %(value)s件以上あるとき"),
        "count_at_most": _("「%(answer)s」が %(value)s件以下のとき"),
        "count_is": _("「%(answer)s」が %(value)s件ちょうどのとき"),
        **(days if kind == "date" else {}),
    }
