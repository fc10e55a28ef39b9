"""Procedures as the catalogue tells them to other programs: in our words, and as 制度 of GIF.

The names of 制度 (451-4-1) are those of the government interoperability framework, as far as a procedure has
something to say for them; what a procedure does not know is left out, never made up.
"""

from django.conf import settings

from machi.engines.definitions.public import city
from machi.engines.people.public import unit as unit_of
from machi.ground.calendar import TOKYO
from machi.ground.languages import TAGS, pick

# What we say of a procedure, and the field of 制度 that it is.
SCHEME = {
    "owner": "制度所管組織", "title": "タイトル", "number": "制度番号", "law": "根拠法令", "area": "地域",
    "summary": "概要", "target": "対象者", "fee": "費用", "how": "申請届出方法", "documents": "手続書類",
    "online": "電子申請の有無", "words": "キーワード", "contact": "お問い合わせ先", "since": "公開開始日",
}  # fmt: skip


def entry(version):
    """A procedure in the words of the house; texts are mappings of language tags to words."""
    bundle = version.bundle
    facts = bundle["facts"]
    return {
        "code": version.code,
        "version": version.number,
        "title": bundle["title"],
        "summary": bundle["summary"],
        "door": bundle["door"],
        "assurance": bundle["assurance"],
        "target": facts["who"],
        "fee": facts["cost"],
        "time": facts["time"],
        "documents": facts["ready"],
        "answer": facts["hear"],
        "legal_basis": bundle["legal"],
        "contact": _contact(bundle["owner"]),
        "where": ["online", "counter"],
        "period": bundle.get("period"),
        "languages": [tag for tag in TAGS if tag in bundle["title"]],
        "words": bundle["words"],
        "published_at": version.published_at.astimezone(TOKYO),
        "links": _links(version.code),
    }


def scheme(version):
    """A procedure as 制度 of GIF 2.2 (451-4-1), in Japanese."""
    bundle, facts, contact = version.bundle, version.bundle["facts"], _contact(version.bundle["owner"])
    said = {
        SCHEME["owner"]: f"{pick(city().get('name'), 'ja')}{pick(contact['title'], 'ja')}",
        SCHEME["title"]: pick(bundle["title"], "ja"),
        SCHEME["number"]: version.code,
        SCHEME["law"]: "\n".join(pick(one["text"], "ja") for one in bundle["legal"]),
        SCHEME["area"]: pick(city().get("name"), "ja"),
        SCHEME["summary"]: pick(bundle["summary"], "ja"),
        SCHEME["target"]: pick(facts["who"], "ja"),
        SCHEME["fee"]: pick(facts["cost"], "ja"),
        SCHEME["how"]: _links(version.code)["page"],
        SCHEME["documents"]: [pick(one, "ja") for one in facts["ready"]],
        SCHEME["online"]: True,
        SCHEME["words"]: bundle["words"].get("ja", []),
        SCHEME["contact"]: " ".join(filter(None, (pick(contact["title"], "ja"), contact["phone"], contact["mail"]))),
        SCHEME["since"]: version.published_at.astimezone(TOKYO).date().isoformat(),
    }
    return {name: value for name, value in said.items() if value not in ("", [], None)}


def _contact(owner):
    found = unit_of(owner)
    return {
        "unit": owner,
        "title": found.title if found else {},
        "phone": found.phone if found else "",
        "mail": found.mail if found else "",
    }


def _links(code):
    here = settings.PUBLIC_URL
    return {
        "page": f"{here}/procedures/{code}/",
        "detail": f"{here}/api/v1/procedures/{code}",
        "scheme": f"{here}/api/v1/schemes/{code}",
    }
