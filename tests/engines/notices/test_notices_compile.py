"""The language of notices: what may be written, and that no value ever becomes more than words."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.engines.definitions.define import DefinitionFault
from machi.engines.definitions.public import check
from machi.engines.definitions.source import read
from machi.engines.notices.compile import parse
from machi.engines.notices.define import NoticeDefinition, compat, compile_notice
from machi.engines.notices.message import styled
from machi.engines.notices.render import render
from machi.ground.languages import LANGUAGES

PACKAGE = Path(__file__).resolve().parents[3] / "packages" / "municipality" / "general"
DATA = {"name": "text", "note": "longtext", "items": "list", "link": "link", "due": "date", "amount": "yen"}


def bundle(body, subject="件名", data=DATA):
    header = {"machi": 1, "kind": "notice", "code": "t.notice", "title": "試し"}
    model = NoticeDefinition.model_validate({**header, "data": data, "subject": subject, "body": body})
    return compile_notice(model, None)


def html(body, language="ja", **values):
    return render(bundle(body), values, language).html


def text(body, language="ja", **values):
    return render(bundle(body), values, language).text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{{ nobody }}", "data にありません"),
        ("{% if nobody %}x{% endif %}", "data にありません"),
        ("{{ name.upper }}", "読み取れません"),
        ("{{ name|safe }}", "使えません"),
        ("{{ name | yen }}", "使えません"),
        ("{{ due | yen }}", "使えません"),
        ("{% for x in items %}x{% endfor %}", "使えません"),
        ("{% if name == 'x' %}x{% endif %}", "使えません"),
        ("{% include 'settings' %}", "使えません"),
        ("{% if name %}x", "閉じられていません"),
        ("x{% endif %}", "使えません"),
        ("{{ name", "相手がありません"),
        ("name }}", "相手がありません"),
        ("次の {{ items }} です", "文の途中"),
        ("{{ }}", "読み取れません"),
    ],
)
def test_anything_outside_the_grammar_is_a_fault_with_a_mend(body, words):
    with pytest.raises(DefinitionFault, match=words) as caught:
        bundle(body)
    assert caught.value.path == ("body", "ja")
    assert caught.value.mend


def test_a_subject_is_one_line():
    with pytest.raises(DefinitionFault, match="2行"):
        bundle("本文", subject="一\n二")


def test_a_language_that_leaves_out_a_date_is_a_fault():
    with pytest.raises(DefinitionFault, match="en の文にありません") as caught:
        bundle({"ja": "{{ due }}まで", "en": "Soon"})
    assert caught.value.path == ("body", "en")


def test_blocks_appear_only_with_a_value_and_leave_no_gap():
    body = "一\n\n{% if name %}\n{{ name }} 様\n\n{% endif %}\n二"
    assert text(body) == "一\n\n二\n"
    assert text(body, name="山田") == "一\n\n山田 様\n\n二\n"


def test_dates_and_yen_are_in_the_words_of_the_language():
    body = "{{ due | date }} {{ due | day }} {{ amount | yen }}"
    values = {"due": "2026-11-24", "amount": 1600}
    assert text(body, **values) == "令和8年11月24日 令和8年11月24日（火） 1,600円\n"
    assert text(body, "en", **values | {"due": date(2026, 11, 24)}) == (
        "Tuesday, 24 November 2026 Tuesday, 24 November 2026 1,600 yen\n"
    )
    assert "1.600 ienes" in text(body, "pt-br", **values)


def test_a_list_is_shown_as_points():
    body = "直すところ\n{{ items }}\nお願いします"
    assert html(body, items=["氏名", "<b>住所"]) == (
        "<p>直すところ</p>\n<ul><li>氏名</li><li>&lt;b&gt;住所</li></ul>\n<p>お願いします</p>"
    )
    assert text(body, items=["氏名", "住所"]) == "直すところ\n\n- 氏名\n- 住所\n\nお願いします\n"


def test_links_are_links_in_html_and_addresses_in_text():
    body = "[見る]({{ link }})\n\n{{ link }}"
    assert html(body, link="https://x.example/?a=1&b=2") == (
        '<p><a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">見る</a></p>\n'
        '<p><a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">https://x.example/?a=1&amp;b=2</a></p>'
    )
    assert text(body, link="https://x.example/") == "見る\nhttps://x.example/\n\nhttps://x.example/\n"
    with pytest.raises(ValueError, match="http"):
        html(body, link="javascript:alert(1)")


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "[押して](javascript:alert(1))",
        "# 見出し",
        "**太字**",
        "- 点",
        "{{ link }}",
        "{% if name %}",
        "\n\n1. x",
        '" onclick="x',
    ],
)
def test_a_value_is_never_more_than_words(evil):
    shown = html("こんにちは {{ name }} さん", name=evil)
    assert shown.startswith("<p>こんにちは ")
    assert shown.endswith(" さん</p>")
    assert not any(tag in shown for tag in ("<script", "<a ", "<strong", "<h1", "<ul", "<ol", "<li"))
    assert evil.strip() in text("こんにちは {{ name }} さん", name=evil)


@given(st.text(max_size=200))
def test_any_value_comes_out_escaped_and_whole(value):
    shown = render(bundle("A{{ name }}B"), {"name": value}, "ja")
    assert shown.html.count("<p>") == 1
    assert shown.text.startswith("A")
    assert "\n" not in render(bundle("x", subject="{{ name }}"), {"name": value}, "ja").subject


def test_lines_of_a_long_answer_are_kept():
    assert html("{{ note }}", note="一行目\n二行目") == "<p>一行目<br>二行目</p>"


def test_html_in_a_template_is_shown_as_words():
    assert html("<img src=x onerror=alert(1)>") == "<p>&lt;img src=x onerror=alert(1)&gt;</p>"


def test_special_characters_of_names_survive():
    assert text("{{ name }}", name="𠮷野 神\ufa19 葛\U000e0100城") == "𠮷野 神\ufa19 葛\U000e0100城\n"


def test_a_link_alone_becomes_a_button_in_mail_and_others_stay_links():
    dressed = styled(
        '<p><a href="https://x/">見る</a></p>\n<p>詳しくは <a href="https://y/">こちら</a></p>', "#005"
    )
    assert dressed.count("display:inline-block") == 1
    assert 'style="color:#005" href="https://y/"' in dressed


def test_deep_nesting_is_read_without_trouble():
    depth = 50
    nested = "{% if name %}" * depth + "x" + "{% endif %}" * depth
    assert parse(nested, DATA)
    with pytest.raises(DefinitionFault):
        parse(nested + "{% endif %}", DATA)


def test_compat_is_judged_by_the_data_needed():
    old = bundle("a", data={"name": "text"})
    assert compat(old, bundle("b", data={"name": "text"})) == "none"
    assert compat(old, bundle("b", data={"name": "text", "due": "date"})) == "additive"
    assert compat(old, bundle("b", data={})) == "breaking"


def test_the_base_notices_are_without_fault_in_six_languages():
    faults = [fault for fault in check([PACKAGE / "notices"]) if fault.file]
    assert [str(fault) for fault in faults] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "notices").glob("*.yaml")), ids=lambda path: path.stem)
def test_each_base_notice_reads_well_full_and_bare(path):
    ((tree,), _faults) = read(path.read_bytes(), path.name)
    made = compile_notice(NoticeDefinition.model_validate(tree), None)
    full = {
        "text": "言葉",
        "longtext": "一\n二",
        "list": ["一", "二"],
        "link": "https://x.example/",
        "date": "2026-11-24",
        "yen": 800,
    }
    for language in LANGUAGES:
        for data in (
            {name: full[kind] for name, kind in made["data"].items()},
            {"link": "https://x.example/"},
        ):
            shown = render(made, data, language.code)
            assert "{" not in shown.subject + shown.text + shown.html
            assert "**" not in shown.text + shown.html
            assert "\n\n\n" not in shown.text
            assert 'href="https://x.example/"' in shown.html or "link" not in made["data"]
