"""What every page knows of the city that is loaded, in the reader's language."""

from machi.engines.definitions.public import city as loaded_city
from machi.ground.languages import pick
from machi.house.city_look import MAP


def city(request):
    """`city` for the page frame (names, contact, the stylesheet of its colour), and where maps begin."""
    bundle, code = loaded_city(), getattr(request, "LANGUAGE_CODE", "ja")
    if not bundle:
        return {}
    centre = bundle["centre"]
    return {
        "city": {
            "name": pick(bundle["name"], code),
            "address": pick(bundle["address"], code),
            "hours": pick(bundle["hours"], code),
            "phone": bundle["phone"],
            "style": f"/city.css?{bundle['colour'].lstrip('#')}",
        },
        "center": f"{centre['lat']},{centre['lng']}",
        "background": "/city.geojson" if MAP.exists() else "",
    }
