"""What would become of each application: new, filed before, faulty, or of a procedure nobody here reads."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from machi.engines.definitions.public import current, current_all
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.ground.calendar import today


@dataclass
class Fate:
    """What would become of an application. `state`: ready, filed, faulty, unknown. `notes` are for the clerk."""

    application: object
    reference: str
    state: str
    definition: object = None
    procedure: object = None
    answers: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    @property
    def source(self):
        """The name of the intake definition; blank when none fits."""
        return self.definition.code if self.definition else ""


def judge(application, filed):
    """The Fate of one application. `filed(source, reference)`: whether it became a case before."""
    definition = definition_of(application)
    reference = _reference(application, definition)
    if application.fault or not reference:
        why = application.fault or _("受付番号が読み取れません。")
        return Fate(application, reference or application.place, "faulty", definition, notes=[why])
    if definition is None:
        return Fate(application, reference, "unknown", notes=[_("この手続の読み替えの定義がありません。")])
    if filed(definition.code, reference):
        return Fate(application, reference, "filed", definition)
    version = current("procedure", definition.bundle["procedure"])
    if version is None:
        notes = [_("読み替え先の手続が公開されていません。")]
        return Fate(application, reference, "faulty", definition, notes=notes)
    fate = Fate(application, reference, "ready", definition, version)
    fate.answers = answers_of(application, definition.bundle, procedures.form_of(version))
    _judge_answers(fate)
    return fate


def definition_of(application):
    """The intake definition whose mark the application bears, or None."""
    for version in current_all("intake"):
        match = version.bundle["match"]
        if application.item(match["item"]) in match["is"]:
            return version
    return None


def answers_of(application, bundle, form):
    """The answers in the application, as our questions keep them; files are apart."""
    given = {}
    for key, answer in bundle["fields"].items():
        name, _dot, box = key.partition(".")
        said = _said(application, answer, _by_label(form.questions[name]))
        if said and box:
            given.setdefault(name, {})[box] = said
        elif said:
            given[name] = said
    return questions.answers_from_words(form, given)


def files_of(application, bundle):
    """({question: {name: bytes}}, names of attached files that belong to no question)."""
    left, found = dict(application.files), {}
    for key, attachments in bundle["files"].items():
        for name in [one for one in left if any(part in one for part in attachments["names"])]:
            found.setdefault(key, {})[name] = left.pop(name)
    return found, sorted(left)


def take_files(fate, owner):
    """Attach the files of an application to `owner`; its answers then name them. Raises files.FileRefused."""
    form = procedures.form_of(fate.procedure)
    found, _left = files_of(fate.application, fate.definition.bundle)
    for key, named in found.items():
        said = form.questions[key].field
        links = []
        for name, data in named.items():
            upload = SimpleUploadedFile(name, data)
            got = files.receive(upload, accept=said.accept, max_mb=said.max_mb, keep_place=said.keep_place)
            level = form.questions[key].sensitivity
            links.append(files.attach(blob=got.blob, owner=owner, field=key, name=got.name, sensitivity=level))
        fate.answers[key] = [str(link.id) for link in links]


def _judge_answers(fate):
    """Note what does not stand; files are promised here, and judged when they are taken."""
    found, left = files_of(fate.application, fate.definition.bundle)
    accepted = questions.accept(fate.procedure.bundle["form"], fate.answers, today=today())
    errors = {path: said for path, said in accepted.errors.items() if path not in found}
    fate.notes = [str(said) for said in errors.values()]
    if left:
        fate.notes.append(_("項目のない添付は、もとのファイルに残ります: %(names)s") % {"names": "、".join(left)})
    fate.state = "faulty" if errors else "ready"


def _reference(application, definition):
    named = [definition.bundle["reference"]] if definition else []
    named += [version.bundle["reference"] for version in current_all("intake")]
    return next((words[:60] for words in map(application.item, named) if words), "")


def _by_label(question):
    """{what people read: key} of the options of a question: other systems send labels."""
    return {option["label"]["ja"]: key for key, option in question.options.items()}


def _said(application, answer, labels):
    if answer["value"] is not None:
        return answer["value"]
    items = [answer["from"]] if isinstance(answer["from"], str) else answer["from"]
    words = next((said for said in map(application.item, items) if said), "")
    ours = {**labels, **answer["map"]}
    if answer["split"] and words:
        return [ours.get(one.strip(), one.strip()) for one in words.split(answer["split"]) if one.strip()]
    return ours.get(words, words)
