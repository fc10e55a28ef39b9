"""The six doors by life, and the procedures behind them."""

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from machi.engines.definitions.public import current_all
from machi.engines.guides.public import guides
from machi.engines.procedures.public import often_sent
from machi.ground.languages import pick
from machi.ground.text import search_key

OFTEN, OFTEN_KEPT = 6, 600  # how many, and for how many seconds their order is kept
DOORS = {
    "moving": (_("引っ越し・証明"), _("住民票、転入、転出")),
    "child": (_("子ども"), _("出産、保育、学校")),
    "health": (_("健康・福祉"), _("健診、保険、介護")),
    "garbage": (_("ごみ"), _("分け方、粗大ごみ")),
    "money": (_("税・お金"), _("税金、手当、補助")),
    "help": (_("相談・意見"), _("困ったとき、市民の声")),
}


def door_items():
    """The doors as the `doors` component takes them."""
    return [
        {"href": f"/doors/{key}/", "label": label, "text": text, "icon": key}
        for key, (label, text) in DOORS.items()
    ]


def public_procedures(language="ja"):
    """Published procedures that residents may start, in the order of their titles in that language."""
    found = [version for version in current_all("procedure") if is_public(version)]
    return sorted(found, key=lambda version: search_key(pick(version.bundle["title"], language)))


def behind(door, language):
    """The procedures behind one door (None: behind no door), as the `link_list` component takes them."""
    found = [version for version in public_procedures(language) if version.bundle["door"] == door]
    return procedure_items(found, language)


def behind_all_doors(language):
    """Every procedure, door by door, and last what is behind none: [{"key", "title", "items"}]."""
    doors = {key: label for key, (label, _text) in DOORS.items()} | {None: _("事業者・団体・そのほか")}
    found = [{"key": key or "others", "title": doors[key], "items": behind(key, language)} for key in doors]
    return [one for one in found if one["items"]]


def often_used():
    """The few procedures that people send most often these days; any few, where nobody has sent one yet."""
    often = cache.get_or_set("portal.often", often_sent, OFTEN_KEPT)
    order = {code: place for place, code in enumerate(often)}
    return sorted(public_procedures(), key=lambda version: order.get(version.code, len(order)))[:OFTEN]


def is_public(version):
    """Whether residents may use a procedure (a version that is in force, or None)."""
    return version is not None and version.bundle["audience"] == "public"


def procedure_items(versions, language):
    """Procedures as the `link_list` component takes them."""
    return [
        {
            "href": f"/procedures/{version.code}/",
            "label": pick(version.bundle["title"], language),
            "text": pick(version.bundle["summary"], language),
        }
        for version in versions
    ]


def found_items(hits, language):
    """What a search found, in its order, as the `link_list` component takes it; only what is still published."""
    items = {item["href"]: item for item in procedure_items(public_procedures(), language)}
    items |= {item["href"]: item for item in guide_items(language)}
    return [items[hit.url] for hit in hits if hit.url in items]


def guide_items(language):
    """The guides as the `doors` component takes them."""
    return [
        {
            "href": f"/guide/{version.code}/",
            "label": pick(version.bundle["title"], language),
            "text": pick(version.bundle["summary"], language),
            "icon": version.bundle["icon"],
        }
        for version in guides()
    ]
