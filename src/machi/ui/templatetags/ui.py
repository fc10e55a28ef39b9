"""The one way a component reaches a page.

`{% ui "button" label="…" %}` renders `templates/ui/button.html` with only what is passed.
`{% box "card" title="…" %}…{% endbox %}` does the same and passes what stands between as `content`.
Both take `as name` to keep the result for another slot. The comment at the top of each component's
template lists its arguments; the gallery page (`/gallery/`) shows it.
"""

from datetime import date
from functools import lru_cache

import segno
from django import template
from django.template import Context, Engine
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from machi.ground.languages import BY_CODE, LANGUAGES
from machi.ground.money import yen_words
from machi.ui.words import script_words as words_of_scripts

register = template.Library()

# A component knows the request besides its arguments, and nothing else of the page.
_ALWAYS = ("request", "csrf_token")
# These depend on their arguments alone and stand on a page a hundred times: each is rendered once.
_STILL = {"icon", "chip"}


@register.simple_tag(takes_context=True)
def ui(context, component, **arguments):
    """The component with `arguments`."""
    return _render(context, component, arguments)


@register.simple_block_tag(takes_context=True)
def box(context, content, component, **arguments):
    """The component around `content`."""
    return _render(context, component, {**arguments, "content": mark_safe(content)})  # noqa: S308 (a template rendered it)


def _render(context, component, arguments):
    if component in _STILL:
        return _once(
            component, tuple((key, _word(value), _is_safe(value)) for key, value in arguments.items())
        )
    shape = context.template.engine.get_template(f"ui/{component}.html")
    known = {key: context[key] for key in _ALWAYS if key in context}
    return mark_safe(shape.render(context.new(known | arguments)))  # noqa: S308 (a template rendered it)


@lru_cache(maxsize=4096)
def _once(component, arguments):
    shape = Engine.get_default().get_template(f"ui/{component}.html")
    return shape.render(Context({key: value for key, value, _ in arguments}))


def _word(value):
    return value if isinstance(value, bool | int | type(None)) else str(value)


def _is_safe(value):
    """Whether `value` is HTML: part of the key, so that plain words never come out as HTML alike."""
    return hasattr(value, "__html__")


@register.simple_tag
def page_language():
    """The ground.languages.Language the page is written in; needs no request, so error pages have it too."""
    return BY_CODE.get(get_language() or "ja", LANGUAGES[0])


@register.simple_tag
def house_languages():
    """All languages of the house."""
    return LANGUAGES


@register.simple_tag(takes_context=True)
def language_link(context, code):
    """The page's address in the language `code`."""
    return _with_parameter(context, "lang", code)


@register.simple_tag(takes_context=True)
def page_link(context, parameter, number):
    """The page's address with another page number."""
    return _with_parameter(context, parameter, number)


def _with_parameter(context, parameter, value):
    request = context.get("request")
    if request is None:
        return f"?{parameter}={value}"
    query = request.GET.copy()
    query[parameter] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def page_range(page):
    """The page numbers to show, with "…" where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def script_words():
    """What the scripts say, in the reader's language, as a JSON block they read."""
    return json_script(words_of_scripts(), "words")


@register.simple_tag
def map_data():
    """Where the map's parts are, as data attributes; they are loaded only when a map comes into view."""
    return format_html(
        'data-script="{}" data-worker="{}" data-style="{}"',
        static("ui/built/map.js"),
        static("ui/built/map-worker.js"),
        static("ui/built/map.css"),
    )


@register.simple_tag
def date_parts(value):
    """{year, month, day} as typed, from such a mapping, a date, or an ISO string."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return {"year": value}
    if hasattr(value, "year"):
        return {"year": str(value.year), "month": str(value.month), "day": str(value.day)}
    return value or {}


@register.simple_tag
def first_free(days):
    """The value of the first day that can be chosen (a link to the field leads there)."""
    return next((day["value"] for day in days if day["left"] > 0 and not day.get("closed")), None)


@register.filter
def month_of(day):
    """A key for grouping days by month."""
    return (day.year, day.month)


@register.filter
def choice_id(name, number):
    """The id of the control `number` (from 1) of a group: the first one has the field's own id."""
    return name if number == 1 else f"{name}-{number}"


@register.filter
def chosen(value, option):
    """Whether `option` is the value, or among the values when several may be chosen."""
    if isinstance(value, list | tuple | set | frozenset):
        return str(option) in {str(one) for one in value}
    return value is not None and value != "" and str(value) == str(option)


@register.filter
def yen(amount):
    """An amount in yen (int) as people read it: `1,500円`."""
    return yen_words(int(amount), get_language())


@register.filter
def qr_svg(text):
    """`text` as a QR code, an inline SVG that scales with its box and prints sharp."""
    made = segno.make(text, error="m", micro=False)  # few scanners read the micro form
    svg = made.svg_inline(border=2, omitsize=True, svgclass="qr-code", lineclass=None)
    return mark_safe(svg)  # noqa: S308 (segno writes modules, never the text)


@register.simple_tag
def items(*values):
    """The values as a list, for the `items` of a component."""
    return list(values)
