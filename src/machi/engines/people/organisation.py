"""The tables of the organisation follow its published definition."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from machi.engines.audit.define import SYSTEM
from machi.engines.audit.public import record
from machi.engines.people.models import Grant, Post, Role, Unit
from machi.ground.calendar import today


@transaction.atomic
def apply_organisation(*, bundle, actor=SYSTEM):
    """Make units, posts, roles and grants what `bundle` (a compiled organisation) says; returns what changed.

    Nothing is deleted that something may point to: units and posts no longer named are closed as of today,
    grants no longer named end today. Appointments of persons stay.
    Returns {"units", "posts", "roles", "granted", "ended"}.
    """
    day = today()
    changed = {
        "units": _put_units(bundle["units"], day),
        "posts": _put_posts(bundle["posts"], day),
        "roles": _put_roles(bundle["roles"]),
    } | _put_grants(bundle["grants"], day)
    if any(changed.values()):
        record(stream="organisation", verb="people.organisation_applied", actor=actor, payload=changed)
    return changed


def _put_units(rows, day):
    changed = 0
    for order, row in enumerate(rows):
        values = {key: value for key, value in row.items() if key not in ("code", "parent")}
        changed += _put(
            Unit, row["code"], values | {"parent_id": row["parent"], "order": order, "closed_on": None}
        )
    return changed + _close(Unit, {row["code"] for row in rows}, day)


def _put_posts(rows, day):
    changed = 0
    for order, row in enumerate(rows):
        values = {"unit_id": row["unit"], "title": row["title"], "order": order, "closed_on": None}
        values["deputies"] = row.get("deputies", [])
        changed += _put(Post, row["code"], values)
    return changed + _close(Post, {row["code"] for row in rows}, day)


def _put_roles(rows):
    return sum(
        _put(Role, row["code"], {key: value for key, value in row.items() if key != "code"}) for row in rows
    )


def _put(model, code, values):
    """Insert or change one row; 1 if anything is different now, else 0."""
    found = model.objects.filter(pk=code).first()
    if found and all(getattr(found, key) == value for key, value in values.items()):
        return 0
    model.objects.update_or_create(pk=code, defaults=values)
    return 1


def _close(model, codes, day):
    return model.objects.filter(closed_on=None).exclude(pk__in=codes).update(closed_on=day)


def _put_grants(rows, day):
    """Start what is new, end what is gone: a grant is one thing by post, role, unit and code."""
    wanted = {(row["post"], row["role"], row["unit"], row["code"]): row for row in rows}
    open_now = {
        (grant.post_id, grant.role_id, grant.unit_id, grant.code): grant
        for grant in Grant.objects.exclude(during__fully_lt=DateRange(day, None))
    }
    granted = sum(_put_grant(row, open_now.get(key), day) for key, row in wanted.items())
    ended = sum(_end_grant(grant, day) for key, grant in open_now.items() if key not in wanted)
    return {"granted": granted, "ended": ended}


def _put_grant(row, found, day):
    """A period in the definition counts from today on: what was granted in the past stays as it was."""
    asked = date.fromisoformat(row["since"]) if row["since"] else day
    since = asked if asked > day or found is None else found.during.lower
    during = DateRange(max(since, day) if found is None else since, _day(row["until"]))
    if during.upper is not None and during.upper <= max(during.lower, day):
        return _end_grant(found, day) if found else 0
    if found is None:
        Grant.objects.create(
            post_id=row["post"], role_id=row["role"], unit_id=row["unit"], code=row["code"], during=during
        )
        return 1
    return _move_grant(found, during)


def _day(text):
    return date.fromisoformat(text) if text else None


def _move_grant(grant, during):
    if (grant.during.lower, grant.during.upper) == (during.lower, during.upper):
        return 0
    grant.during = during
    grant.save(update_fields=["during"])
    return 1


def _end_grant(grant, day):
    if grant.during.lower >= day:
        grant.delete()
        return 1
    return _move_grant(grant, DateRange(grant.during.lower, day))
