"""What people read in each language, and what they read where a language has no words of its own."""

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext, trans_real

from machi.house.words import compile_words

SEARCH = {
    "ja": "さがす",
    "ja-easy": "さがす",
    "en": "Search",
    "pt-br": "Procurar",
    "es": "Buscar",
    "zh-hans": "搜索",
}
TO_CORRECT = {
    "ja": ("直すところが1つあります", "直すところが2つあります"),
    "ja-easy": ("直（なお）す ところが 1つ あります", "直（なお）す ところが 2つ あります"),
    "en": ("1 thing to correct", "2 things to correct"),
    "pt-br": ("1 item para corrigir", "2 itens para corrigir"),
    "es": ("1 cosa por corregir", "2 cosas por corregir"),
    "zh-hans": ("有1处需要修改", "有2处需要修改"),
}


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """The translations as they stand in the source, also where nothing has started yet."""
    if compile_words():
        trans_real._translations.clear()


@pytest.mark.parametrize(("language", "words"), SEARCH.items())
def test_our_own_words(language, words):
    with translation.override(language):
        assert gettext("さがす") == words


@pytest.mark.parametrize(("language", "words"), TO_CORRECT.items())
def test_one_and_many(language, words):
    with translation.override(language):
        said = tuple(
            ngettext("直すところが%(number)sつあります", "直すところが%(number)sつあります", number)
            % {"number": number}
            for number in (1, 2)
        )

    assert said == words


@pytest.mark.parametrize("language", ["ja", "ja-easy"])
@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("This field is required.", "このフィールドは必須です。"),  # Django's own
        ("The current password", "The current password"),  # nobody's
        (
            "The username and/or password you specified are not correct.",  # allauth's
            "入力されたユーザー名もしくはパスワードが正しくありません。",
        ),
    ],
)
def test_japanese_stands_in_for_what_has_no_words_in_easy_japanese(language, sentence, words):
    with translation.override(language):
        assert gettext(sentence) == words


@pytest.mark.parametrize("language", list(SEARCH))
def test_a_sentence_nobody_translated_is_read_in_japanese(language):
    with translation.override(language):
        assert gettext("まだ訳のない文です。") == "まだ訳のない文です。"
