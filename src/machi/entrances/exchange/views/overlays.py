"""Overlays of the city and the bases they stand on: what follows by itself, and what somebody must decide."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.engines.definitions import public as definitions
from machi.entrances.desk.words import chip
from machi.entrances.exchange.frame import needs, page

STATES = {
    "new": (gettext_lazy("まだ記録がない"), "plain"),
    "same": (gettext_lazy("変わりなし"), "done"),
    "follows": (gettext_lazy("もとの変更に従う"), "progress"),
    "conflict": (gettext_lazy("決めることがある"), "late"),
}


@needs("definitions.see")
@require_GET
def overlays(request, _actor):
    """Every overlay of the city; conflicts first."""
    found = definitions.footings([settings.PACKAGES / "municipality", settings.CITY])
    labels = (_("どこを"), _("もとの前の値"), _("もとの今の値"), _("この市の値"))
    context = {
        "rows": [
            {"footing": one, "chip": chip(STATES[one.state])}
            for one in sorted(found, key=lambda one: (one.state != "conflict", one.name))
        ],
        "columns": [{"label": label} for label in labels],
    }
    return page(request, "exchange/overlays.html", context, tab="overlays")
