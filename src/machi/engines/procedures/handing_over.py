"""Handing cases over to another system (引渡し): those that stand at a step, each once, in a file that is kept."""

import csv
import hashlib
import io

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.engines.audit.public import record, saw_all
from machi.engines.definitions.public import current_all
from machi.engines.files import public as files
from machi.engines.people.public import visible_to
from machi.engines.procedures import scope
from machi.engines.procedures.models import Case, Handed, Handing, Step
from machi.engines.procedures.rules import Refused
from machi.ground.calendar import OFFICE, today
from machi.ground.zengin import Consigner, Transfer, Unwritable, transfer_file


def handovers(actor):
    """(version, key, handover, how many wait) of every list this actor may take out."""
    return [
        (version, key, handover, len(waiting_at(version, key, actor)))
        for version in current_all("procedure")
        for key, handover in version.bundle.get("handovers", {}).items()
        if Case.objects.filter(visible_to(actor, "procedures.export"), code=version.code).exists()
    ]


def waiting_at(version, key, actor):
    """The steps at which cases wait to be handed over, the oldest case first."""
    waiting = Step.objects.filter(
        case__in=Case.objects.filter(visible_to(actor, "procedures.export"), code=version.code),
        key=version.bundle["handovers"][key]["step"],
        state="active",
    )
    return list(waiting.exclude(handed__key=key).select_related("case__version").order_by("case__submitted_at"))


def handings(version, key):
    """What was handed over before, the newest first."""
    return Handing.objects.filter(code=version.code, key=key).order_by("-at")


def handed_file(version, key, handing_id, actor):
    """(the Handing, its file as it was), or None; that it was taken out stands in the access log."""
    found = handings(version, key).filter(pk=handing_id).first()
    if found is None:
        return None
    owners = [f"case:{one}" for one in found.steps.values_list("step__case", flat=True)]
    saw_all(actor=actor, owners=owners, what=f"handover {version.code} {key}")
    return found, files.read(files.links(found.owner)[0].blob)


@transaction.atomic
def hand_over(*, version, key, actor, day=None):
    """Hand over all that waits; `day`: when the bank shall pay. Returns the Handing. Raises Refused."""
    handover = version.bundle["handovers"][key]
    steps = waiting_at(version, key, actor)
    if not steps:
        raise Refused(_("渡すものがありません。"))
    data, total = _transfer(handover["transfer"], steps, day) if handover["transfer"] else (_csv(handover, steps), None)
    made = Handing.objects.create(
        code=version.code, key=key, day=day, count=len(steps), total=total, digest=hashlib.sha256(data).hexdigest(),
        by=actor.key, by_name=actor.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            Handed.objects.bulk_create(Handed(handing=made, key=key, step=step) for step in steps)
    except IntegrityError as taken:
        raise Refused(_("ほかの人が、同じものを先に渡しました。画面を開き直してください。")) from taken
    _keep(made, data, handover, actor)
    saw_all(actor=actor, owners=[step.case.owner for step in steps], what=f"handover {version.code} {key}")
    return made


def _keep(made, data, handover, actor):
    """The file as it was handed over, and that it was."""
    mime, ending = ("text/plain", "txt") if handover["transfer"] else ("text/csv", "csv")
    name = f"{made.code}-{made.key}-{made.at:%Y%m%d}.{ending}"
    files.attach(blob=files.store(data, mime=mime, name=name), owner=made.owner, field="file", name=name)
    told = {"code": made.code, "key": made.key, "count": made.count, "digest": made.digest}
    record(stream=made.owner, verb="procedures.handed_over", actor=actor, payload=told)


def _csv(handover, steps):
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(handover["columns"])
    for step in steps:
        found = _evaluated(step.case, handover["columns"])
        rows.writerow(["" if value is None else str(value) for value in found.values()])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _transfer(defined, steps, day):
    """(the bank's file, its sum). Raises Refused where a case cannot stand in it, naming it."""
    if day is None or day <= today() or not OFFICE.is_open(day):
        raise Refused(_("振り込む日は、明日からの銀行の営業日にしてください。"))
    expressions = {name: text for name, text in defined.items() if name != "consigner"}
    given = [_payment(_evaluated(step.case, expressions)) for step in steps]
    settings = steps[0].case.version.bundle["settings"]
    consigner = Consigner(**{name: settings[key] for name, key in defined["consigner"].items()})
    try:
        data = transfer_file(consigner, day, given)
    except Unwritable as wrong:
        said = [_of_case(steps, row) + sentence for row, sentence in wrong.faults[:10]]
        raise Refused(" ".join(said)) from wrong
    return data, sum(one.amount for one in given)


def _payment(found):
    """What is blank is left to the writer, which says so."""
    return Transfer(**{name: value or ("" if name != "amount" else 0) for name, value in found.items()})


def _of_case(steps, row):
    return f"{steps[row - 1].case.number}: " if row else ""


def _evaluated(case, expressions):
    seen = {**scope.values(case), "case": {"number": case.number, "reference": case.reference}}
    return {name: scope.evaluate(case, text, seen) for name, text in expressions.items()}
