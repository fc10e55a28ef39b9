"""Who signs besides the applicant, and to whom a case is sent for reading."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.places import step_at
from machi.entrances.builder.operations.words import Refused, gone, put

ROLES = ("applicant", "cosigner", "guardian")


def add_signer(tree, said):
    """Somebody who is asked to sign: by the mail address in a question, or in each row of one that repeats."""
    step = step_at(tree, said.get("key", ""))
    (rows, mail), (beside, name) = _parted(said.get("mail", "")), _parted(said.get("name", ""))
    if not (mail and name) or rows != beside:
        raise Refused(_("メールと氏名は、同じ人のものを選んでください。くり返しの中なら、同じくり返しの項目です。"))
    role = said.get("role") if said.get("role") in ROLES else "cosigner"
    step.setdefault("who", []).append({"role": role, **({"rows": rows} if rows else {}), "mail": mail, "name": name})


def _parted(address):
    rows, _dot, key = address.rpartition(".")
    return rows, key


def remove_signer(tree, said):
    """Nobody is asked for this signature any more."""
    step = step_at(tree, said.get("key", ""))
    del step["who"][_number(step.get("who", []), said)]


def add_reader(tree, said):
    """A post that a case is sent to for reading."""
    step, post = step_at(tree, said.get("key", "")), said.get("post", "")
    if not post:
        raise Refused(_("だれに回すかを選んでください。"))
    step["to"] = list(dict.fromkeys([*step.get("to", []), post]))


def remove_reader(tree, said):
    """A post that needs not read it."""
    step = step_at(tree, said.get("key", ""))
    del step["to"][_number(step.get("to", []), said)]
    put(step, "to", step["to"])


def _number(listed, said):
    number = said.get("number", "")
    if not (number.isascii() and number.isdecimal() and int(number) < len(listed)):
        raise gone()
    return int(number)
