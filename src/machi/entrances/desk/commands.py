"""What a clerk sends from a case page: read from the form, carried out, said back in words."""

from uuid import UUID

from django.utils.translation import gettext as _

from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.desk.steps import begun
from machi.entrances.desk.words import timeline
from machi.ground.ids import new_id

# Names of controls begin with "_", so that no field of a step's own form can have the same name.
TEXTS = (
    "step", "outcome", "reasons", "conditions", "text", "message", "reason", "unit", "charge", "method", "document",
    "slot", "digest", "comment", "level", "post", "kind", "before",
    "party", "into", "link",
)  # fmt: skip
LISTS = ("fields", "checked")
STEP_VERBS = ("complete", "decide")


def read(post):
    """(verb, payload) of a posted form."""
    payload = {name: post[f"_{name}"] for name in TEXTS if post.get(f"_{name}")}
    payload |= {name: post.getlist(f"_{name}") for name in LISTS if f"_{name}" in post}
    return post.get("_verb", ""), payload


def read_step(case, verb, payload, request):
    """What was filled in at the step's own form (a Reading), or None where the step has none.

    Also where somebody else has finished the step meanwhile, so that nothing typed is lost.
    """
    key = payload.get("step", "")
    if verb not in STEP_VERBS or key not in case.definition.bundle["flow"]["steps"]:
        return None
    form = procedures.step_form(case.definition, key)
    if form is None:
        return None
    steps = list(case.steps.order_by("opened_at", "id"))
    last = next((step for step in reversed(steps) if step.key == key), None)
    if last is None:
        return None
    kept = begun(case, last, steps)
    return questions.read_page(form, "step", request.POST, request.FILES, kept, owner=case.owner)


def run(case, verb, payload, request, actor):
    """Carry the command out. Raises as procedures.command does."""
    revision = request.POST.get("_revision", "")
    return procedures.command(
        case_id=case.id,
        command_id=_uuid(request.POST.get("_command")),
        expected_revision=int(revision) if revision.isdecimal() else -1,
        verb=verb,
        payload=payload,
        actor=actor,
    )


def what_changed(case, revision):
    """The sentence for the clerk who was second."""
    since = int(revision) if revision.isdecimal() else case.revision
    entries = procedures.changes_since(case, since)
    lines = [
        _("%(event)s（%(who)s）") % {"event": line["title"], "who": line["by"]} if line["by"] else line["title"]
        for line in reversed(timeline(case, entries))
    ]
    said = "、".join(dict.fromkeys(lines)) or _("ほかの人が更新しました")
    return _(
        "この間に案件が変わりました: %(changes)s。今の状態を確かめてから、もう一度押してください。"
        "書いたものは残っています。"
    ) % {"changes": said}


def _uuid(text):
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()
