"""Bringing in what other systems wrote."""

from django.db import transaction

from machi.engines.audit.public import record
from machi.engines.definitions import public as definitions
from machi.entrances.exchange.models import FormArrival
from machi.entrances.exchange.xlsform.form import import_form


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
