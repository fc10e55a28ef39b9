"""Trying a procedure as a resident would, and the tests that were kept of it."""

import unicodedata
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.builder.operations.words import Refused, japanese
from machi.entrances.builder.showing import words
from machi.ground.calendar import TOKYO, today

NOON = time(12)


def kept(manuscript):
    """The tests of the last sound state, each with what came out otherwise than expected."""
    bundle = manuscript.bundle
    return [_report(scenario, found) for scenario, found in procedures.played(bundle)] if bundle else []


def _report(scenario, found):
    return {"name": scenario["name"], "well": not found, "lines": [_line(one) for one in found]}


def _line(found):
    what, wanted, got = found
    names = {
        "path": _("通る段階"),
        "visible": _("聞く項目"),
        "hidden": _("聞かない項目"),
        "required": _("必須の項目"),
        "errors": _("まちがいになる項目"),
        "levels": _("決裁の段階"),
    }
    about = {"what": names.get(what, what), "wanted": _plain(wanted), "found": _plain(got)}
    return _("%(what)s: %(wanted)s のはずが、%(found)s でした。") % about


def _plain(value):
    return " → ".join(map(str, value)) if isinstance(value, list) else str(value)


class Trial:
    """What one clerk tried: the day, the answers, and the outcomes chosen at the steps. Kept in the session.

    Files are the trial's own (`owner`) and go with it.
    """

    def __init__(self, session, manuscript, account):
        self.session, self.key = session, f"builder.trial.{manuscript.id}"
        self.owner = self.owned(manuscript, account)
        said = session.get(self.key, {})
        self.answers, self.take = said.get("answers", {}), said.get("take", {})
        self.day = date.fromisoformat(said["on"]) if said.get("on") else today()
        self.bundle = manuscript.bundle
        self.form = questions.Form(self.bundle["form"])

    @staticmethod
    def owned(manuscript, account):
        """Who the files of a clerk's trial belong to."""
        return f"trial:{manuscript.id}:{account}"

    def keep(self):
        """Remember it until the clerk signs out."""
        self.session[self.key] = {"answers": self.answers, "take": self.take, "on": self.day.isoformat()}

    def forget(self):
        """Begin again, on the same day."""
        self.answers, self.take = {}, {}
        files.drop(owner=self.owner)
        self.keep()

    def play_on(self, words):
        """Play it on another day; Refused when the words are none."""
        try:
            self.day = date.fromisoformat(unicodedata.normalize("NFKC", words).strip().replace("/", "-"))
        except ValueError:
            raise Refused(_("日は「2026-04-01」のように書いてください。")) from None
        self.take = {}
        self.keep()

    @property
    def sheet(self):
        """The answers, evaluated on the day of the trial."""
        return self.form.evaluate(self.answers, today=self.day)

    def pages(self):
        """The keys of the pages that a resident with these answers gets."""
        sheet = self.sheet
        return [page.key for page in self.form.pages if any(map(sheet.is_visible, page.fields))]

    def path(self):
        """The keys of the steps that the case goes through, as far as was chosen."""
        values = self.sheet.values
        if self.bundle["audience"] == "staff":
            values = {**values, "drafter": _drafter()}
        steps = self.bundle["flow"]["steps"]
        known = {key: name for key, name in self.take.items() if name in (steps.get(key, {}).get("outcomes") or {})}
        return procedures.walk(self.bundle, values, known, self.day)

    def choices(self):
        """[(outcome, words)] to choose from at the step where the walk stands, or none at its end."""
        last = self.path()[-1]
        step = self.bundle["flow"]["steps"][last]
        return [
            (name, _outcome_words(name, step["outcomes"][name])) for name in procedures.outcomes_of(self.bundle, last)
        ]

    def faults(self):
        """Why a resident could not send this, in sentences (places are not held in a trial)."""
        booked = {key for key, one in self.form.questions.items() if one.field.type in ("slot", "hours")}
        wrong = [said for path, said in self.sheet.errors.items() if path.split(".")[0] not in booked]
        closed = procedures.not_taken(self.bundle, datetime.combine(self.day, NOON, tzinfo=TOKYO))
        return [closed, *wrong] if closed else wrong

    def scenario(self):
        """The test that this trial becomes: given, on, take, and what came out."""
        sheet, path = self.sheet, self.path()
        decided = [key for key, one in self.form.questions.items() if "." not in key and one.field.visible_if]
        expect = {
            **{
                key: str(sheet.values[key])
                for key, one in self.form.questions.items()
                if _is_sum(one) and sheet.values.get(key) is not None
            },
            "visible": [key for key in decided if sheet.is_visible(key)],
            "hidden": [key for key in decided if not sheet.is_visible(key)],
            "path": path,
        }
        take = {key: name for key, name in self.take.items() if key in path}
        return {
            "on": self.day.isoformat(),
            "given": questions.words_from_answers(self.form, self.answers),
            **({"drafter": _drafter()} if self.bundle["audience"] == "staff" else {}),
            **({"take": take} if take else {}),
            "expect": {name: value for name, value in expect.items() if value},
        }


def _drafter():
    """Who drafts in a trial of an internal procedure."""
    return {"unit": "general", "post": "general.clerk", "name": _("見本")}


def _is_sum(question):
    return question.field.calc is not None and question.parent is None


def _outcome_words(name, outcome):
    label = outcome.get("label") if isinstance(outcome, dict) else None
    return japanese(label) if label else words.OUTCOMES.get(name, name)
