"""Transfer files for a bank: 全銀協 fixed length, 総合振込 (kind 21), 120 bytes a record, JIS X 0201.

Header 1, data 2, trailer 8, end 9. N: digits, right-aligned, filled with 0; C: one-byte letters, left-aligned, filled
with spaces. Confirmed with the association's format as two banks print it (2026-11): lengths, order, the codes 0 (JIS)
and 21, 手形交換所番号 0000, 新規コード 0, the letters allowed, CRLF after each record.
Not confirmed, different from bank to bank: 振込指定区分 (7, by wire, here), whether the names of bank and branch may
be left blank (they are here), a closing 0x1A (none here). Ask the bank for a test before the first real file.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

LENGTH, ENDS = 120, b"\r\n"
DEPOSITS = ("1", "2", "4", "9")
HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFFA0)}
SMALL = dict(zip("ｧｨｩｪｫｬｭｮｯ", "ｱｲｳｴｵﾔﾕﾖﾂ", strict=True))
KANA = {chr(code) for code in range(0xFF71, 0xFFA0)}  # ｱ to ﾝ, ﾞ and ﾟ; ｦ is not for names
LETTERS = KANA | set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -")
NAME_LETTERS = LETTERS | set("().")
VOICED, HALF_VOICED = set("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"), set("ﾊﾋﾌﾍﾎ")


@dataclass(frozen=True)
class Consigner:
    """Who has the bank transfer: as the bank has registered them."""

    code: str
    name: str
    bank: str
    branch: str
    deposit: str
    account: str


@dataclass(frozen=True)
class Transfer:
    """One payment to an account; `number` is ours, and comes back with the bank's answers."""

    bank: str
    branch: str
    deposit: str
    account: str
    holder: str
    amount: int
    number: str = ""


class Unwritable(Exception):
    """What cannot stand in a transfer file: `faults` are (row from 1, or 0 for the consigner; sentence)."""

    def __init__(self, faults):
        super().__init__("; ".join(sentence for _row, sentence in faults))
        self.faults = faults


def transfer_file(consigner, day, transfers):
    """The file (bytes) of `transfers` to be made on `day`. Raises Unwritable with everything that is wrong."""
    faults = [(0, sentence) for sentence in _consigner_faults(consigner)]
    faults += [(row, sentence) for row, one in enumerate(transfers, 1) for sentence in _faults(one)]
    total = sum(one.amount for one in transfers)
    if not transfers or len(transfers) > 999_999 or total >= 10**12:
        faults.append((0, _("1件から999,999件まで、合計9,999億円までを一つのファイルにできます。")))
    if faults:
        raise Unwritable(faults)
    closing = (_trailer(len(transfers), total), _record("9", " " * 119))
    records = [_header(consigner, day), *map(_data, transfers), *closing]
    return b"".join(record + ENDS for record in records)


def bank_kana(text):
    """A reading as banks write it: half-width, ﾞ and ﾟ by themselves, no small kana, - for a long vowel."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text or ""))
    folded = "".join(chr(ord(one) + 0x60) if "ぁ" <= one <= "ゖ" else one for one in folded)
    half = (HALF.get(one, one) for one in folded)
    plain = "".join(SMALL.get(one, one) for one in half)
    return " ".join(plain.replace("ｰ", "-").replace("‐", "-").replace("−", "-").upper().split())


def name_faults(text):
    """What is wrong with a name in `bank_kana`: letters that banks do not take, ﾞ in the wrong place, its length."""
    wrong = sorted({one for one in text if one not in NAME_LETTERS})
    if not text:
        yield _("口座名義がありません。通帳のカナの名義を入力してください。")
    if wrong:
        words = {"name": text, "letters": " ".join(wrong)}
        yield _("口座名義「%(name)s」に、銀行で使えない文字があります: %(letters)s") % words
    before = " "
    for one in text:
        if (one == "ﾞ" and before not in VOICED) or (one == "ﾟ" and before not in HALF_VOICED):
            yield _("口座名義「%(name)s」の濁点・半濁点の場所が違います。") % {"name": text}
        before = one
    if len(text) > 30:
        words = {"name": text, "count": len(text)}
        yield _("口座名義「%(name)s」は%(count)s字です。通帳のとおりに30字までにしてください。") % words


def _faults(one):
    yield from name_faults(bank_kana(one.holder))
    digits = ((one.bank, 4, _("金融機関コード")), (one.branch, 3, _("支店コード")), (one.account, 7, _("口座番号")))
    for said, length, label in digits:
        if not _is_digits(said, length):
            yield _("%(label)sは%(length)s桁の数字で入力してください。") % {"label": label, "length": length}
    if one.deposit not in DEPOSITS:
        yield _("預金の種類を選んでください。")
    if not 0 < one.amount < 10**10:
        yield _("振り込む額は1円から9,999,999,999円までです。")
    if not set(one.number) <= LETTERS or len(one.number) > 20:
        yield _("整理番号は、英数字20字までにしてください。")


def _consigner_faults(one):
    digits = ((one.code, 10), (one.bank, 4), (one.branch, 3), (one.account, 7))
    if not all(_is_digits(said, length) for said, length in digits) or one.deposit not in ("1", "2", "9"):
        yield _("振込を依頼する口座（委託者コード・銀行・支店・口座）の設定を、銀行の登録のとおりに入れてください。")
    if not one.name or set(bank_kana(one.name)) - NAME_LETTERS or len(bank_kana(one.name)) > 40:
        yield _("委託者名の設定を、銀行に登録したカナ40字までで入れてください。")


def _is_digits(said, length):
    return len(said) == length and said.isascii() and said.isdigit()


def _header(one, day: date):
    name = _left(bank_kana(one.name), 40)
    origin = one.bank + " " * 15 + one.branch + " " * 15 + one.deposit + one.account
    return _record("1", "21", "0", one.code, name, f"{day:%m%d}", origin, " " * 17)


def _data(one):
    account = one.bank + " " * 15 + one.branch + " " * 15 + "0000" + one.deposit + one.account
    name, number = _left(bank_kana(one.holder), 30), _left(one.number, 20)
    return _record("2", account, name, f"{one.amount:010}", "0", number, "7", " " * 8)


def _trailer(count, total):
    return _record("8", f"{count:06}", f"{total:012}", " " * 101)


def _left(text, length):
    return text.ljust(length)


def _record(*parts):
    found = "".join(parts).encode("shift_jis")
    if len(found) != LENGTH:
        raise AssertionError(f"a record of {len(found)} bytes")
    return found
