"""Who takes part in a case, as the desk shows it: who applies, for whom, and whose consent was asked for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.engines.procedures import public as procedures
from machi.entrances.desk.words import chip, moment

ROLES = {
    "applicant": gettext_lazy("申請者（本人）"),
    "agent": gettext_lazy("代理人"),
    "guardian": gettext_lazy("後見人・親権者など"),
    "household": gettext_lazy("手続をする家族"),
    "cosigner": gettext_lazy("同意する人"),
}
STATES = {
    "waiting": (gettext_lazy("返事待ち"), "asked"),
    "consented": (gettext_lazy("同意"), "done"),
    "refused": (gettext_lazy("不同意"), "late"),
    "gone": (gettext_lazy("返事なし"), "stopped"),
}
ASSURANCES = {
    "none": gettext_lazy("確認なし"),
    "contact": gettext_lazy("メールの確認番号"),
    "account": gettext_lazy("ログイン"),
    "card": gettext_lazy("マイナンバーカード"),
    "paper": gettext_lazy("書面"),
}


def named(case):
    """Who applies, and for whom: [{"role", "name"}]; empty where somebody applies for themselves."""
    parties = procedures.named_parties(case)
    return [{"role": ROLES[one.role], "name": one.name} for one in parties] if len(parties) > 1 else []


def signers(case):
    """Those whose consent was asked for."""
    return [_signer(case, step, party) for step, parties in procedures.signers_of(case) for party in parties]


def _signer(case, step, party):
    waits = party.state == "waiting" and step.state == "active" and case.is_open
    own = bool(party.email) and party.email.lower() == (case.email or "").lower()
    return {
        "party": party,
        "control": f"paper-{party.id}",
        "role": ROLES[party.role],
        "chip": chip(STATES["waiting" if waits else "gone" if party.state == "waiting" else party.state]),
        "how": ASSURANCES.get(party.assurance, "") if party.answered_at else "",
        "when": moment(party.answered_at) if party.answered_at else "",
        "waits": waits,
        "warning": _("申請者と同じメールアドレスです。本人の意思を確かめてください。") if own else "",
    }
