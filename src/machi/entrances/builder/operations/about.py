"""What a procedure says of itself, its settings, what it tells, and its words in every language."""

import unicodedata
from copy import deepcopy
from datetime import datetime

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.flow import duration
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import (
    LONG,
    Refused,
    free,
    gone,
    in_languages,
    lines,
    no_longer_than,
    put,
    readable,
    texts,
    ticked,
    titled,
    whole,
)
from machi.ground.languages import TAGS

FACTS = ("who", "cost", "time", "hear")
ASSURANCE = ("none", "contact", "account", "card")
POOLS = ("capacity", "exclusive")  # so many places a day, or one thing by the hour
CONTACTS = ("name", "email", "phone")
MOMENTS = ("receipt", "correction", "decided", "document", "withdrawn", "reminder", "merged")
FILED = ("class", "binder", "disclosure")


def named(tree, code, said):
    """A copy of a tree under another code and title, with a number sequence of its own and without tests."""
    after = {**deepcopy(tree), "code": code, "title": titled(said.get("title"))}
    for step in steps_of(after).values():
        if isinstance(step.get("number"), dict) and "sequence" in step["number"]:
            step["number"]["sequence"] = f"{code}/{{fy}}"
    return after


def set_title(tree, said):
    """The title, the sentence below it, the unit that answers for it, and where residents find it."""
    tree["title"] = texts(tree.get("title"), said, "title", needed=True)
    tree["summary"] = texts(tree.get("summary"), said, "summary") or tree["title"]
    if said.get("owner"):
        tree["owner"] = said["owner"]
    for name in ("door", "shelf"):
        if name in said:
            put(tree, name, said[name])
    if years := whole(said.get("years"), _("記録を残す年数")):
        tree["retention"] = {**tree.get("retention", {}), "years": years}


def set_facts(tree, said):
    """What a person reads before starting."""
    facts = tree.setdefault("facts", {})
    for name in FACTS:
        facts[name] = texts(facts.get(name), said, name, needed=True)
    old = {one["ja"]: one for one in map(in_languages, facts.get("ready", [])) if "ja" in one}
    put(facts, "ready", [old.get(line, {"ja": line}) for line in lines(said.get("ready"))])


def set_rules(tree, said):
    """The law it rests on, who may apply, how many cases at once, and until when drafts are kept."""
    old = {one["text"].get("ja"): one for one in _laws(tree)}
    put(tree, "legal", [old.get(line, {"text": {"ja": line}}) for line in lines(said.get("legal"))])
    if said.get("assurance") in ASSURANCE:
        tree["assurance"] = said["assurance"]
    open_cases = whole(said.get("open_cases"), _("同時に出せる件数"))
    put(tree, "limits", {**tree.get("limits", {}), "open_cases": open_cases} if open_cases else {})
    put(tree, "drafts", {"keep": kept} if (kept := duration(said, "keep")) else {})
    put(tree, "subject", said.get("subject", tree.get("subject", "")).strip())


def _laws(tree):
    return [{**one, "text": in_languages(one.get("text"))} for one in tree.get("legal", [])]


def set_period(tree, said):
    """From when until when applications are taken."""
    ends = {name: _moment(said.get(name, "")) for name in ("opens", "closes")}
    put(tree, "period", {name: moment for name, moment in ends.items() if moment})


def _moment(words):
    """A day, or a day and a time, as a definition writes it: "2026-04-01" or "2026-04-01T08:30"."""
    narrow = unicodedata.normalize("NFKC", words).strip().replace("/", "-")
    try:
        moment = narrow and datetime.fromisoformat("T".join(narrow.split()))
    except ValueError:
        raise Refused(_("日は「2026-04-01」か「2026-04-01 08:30」のように書いてください。")) from None
    if not narrow or len(narrow) == len("2026-04-01"):
        return narrow
    return moment.strftime("%Y-%m-%dT%H:%M")


def set_contact(tree, said):
    """Which answers are the applicant's name, mail and phone, and which is the place on the map."""
    contact = dict(tree.get("contact_fields", {}))
    for role in CONTACTS:
        if role in said:
            put(contact, role, said[role])
    put(tree, "contact_fields", contact)
    put(tree, "place", said.get("place", tree.get("place", "")))


def set_cases(tree, said):
    """Who applies for whom, and which two cases are likely the same."""
    acting = {name: said.get(f"acts_{name}", "") for name in ("role", "name")}
    put(tree, "acts_for", acting if all(acting.values()) else None)
    same = {name: whole(said.get(name), _("同じ案件と見る範囲")) for name in ("days", "metres")}
    same = {name: number for name, number in same.items() if number}
    put(tree, "duplicates", {**same, **({"same": found} if (found := ticked(said, "same")) else {})})


def set_filing(tree, said):
    """Where an ended case is filed, and whether it may be disclosed: expressions over its answers."""
    filed = {name: readable(said.get(name, "").strip()) for name in FILED}
    put(tree, "file_as", {name: text for name, text in filed.items() if text})


def set_cancel(tree, said):
    """Whether, and until when, the applicant may take the application back."""
    explain = texts(tree.get("cancel", {}).get("explain"), said, "explain")
    cancel = {**tree.get("cancel", {"while": "true"}), "explain": explain} if said.get("may_cancel") else None
    if cancel and not explain:
        raise Refused(_("いつまで取り下げられるかを、申請する人に説明してください。"))
    if cancel and said.get("while", "").strip():
        cancel["while"] = said["while"].strip()
    put(tree, "cancel", cancel)


