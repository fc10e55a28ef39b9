"""What people send, into answers: one page of a form at a time, and nothing they typed is lost.

Boxes are named by the field's path (`lines.r1.qty`), their parts with a hyphen (`birth-year`, `place-lat`).
Besides there are `_asked` (each field that was on the page, so that an unticked box says no),
`<repeat>._rows` (the rows that were there) and `_do` or `_lang` (the button pressed). What cannot be read is
kept under answers["_typed"][path], as it was typed; answers["_from"] says which answers came from the
profile and were left as they came.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.engines.files import public as files_engine
from machi.engines.questions.rows import is_row_id, new_row, rows_of
from machi.engines.questions.types import MOST_ROWS, Wrong
from machi.ground.languages import BY_CODE

PLAIN_DOINGS = ("save", "next", "back", "later", "live")
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Reading:
    """One page as read. `refused`: path → sentence; `did`: save, next, back, later, live, or a button with
    what it names (add:<repeat>, remove:<repeat>:<row>, drop:<link>, lang:<code>); `focus`: the path to
    look at next, or "".
    """

    answers: dict
    refused: dict = field(default_factory=dict)
    did: str = "next"
    focus: str = ""


def read_page(form, page_key, post, files, answers, *, owner, only=None):
    """Reads one posted page into a copy of `answers`.

    post, files: QueryDict and MultiValueDict of the request; owner: who the files belong to ("draft:<uuid>").
    only: the keys of the fields that were shown, where it was not a page of the form (then page_key is None).
    """
    reader = _Reader(form, only or form.page_fields(page_key), post, files, answers, owner=owner)
    for question in reader.shown:
        reader.read(question)
    reader.act()
    return reader.reading()


class _Reader:
    def __init__(self, form, keys, post, files, answers, *, owner):
        self.shown = [form.questions[key] for key in keys if key in form.questions]
        self.post, self.files, self.owner = post, files, owner
        self.answers = dict(answers)
        self.typed = dict(self.answers.get("_typed") or {})
        self.sources = dict(self.answers.get("_from") or {})
        self.asked = set(post.getlist("_asked"))
        self.refused, self.did, self.focus = {}, "next", ""
        self.unfinished = set()  # paths of fields of several boxes of which some are still blank

    def reading(self):
        """The result."""
        for name, found in (("_typed", self.typed), ("_from", self.sources)):
            self.answers.pop(name, None)
            if found:
                self.answers[name] = found
        late = self.unfinished if self.did == "live" else ()  # who is still typing is not told of it
        refused = {path: said for path, said in self.refused.items() if path not in late}
        return Reading(self.answers, refused, self.did, self.focus)

    # Fields

    def read(self, question):
        """One field of the page, with its rows when it is a repeat."""
        if question.field.type == "repeat":
            self.read_rows(question)
        else:
            self.read_one(question, question.key, self.answers)

    def read_rows(self, question):
        listed = self.post.getlist(f"{question.key}._rows")
        if not listed and question.key not in self.asked:
            return
        before = {row["_id"]: row for row in rows_of(question, self.answers.get(question.key))}
        ids = [key for key in dict.fromkeys(listed) if is_row_id(key)][: MOST_ROWS + 1]
        rows = [{**before.get(key, {}), "_id": key} for key in ids]
        for row in rows:
            for child in question.children:
                self.read_one(child, f"{question.key}.{row['_id']}.{child.key}", row)
        self.forget_rows(question, set(before) - set(ids))
        self.answers[question.key] = rows

    def read_one(self, question, path, place):
        if not question.asks:
            return
        if question.field.type == "file":
            self.take_files(question, path, place)
            return
        boxes = {
            name: self.post.getlist(f"{path}-{name}" if name else path) for name in question.type.box_names
        }
        if path not in self.asked and not any(boxes.values()):
            return
        before = place.pop(question.key, None)
        self.typed.pop(path, None)
        try:
            stored = question.type.read(question, boxes)
        except Wrong as wrong:
            self.sources.pop(path, None)
            self.typed[path] = {
                name: [_UNKEEPABLE.sub("\ufffd", text) for text in said] for name, said in boxes.items()
            }
            self.refused[path] = wrong.say(question.label(get_language()))
            if len(boxes) > 1 and not all(any(map(str.strip, said)) for said in boxes.values()):
                self.unfinished.add(path)
            return
        if stored != before:
            self.sources.pop(path, None)
        if stored is not None:
            place[question.key] = stored

    # Files

    def take_files(self, question, path, place):
        uploads = [upload for upload in self.files.getlist(path) if upload]
        kept = list(place.get(question.key) or ())
        for upload in uploads:
            if question.field.max_files > 1 and len(kept) >= question.field.max_files:
                words = {"label": question.label(get_language()), "most": question.field.max_files}
                self.refused[path] = _("「%(label)s」は%(most)s個までです。") % words
                break
            link = self.take_file(question, path, upload)
            if link and question.field.max_files == 1:
                self.detach(kept)
                kept = []
            kept += [link] if link else []
        if kept:
            place[question.key] = kept

    def take_file(self, question, path, upload):
        """The id of the new link, or None with the refusal noted."""
        field = question.field
        try:
            received = files_engine.receive(
                upload, accept=field.accept, max_mb=field.max_mb, keep_place=field.keep_place
            )
        except files_engine.FileRefused as refused:
            self.refused[path] = str(refused.message)
            return None
        link = files_engine.attach(
            blob=received.blob, owner=self.owner, field=path, name=received.name,
            sensitivity=question.sensitivity, place=received.place,
        )  # fmt: skip
        return str(link.id)

    def detach(self, links):
        for link in links:
            files_engine.detach(link_id=link)

    # Buttons

    def act(self):
        """Does what the pressed button says; an unknown one only saves."""
        language = self.post.get("_lang")
        said = f"lang:{language}" if language else self.post.get("_do", "next")
        verb, _mark, thing = said.partition(":")
        if said in PLAIN_DOINGS or (verb == "lang" and thing in BY_CODE):
            self.did = said
            return
        acts = {"add": self.add_row, "remove": self.remove_row, "drop": self.drop_file}
        done = verb in acts and acts[verb](thing)
        self.did = said if done else "save"

    def repeat(self, key):
        return next((question for question in self.shown if question.key == key and question.children), None)

    def add_row(self, key):
        question = self.repeat(key)
        if not question:
            return False
        rows = rows_of(question, self.answers.get(key))
        if len(rows) >= question.most:
            words = {"label": question.label(get_language()), "most": question.most}
            self.refused[key] = _("「%(label)s」は%(most)s件までです。") % words
            return False
        rows.append(new_row(question))
        self.answers[key] = rows
        self.focus = f"{key}.{rows[-1]['_id']}"
        return True

    def remove_row(self, thing):
        key, _mark, row_id = thing.partition(":")
        question = self.repeat(key)
        if not question:
            return False
        rows = rows_of(question, self.answers.get(key))
        self.forget_rows(question, {row_id})
        self.answers[key] = [row for row in rows if row["_id"] != row_id]
        self.focus = key
        return True

    def forget_rows(self, question, ids):
        """Takes the files and the unreadable input of rows that are gone away."""
        uploads = [child for child in question.children if child.field.type == "file"]
        for row in rows_of(question, self.answers.get(question.key)):
            if row["_id"] in ids:
                for child in uploads:
                    self.detach(row.get(child.key) or ())
        gone = tuple(f"{question.key}.{row_id}." for row_id in ids)
        self.typed = {path: boxes for path, boxes in self.typed.items() if not path.startswith(gone)}

    def drop_file(self, link):
        """Takes a file away, if it is one of this page's answers."""
        for path, question, place in self.places():
            if question.field.type == "file" and link in (place.get(question.key) or ()):
                self.detach([link])
                place[question.key] = [other for other in place[question.key] if other != link]
                self.focus = path
                return True
        return False

    def places(self):
        """(path, question, the dict that holds its answer) for every field of the page, rows included."""
        for question in self.shown:
            yield question.key, question, self.answers
            for row in rows_of(question, self.answers.get(question.key)) if question.children else ():
                for child in question.children:
                    yield f"{question.key}.{row['_id']}.{child.key}", child, row
