"""People find a thing by the words they have for it."""

import threading

import pytest
from django.db import connection

from machi.engines.search.models import SearchEntry
from machi.engines.search.public import find, index, remove

BULKY = {
    "ja": (
        "粗大ごみ収集の申込み",
        ["ソファ", "冷蔵庫", "マットレス", "家具"],
        "大きなごみを家まで取りに行きます。手数料がかかります。",
    ),
    "ja-easy": ("大きな ごみを 出します", ["いす", "つくえ"], "大きな ごみを 家まで 取りに 行きます。"),
    "en": (
        "Bulky-waste pickup",
        ["sofa", "mattress", "furniture"],
        "We come and take large items. There is a fee.",
    ),
    "pt-br": (
        "Coleta de lixo de grande porte",
        ["sofá", "geladeira", "colchão", "aparelho", "lixo grande"],
        "Buscamos objetos grandes.",
    ),
    "es": ("Recogida de basura grande", ["sofá", "refrigerador", "colchón"], "Recogemos objetos grandes."),
    "zh-hans": ("大件垃圾收集申请", ["沙发", "冰箱"], "上门收集大件垃圾。"),
}
CERTIFICATE = {
    "ja": ("住民票の写しの交付請求", ["住民票"], "引っ越しや就職のときに使う証明書です。"),
    "en": ("Copy of the residence record", ["juminhyo", "certificate"], "A certificate of where you live."),
    "pt-br": ("Cópia do registro de residência", ["certificado"], "Certificado de residência."),
}
VOICE = {
    "ja": ("市民の声", ["意見", "苦情"], "市政へのご意見をお寄せください。"),
    "en": ("Voice of the citizens", [], ""),
}
TAX = {"ja": ("固定資産税の証明", [], "東京都の方も請求できます。")}


@pytest.fixture(autouse=True)
def _things(db):
    things = {
        "waste.bulky": BULKY,
        "residents.certificate": CERTIFICATE,
        "city.voice": VOICE,
        "tax.property": TAX,
    }
    for ref, languages in things.items():
        for language, (title, words, body) in languages.items():
            index(
                kind="procedure",
                ref=ref,
                language=language,
                title=title,
                words=words,
                body=body,
                url=f"/{ref}",
                door="d",
            )


def refs(query, language="ja", **narrowed):
    return [hit.ref for hit in find(query, language=language, **narrowed)]


@pytest.mark.parametrize(
    "query",
    [
        "そだい", "ソダイ", "そだ", "そだいご", "粗大", "粗大ごみ", "粗大ゴミ", "粗大ごみを捨てたい",
        "大型ごみ", "大きなごみ", "ソファ", "ソファー",
        "ｿﾌｧ", "冷蔵庫", "れいぞうこ", "マットレス", "布団", "sodai", "sodaigomi", "sodai gomi",
        "sofa", "SOFÁ", "couch", "sofas", "soffa", "geladeira", "geladera", "refrigerator",
        "lixo grande", "colchao", "colchão", "aparelho",
        "aparelo", "basura grande", "bulky", "bulk", "oversized", "大件垃圾", "沙发", "垃圾", "申込み",
        "申し込み", "収集",
        "quero jogar fora a geladeira", "how to throw away a sofa",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ja", "pt-br"])
def test_bulky_waste_is_found_first(query, language):
    assert refs(query, language)[:1] == ["waste.bulky"]


@pytest.mark.parametrize(
    "query",
    [
        "住民",
        "じゅうみんひょう",
        "住民票がほしい",
        "住民票 写し",
        "juminhyo",
        "jyuuminhyou",
        "juminhyou",
        "住民ひょう",
    ],
)
def test_the_certificate_is_found_first(query):
    assert refs(query)[:1] == ["residents.certificate"]


@pytest.mark.parametrize("query", ["声", "税", "市民"])
def test_words_of_one_and_two_letters_are_found(query):
    assert len(refs(query)) >= 1


def test_a_word_inside_another_is_not_found_when_the_word_itself_is():
    index(kind="page", ref="kyoto", language="ja", title="京都への修学旅行")
    assert refs("京都") == ["kyoto"]


def test_pieces_of_words_are_found_when_no_word_is():
    assert refs("資産税の") == ["tax.property"]


def test_hits_speak_the_language_of_the_reader():
    hits = {language: find("そだい", language=language)[0].title for language in BULKY}
    assert hits == {language: title for language, (title, *_rest) in BULKY.items()}


def test_a_reader_without_an_entry_gets_japanese():
    assert find("税", language="es")[0].title == "固定資産税の証明"


def test_a_thing_is_found_once_though_many_languages_match():
    assert refs("sofa").count("waste.bulky") == 1


def test_the_snippet_is_the_sentence_that_fits():
    assert find("手数料", language="ja")[0].snippet == "手数料がかかります。"
    assert find("粗大", language="ja")[0].snippet == "大きなごみを家まで取りに行きます。"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "　",
        "'",
        "\\",
        "';--",
        "<script>",
        "& | !",
        "(((",
        "a:*",
        "\x00",
        "💩",
        "を",
        "…",
        "ー",
        "𠮷" * 400,
    ],
)
def test_any_query_is_answered(query):
    assert isinstance(refs(query), list)


def test_nothing_is_found_for_nonsense():
    assert refs("xqzvwy") == []
    assert refs("") == []


@pytest.mark.parametrize(
    "text", ["it's \\ 'quoted' & | ! :* <->", "改\n行\tタブ", "", "💩", "あ" * 60_000, "'" * 3000]
)
def test_any_text_can_be_indexed_and_its_title_found(text):
    index(kind="page", ref="odd", language="ja", title="めずらしい題名", body=text, words=[text[:500]])
    assert "odd" in refs("めずらしい")


def test_indexing_again_replaces():
    index(kind="procedure", ref="city.voice", language="ja", title="ひろば")
    assert refs("ひろば") == ["city.voice"]
    assert SearchEntry.objects.filter(ref="city.voice", language="ja").count() == 1
    assert "city.voice" not in refs("苦情")


def test_removing_takes_all_languages_out():
    remove(kind="procedure", ref="waste.bulky")
    assert refs("sofa") == []


def test_kinds_and_doors_narrow_and_the_limit_holds():
    index(kind="page", ref="sofa-page", language="ja", title="ソファのこと", door="other")
    assert refs("ソファ", kinds=["page"]) == ["sofa-page"]
    assert refs("ソファ", door="d") == ["waste.bulky"]
    assert refs("ソファ", kinds=[]) == []
    assert len(refs("ソファ", limit=1)) == 1


def test_a_title_counts_more_than_a_mention():
    index(kind="page", ref="mention", language="ja", title="お知らせ", body="住民票も使えます。")
    assert refs("住民票")[0] == "residents.certificate"


def test_threads_search_at_once():
    faults = []

    def look():
        try:
            for _round in range(20):
                find("粗大ごみを捨てたい", language="ja")
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
