"""Forms of the sign-in pages and of the account page."""

from allauth.account.forms import LoginForm, SignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from machi.ground.calendar import UnreadableDate, parse_date, today
from machi.ground.languages import LANGUAGES
from machi.ground.text import UncleanText, clean_line, kana_key, to_halfwidth_digits

OLDEST = 130  # years
POSTAL_DIGITS = 7
HIRAGANA = range(0x3041, 0x3097)
ADDRESS_PARTS = ("postal", "town", "line", "building")


class SignInForm(LoginForm):
    """Mail address and password; not for staff outside development, who have passkeys."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_mail_and_password(self.fields["login"], self.fields["password"])

    def clean(self):
        """Refuses staff: a password can be given away, a passkey cannot."""
        cleaned = super().clean()
        if self.user and self.user.is_staff and not settings.DEVELOPMENT:
            raise forms.ValidationError(_("職員の方は、職員用のページからパスキーでログインしてください。"))
        return cleaned


class SignUpForm(SignupForm):
    """Mail address and password of somebody new."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_mail_and_password(self.fields["email"], self.fields["password1"])
        self.fields["password1"].help_text = _(
            "10文字以上にしてください。数字だけのものと、よくある言葉は使えません。"
        )

    def custom_signup(self, request, user):
        """Write mails in the language that the reader uses now."""
        super().custom_signup(request, user)
        user.language = get_language()
        user.save(update_fields=["language"])


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey. All of ours work alone, without a mail address or password."""

    passwordless = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("パスキーの名前")
        self.fields["name"].help_text = _(
            "どの端末のものか分かる名前にしてください。例: わたしのスマートフォン"
        )
        self.fields["name"].max_length = 60
        self.fields["credential"].error_messages["required"] = _(
            "パスキーを作れませんでした。もう一度お試しください。"
        )

    def clean(self):
        """The finger or the PIN must have been asked for."""
        self.cleaned_data["passwordless"] = True
        return super().clean()


def _name_mail_and_password(mail, password):
    mail.label, password.label = _("メールアドレス"), _("パスワード")
    mail.error_messages["required"] = _("メールアドレスを入力してください。")
    mail.error_messages["invalid"] = _("メールアドレスの形が違います。例: name@example.com")
    for validator in mail.validators:
        validator.message = mail.error_messages["invalid"]
    password.error_messages["required"] = _("パスワードを入力してください。")
    password.help_text = ""


class LineField(forms.CharField):
    """One line of text, kept exactly as typed but for the spaces around it."""

    def to_python(self, value):
        """Refuses what cannot be kept (control characters, reversed direction, too long)."""
        try:
            return clean_line(value or "", longest=self.max_length)
        except UncleanText as fault:
            raise forms.ValidationError(fault.message) from fault


class PartsWidget(forms.Widget):
    """A control in several boxes, named <name>-<part>."""

    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data, _files, name):
        """{part: what was typed}."""
        return {part: data.get(f"{name}-{part}", "") for part in self.parts}

    def value_omitted_from_data(self, data, _files, name):
        """Whether none of the boxes was sent."""
        return all(f"{name}-{part}" not in data for part in self.parts)


class DayField(forms.Field):
    """A day in three boxes; the year western or in an era. Gives a date or None."""

    def __init__(self, **kwargs):
        super().__init__(widget=PartsWidget(("year", "month", "day")), **kwargs)

    def clean(self, value):
        """The date, read as people write dates."""
        if not any(part.strip() for part in value.values()):
            return super().clean(None)
        if not all(part.strip() for part in value.values()):
            raise forms.ValidationError(_("年・月・日をすべて入力してください。"))
        try:
            return parse_date(
                "{year}.{month}.{day}".format(**{key: part.strip() for key, part in value.items()})
            )
        except UnreadableDate as fault:
            raise forms.ValidationError(fault.message) from fault


class AddressField(forms.Field):
    """An address in four boxes. Gives {"postal", "town", "line", "building"}."""

    def __init__(self, **kwargs):
        super().__init__(widget=PartsWidget(ADDRESS_PARTS), **kwargs)

    def clean(self, value):
        """Each part as one line; the postal code as 303-8501."""
        try:
            parts = {part: clean_line(words, longest=200) for part, words in value.items()}
        except UncleanText as fault:
            raise forms.ValidationError(fault.message) from fault
        digits = to_halfwidth_digits(parts["postal"]).replace("-", "").replace("〒", "").strip()
        if digits and (len(digits) != POSTAL_DIGITS or not digits.isascii() or not digits.isdigit()):
            raise forms.ValidationError(_("郵便番号は7けたの数字で入力してください。例: 303-8501"))
        return parts | {"postal": f"{digits[:3]}-{digits[3:]}" if digits else ""}


class ProfileForm(forms.Form):
    """What the city may put into forms for somebody. Nothing is needed.

    `proved` are the keys of Person that the card or the counter proved: these are not asked.
    """

    name = LineField(label=_("氏名"), max_length=200, required=False)
    kana = LineField(label=_("ふりがな"), max_length=200, required=False)
    birth = DayField(label=_("生年月日"), required=False)
    address = AddressField(label=_("住所"), required=False)
    phone = LineField(label=_("電話番号"), max_length=30, required=False)
    language = forms.ChoiceField(
        label=_("お知らせの言葉"), choices=[(language.code, language.name) for language in LANGUAGES]
    )

    def __init__(self, *args, proved=(), **kwargs):
        super().__init__(*args, **kwargs)
        for key in {"address" if key in ADDRESS_PARTS else key for key in proved} & set(self.fields):
            del self.fields[key]

    def clean_kana(self):
        """Hiragana or katakana (names in Latin letters have a reading, too)."""
        kana = self.cleaned_data["kana"]
        if kana and not all(ord(sign) in HIRAGANA for sign in kana_key(kana)):
            raise forms.ValidationError(_("ひらがなかカタカナで入力してください。"))
        return kana

    def clean_birth(self):
        """Not in the future, not too long ago."""
        birth = self.cleaned_data["birth"]
        if birth and not today().year - OLDEST <= birth.year <= today().year:
            raise forms.ValidationError(_("生年月日の年をたしかめてください。"))
        if birth and birth > today():
            raise forms.ValidationError(_("生年月日が今日より後になっています。"))
        return birth

    def clean_phone(self):
        """Digits and hyphens."""
        phone = to_halfwidth_digits(self.cleaned_data["phone"])
        digits = phone.replace("-", "").replace("(", "").replace(")", "").replace(" ", "").removeprefix("+81")
        if phone and (not digits.isascii() or not digits.isdigit() or len(digits) not in range(9, 12)):
            raise forms.ValidationError(_("電話番号を数字で入力してください。例: 0297-23-2111"))
        return phone

    def values(self):
        """What was typed, by PROFILE_FIELDS."""
        plain = {
            key: self.cleaned_data[key] for key in ("name", "kana", "birth", "phone") if key in self.fields
        }
        return plain | self.cleaned_data.get("address", {})
