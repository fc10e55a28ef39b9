"""Who takes part in the sample cases: residents with an account, neighbours without one, and staff by their posts."""

from dataclasses import dataclass

from machi.engines.audit.define import ANONYMOUS, Actor
from machi.engines.definitions.public import current
from machi.engines.people import public as people
from machi.engines.procedures.public import ENDED, Case
from machi.ground.languages import pick

PREFECTURE = "茨城県常総市"
MOST_OPEN = 3  # what the procedures allow one account to have under way


@dataclass(frozen=True)
class Applicant:
    """One person who applies; `town` is a key of choices/people.towns, `account` an Account or None."""

    name: str
    kana: str
    birth: str
    phone: str
    mail: str
    town: str
    line: str
    address: dict
    language: str
    actor: Actor
    account: object = None
    has_card: bool = False

    @property
    def is_foreign(self):
        """Whether the papers of a foreign resident fit this person (sample people only)."""
        return self.name.isascii() or self.language != "ja"

    def busy(self, code):
        """Whether the account may not have another case of this procedure under way now."""
        if self.account is None:
            return False
        running = Case.objects.filter(account_id=self.account.pk, code=code).exclude(status__in=ENDED)
        return running.count() >= MOST_OPEN


class Cast:
    """Everybody, found once; what people may do is asked as of today, whenever the case plays."""

    def __init__(self, neighbours):
        accounts = list(people.Account.objects.filter(is_sample=True).select_related("person").order_by("pk"))
        labels = _towns()
        self.residents = [
            _resident(account, labels) for account in accounts if not account.is_staff and account.person.name
        ]
        self.neighbours = [_neighbour(one, number, labels) for number, one in enumerate(neighbours, 11)]
        self._posts = {}
        for account in accounts:
            actor = people.actor_for(account)
            for post in actor.posts:
                self._posts.setdefault(post, []).append(actor)

    def holders(self, unit, post):
        """The sample staff with this post (clerk, chief) in a unit; [] where there is none."""
        return self._posts.get(f"{unit}.{post}", [])

    def works_in(self, unit):
        """Whether a unit has a clerk and a chief among the sample staff."""
        return bool(self.holders(unit, "clerk") and self.holders(unit, "chief"))


def _towns():
    """The towns of the city by key, in Japanese."""
    version = current("choices", "people.towns")
    return {row["key"]: pick(row["label"], "ja") for row in version.bundle["options"]}


def _resident(account, labels):
    person, actor = account.person, people.actor_for(account)
    known = people.profile(account)
    town = next((key for key, label in labels.items() if person.town == PREFECTURE + label), "")
    return Applicant(
        name=person.name,
        kana=person.kana,
        birth=known.get("birth", ""),
        phone=person.phone,
        mail=account.email,
        town=town,
        line=person.line,
        address=known.get("address", {}),
        language=account.language,
        actor=actor,
        account=account,
        has_card=bool(person.proofs.filter(kind="card")),
    )


def _neighbour(one, number, labels):
    line = f"9999番地{number}"
    return Applicant(
        name=one.name,
        kana=one.kana,
        birth=one.birth.isoformat(),
        phone=one.phone,
        mail=one.mail,
        town=one.town,
        line=line,
        address={"postal": "", "town": PREFECTURE + labels[one.town], "line": line, "building": ""},
        language=one.language.lower(),
        actor=ANONYMOUS,
    )
