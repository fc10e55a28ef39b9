"""Whether the house is well, for load balancers, monitors and `./machi up`."""

from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from machi.engines.definitions import public as definitions
from machi.engines.effects import public as effects
from machi.engines.files import public as files
from machi.ground.languages import pick

MIN_FREE_BYTES = 200_000_000


@never_cache
@require_safe
def health(_request):
    """The state of database, queue, storage and city as JSON; 200 when all are well, else 503.

    Effects that are dead or unknown wait for a person and are no reason to take the machine out of service.
    """
    state = {"database": _database()}
    answers = state["database"]["ok"]
    state["queue"] = _queue() if answers else {"ok": False}
    state["storage"] = _storage()
    state["city"] = _city() if answers else {"ok": False}
    well = all(part["ok"] for part in state.values())
    unescaped = {"ensure_ascii": False}
    return JsonResponse({"ok": well, **state}, status=200 if well else 503, json_dumps_params=unescaped)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return {"ok": False}
    return {"ok": True}


def _queue():
    try:
        return {"ok": True, **effects.state()}
    except DatabaseError:
        return {"ok": False}


def _storage():
    state = files.state()
    return {"ok": state["writable"] and state["free_bytes"] >= MIN_FREE_BYTES, **state}


def _city():
    try:
        city = definitions.city()
        published = definitions.count_published()
    except DatabaseError:
        return {"ok": False}
    if not city:
        return {"ok": False}
    return {"ok": True, "code": city["code"], "name": pick(city["name"], "ja"), "definitions": published}
