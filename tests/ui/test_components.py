"""What the component tags let in and out."""

import pytest
from django.template import Context, Engine
from django.utils import translation
from django.utils.safestring import mark_safe

from machi.ui.templatetags.ui import chosen, date_parts, first_free, yen


def render(source, **context):
    return Engine.get_default().from_string("{% load ui %}" + source).render(Context(context))


def test_a_component_sees_its_arguments_and_nothing_else_of_the_page():
    assert "secret" not in render('{% ui "notice" text="plain" %}', title="secret")


@pytest.mark.parametrize("component", ["chip", "button", "notice", "text", "empty"])
def test_words_of_people_never_become_html(component):
    html = render(
        '{% ui component label=words title=words text=words name="a" %}', component=component, words="<b>x"
    )

    assert "<b>" not in html
    assert "&lt;b&gt;x" in html


def test_plain_words_stay_plain_after_the_same_words_came_as_html():
    assert "<i>y" in render('{% ui "chip" label=words %}', words=mark_safe("<i>y"))
    assert "<i>y" not in render('{% ui "chip" label=words %}', words="<i>y")


def test_a_box_passes_what_stands_between_and_may_be_kept_for_a_slot():
    kept = '{% box "slot" as kept %}<em>{{ words }}</em>{% endbox %}'
    html = render(kept + '{% box "card" title="t" %}{{ kept }}{% endbox %}', words="<x>")

    assert "<em>&lt;x&gt;</em>" in html
    assert html.index("t</h2>") < html.index("<em>")


def test_required_and_optional_are_said_in_words():
    assert "必須" in render('{% ui "text" name="a" label="x" required=True %}')
    assert "任意" in render('{% ui "text" name="a" label="x" %}')
    assert "任意" not in render('{% ui "text" name="a" label="x" unmarked=True %}')


@pytest.mark.parametrize("component", ["text", "email", "tel", "number", "textarea", "select"])
def test_an_error_is_told_at_the_control(component):
    html = render('{% ui component name="a" label="x" hint="h" error="mend" %}', component=component)

    assert 'aria-describedby="a-hint a-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="a-error"' in html


@pytest.mark.parametrize(
    "component", ["radios", "checkboxes", "yes_no", "date", "address", "file", "slots", "place"]
)
def test_an_error_is_told_at_the_group(component):
    html = render(
        '{% ui component name="a" label="x" error="mend" options=options days=days %}',
        component=component, options=[{"value": "1", "label": "one"}], days=[],
    )  # fmt: skip

    assert '<fieldset class="field wrong" id="a-field" aria-describedby="a-error">' in html


def test_what_was_typed_wrong_is_shown_as_typed():
    assert 'value="２０２６年"' in render(
        '{% ui "date" name="a" label="x" value=value %}', value={"year": "２０２６年"}
    )


def test_the_parts_of_a_day():
    assert date_parts("2026-04-01") == {"year": "2026", "month": "4", "day": "1"}
    assert date_parts("yesterday") == {"year": "yesterday"}
    assert date_parts(None) == {}


def test_a_choice_is_found_among_one_or_many():
    assert chosen(["a", "b"], "b")
    assert chosen(3, "3")
    assert not chosen(None, "None")
    assert not chosen("", "")


def test_the_first_day_with_room():
    days = [{"value": "1", "left": 0}, {"value": "2", "left": 4, "closed": True}, {"value": "3", "left": 1}]

    assert first_free(days) == "3"
    assert first_free([]) is None


def test_yen_stand_with_commas():
    with translation.override("ja"):
        assert yen(1234567) == "1,234,567円"
    with translation.override("pt-br"):
        assert yen(1600) == "1.600 ienes"