def set_words(tree, said):
    """The words by which people find it, language by language."""
    found = dict(tree.get("words", {}))
    for tag in TAGS:
        if (posted := said.get(f"words_{tag}")) is not None:
            split = posted.replace("、", ",").replace("\n", ",").split(",")
            found[tag] = list(dict.fromkeys(word for raw in split if (word := " ".join(raw.split()))))
    put(tree, "words", {tag: words for tag, words in found.items() if words})


def set_settings(tree, said):
    """The values that the desk may change without touching the form."""
    for key, setting in tree.get("settings", {}).items():
        if (posted := said.get(f"value:{key}")) is not None:
            label = in_languages(setting.get("label")).get("ja", key)
            counts = setting.get("type", "int") in ("int", "yen")
            setting["value"] = (whole(posted, label) or "0") if counts else no_longer_than(posted.strip(), LONG)
    if label := said.get("new_label", "").strip():
        settings = tree.setdefault("settings", {})
        kind = said.get("new_type") if said.get("new_type") in ("int", "yen", "text") else "int"
        value = whole(said.get("new_value"), label) if kind != "text" else said.get("new_value", "")
        settings[free("s", list(settings))] = {"type": kind, "value": value or "0", "label": titled(label)}


def remove_setting(tree, said):
    """A setting away; what still uses it becomes a task."""
    if tree.get("settings", {}).pop(said.get("key"), None) is None:
        raise gone()
    put(tree, "settings", tree["settings"])


def set_told(tree, said):
    """Which words the applicant is told at each moment, and at the steps that tell something."""
    notices = dict(tree.get("notices", {}))
    for moment in MOMENTS:
        if f"moment:{moment}" in said:
            put(notices, moment, said[f"moment:{moment}"])
    put(tree, "notices", notices)
    for key, step in steps_of(tree).items():
        if f"step:{key}" in said and step["type"] in ("notify", "end"):
            put(step, "notice", said[f"step:{key}"])


def add_pool(tree, said):
    """Places to book: the list of places or times, and the days that can be chosen."""
    mode, _space, resources = said.get("resources", "").partition(" ")
    if mode not in POOLS or not resources:
        raise Refused(_("場所や時間の一覧を選んでください。"))
    pools, uses = tree.setdefault("pools", {}), tree.setdefault("uses", {})
    name = next((name for name, one in uses.items() if one == resources), None) or free("table", list(uses))
    uses[name] = resources
    pool = {"mode": mode, "resources": name}
    if mode == "capacity":
        answer = next((one["key"] for one in tree.get("fields", []) if one.get("from") == name), "")
        pool["resource"] = answer or "''"
    window = {"open": {"from": "P2D", "to": "P30D"}, "hold": "PT30M", "calendar": "calendar/calendar.office"}
    pools[free("places", list(pools))] = pool | window


def set_pool(tree, said):
    """From when to when days can be chosen, which answer chooses the place, how many places one takes."""
    pool = tree.get("pools", {}).get(said.get("key"))
    if pool is None:
        raise gone()
    first, last = duration(said, "from"), duration(said, "to")
    if not (first and last):
        raise Refused(_("選べる日の初めと終わりを、数字で書いてください。"))
    pool["open"] = {"from": first, "to": last}
    if hold := whole(said.get("hold"), _("仮の予約の分数")):
        pool["hold"] = f"PT{hold}M"
    for name in ("resource", "weight"):
        if name in said:
            put(pool, name, said[name].strip())
    put(pool, "calendar", said.get("calendar", ""))


def remove_pool(tree, said):
    """A pool away; the question and the step that use it become tasks."""
    if tree.get("pools", {}).pop(said.get("key"), None) is None:
        raise gone()
    put(tree, "pools", tree["pools"])


def text_places(tree, path=()):
    """(path, text) of every text of the tree that people read: mappings of languages."""
    if isinstance(tree, dict) and "ja" in tree and set(tree) <= set(TAGS) and isinstance(tree["ja"], str):
        yield path, tree
        return
    for step, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        if path or step not in ("tests", "words"):
            yield from text_places(value, (*path, step))


def set_translations(tree, said):
    """The words of one language, by the place of each text; blank ones are taken away."""
    tag = said.get("tag")
    if tag not in TAGS:
        raise gone()
    for path, text in text_places(tree):
        if (posted := said.get(f"text:{'.'.join(map(str, path))}")) is not None:
            words = no_longer_than(" ".join(posted.split()), LONG)
            if tag == "ja" and not words:
                raise Refused(_("日本語の文は消せません。"))
            put(text, tag, words)


def keep_trial(tree, said):
    """What was tried, as a test that every later version must pass. `said["scenario"]` is the whole test."""
    scenario = {**said["scenario"], "name": titled(said.get("name"))["ja"]}
    if any(one.get("name") == scenario["name"] for one in tree.get("tests", [])):
        raise Refused(_("その名前の確かめの例は、もうあります。別の名前にしてください。"))
    tree.setdefault("tests", []).append(scenario)


def remove_trial(tree, said):
    """A test away."""
    kept = [one for one in tree.get("tests", []) if one.get("name") != said.get("name")]
    if len(kept) == len(tree.get("tests", [])):
        raise gone()
    put(tree, "tests", kept)
