"""Bringing in what other systems wrote."""

import hashlib
from uuid import NAMESPACE_URL, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.engines.audit.define import Actor
from machi.engines.audit.public import record
from machi.engines.definitions import public as definitions
from machi.engines.files import public as files
from machi.engines.people.define import Scope
from machi.engines.people.public import can
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.exchange.intake.judging import judge, take_files
from machi.entrances.exchange.intake.reading import read as read_applications
from machi.entrances.exchange.models import ApplicationFile, Filed, FormArrival
from machi.entrances.exchange.xlsform.form import import_form
from machi.ground.calendar import today


@transaction.atomic
def bring_form(*, data, name, code, actor):
    """Make a manuscript of an XLSForm; keeps the file and what could not be carried over.

    Returns the FormArrival. Raises FormRefused, or CodeTaken when the code (`code`, else the form's own) is taken.
    """
    made = import_form(data, name)
    tree = {**made.tree, "code": code or made.code}
    manuscript = definitions.begin_manuscript(tree=tree, actor=actor)
    came = FormArrival.objects.create(
        name=name[-200:], data=data, manuscript=manuscript.id, code=tree["code"], title=tree["title"]["ja"][:300],
        notes=[[note.sheet, note.line, note.words] for note in made.notes], by=actor.key, by_name=actor.name,
    )  # fmt: skip
    record(
        stream=f"form:{came.id}", verb="exchange.form_brought", actor=actor,
        payload={"code": tree["code"], "notes": len(made.notes)},
    )  # fmt: skip
    return came


@transaction.atomic
def bring_applications(*, data, name, actor):
    """Keep a file of applications as it came. The same file again gives the first. Raises IntakeRefused."""
    read_applications(data, name)
    came, new = ApplicationFile.objects.get_or_create(
        digest=hashlib.sha256(data).hexdigest(),
        defaults={"name": name[-200:], "by": actor.key, "by_name": actor.name},
    )
    if new:
        blob = files.store(data, mime="application/octet-stream", name=name)
        files.attach(blob=blob, owner=came.owner, field="file", name=name[-200:], sensitivity="special")
        record(stream=came.owner, verb="exchange.applications_brought", actor=actor, payload={"digest": came.digest})
    return came


def fates(came):
    """The Fate of every application in a file that came; changes nothing."""
    (kept,) = files.links(came.owner)
    return [judge(one, _is_filed) for one in read_applications(files.read(kept.blob), came.name)]


def file_applications(*, came, actor):
    """Make a case of every application that is ready and that this actor may handle; each on its own.

    Returns [Fate], with `filed_now` for those that became a case. What fails stays as it was, in the kept file.
    """
    found = fates(came)
    for fate in found:
        if fate.state == "ready":
            _file_one(fate, came, actor)
    return found


def _file_one(fate, came, actor):
    unit, code = fate.procedure.bundle["owner"], fate.procedure.code
    if not can(actor, "procedures.handle", Scope(unit=unit, code=code)):
        fate.state, fate.notes = "others", [_("この手続の担当課の人が取り込みます。")]
        return
    try:
        with transaction.atomic():
            case = _submit(fate, came)
            Filed.objects.create(
                source=fate.source, reference=fate.reference, case=case.id, file=came, by=actor.key
            )
            record(stream=came.owner, verb="exchange.application_filed", actor=actor, payload={"case": str(case.id)})
    except files.FileRefused as refused:
        fate.state, fate.notes = "faulty", [refused.message]
    except procedures.Refused as refused:
        fate.state, fate.notes = "faulty", [refused.message, *map(str, refused.errors.values())]
    except IntegrityError:
        fate.state = "filed"
    else:
        fate.state = "now"


def _submit(fate, came):
    one = uuid5(NAMESPACE_URL, f"machi:intake:{fate.source}:{fate.reference}")
    owner = f"applied:{one}"
    take_files(fate, owner)
    accepted = questions.accept(fate.procedure.bundle["form"], fate.answers, today=today(), owner=owner)
    if accepted.errors:
        raise procedures.Refused(_("入力を確かめてください。"), accepted.errors)
    return procedures.submit(
        version=fate.procedure,
        answers=accepted.answers,
        sender=procedures.Sender(
            actor=Actor(kind="machine", name=fate.source), assurance=fate.definition.bundle["assurance"],
            origin="platform",
        ),
        command_id=one,
        from_owner=owner,
    )  # fmt: skip


def _is_filed(source, reference):
    return Filed.objects.filter(source=source, reference=reference).exists()
