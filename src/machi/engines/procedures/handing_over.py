"""Lists of cases for another system (引渡し): what a procedure says of those that stand at one of its steps."""

from machi.engines.audit.public import saw_all
from machi.engines.definitions.public import current_all
from machi.engines.people.public import visible_to
from machi.engines.procedures import scope
from machi.engines.procedures.models import Case


def handovers(actor):
    """(version, key, handover, how many cases) of every list this actor may take out."""
    return [
        (version, key, handover, _cases(version.code, handover, actor).count())
        for version in current_all("procedure")
        for key, handover in version.bundle.get("handovers", {}).items()
        if Case.objects.filter(visible_to(actor, "procedures.export"), code=version.code).exists()
    ]


def handover_rows(version, key, actor):
    """The headings and the rows of a list, as texts, oldest case first; that it was taken stands in the access log."""
    handover = version.bundle["handovers"][key]
    cases = list(_cases(version.code, handover, actor).select_related("version").order_by("submitted_at"))
    saw_all(actor=actor, owners=[case.owner for case in cases], what=f"handover {version.code} {key}")
    return [list(handover["columns"]), *(_row(case, handover["columns"]) for case in cases)]


def _cases(code, handover, actor):
    standing = {"steps__key": handover["step"], "steps__state": "active"}
    return Case.objects.filter(visible_to(actor, "procedures.export"), code=code, **standing)


def _row(case, columns):
    seen = {**scope.values(case), "case": {"number": case.number, "reference": case.reference}}
    found = [scope.evaluate(case, text, seen) for text in columns.values()]
    return ["" if value is None else str(value) for value in found]
