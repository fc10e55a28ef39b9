"""Who is asking, what they may, and who sits where. Rights live as long as a request."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.db.models import Q

from machi.engines.audit.define import ANONYMOUS, Actor
from machi.engines.people.models import Account, Grant, Person, Post, Unit
from machi.engines.people.rules import PostHolder, Right, highest, subtree, up_to
from machi.ground.calendar import now, today
from machi.ground.languages import pick

STRONG_METHODS = {"passkey", "card"}
INVITATION_LASTS = timedelta(hours=24)
INVITATION_SALT = "people.invitation"


def account(account_id):
    """The account with this id, its person with it. Raises Account.DoesNotExist."""
    return Account.objects.select_related("person").get(pk=account_id)


def actor_of(request):
    """Who makes `request`; looked up once. Staff who did not sign in strongly enough hold no post."""
    user, known = getattr(request, "people_actor", (None, None))
    if known is None or user != request.user.pk:
        strong = settings.DEVELOPMENT or "passkey" in sign_in_methods(request)
        known = actor_for(request.user, strong=strong)
        request.people_actor = (request.user.pk, known)
    return known


def actor_for(user, *, strong=True):
    """`user` (an Account, or nobody) as an actor, with the posts held today if `strong`."""
    if not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    person = user.person
    about = {
        "account": user.pk,
        "person": str(person.pk) if person else None,
        "name": (person.name if person else "") or user.email or "",
    }
    if not user.is_staff:
        return Actor(kind="resident", **about)
    posts = tuple(posts_of(person).values_list("code", flat=True)) if person and strong else ()
    return PostHolder(kind="staff", posts=posts, rights=tuple(rights_of(posts)), **about)


def posts_of(person):
    """The posts `person` holds today."""
    day = today()
    return Post.objects.filter(
        appointments__person=person, appointments__during__contains=day, closed_on=None
    ).order_by("-appointments__main", "unit__order", "order")


def rights_of(posts):
    """The rights granted today to `posts` (codes), as Right."""
    if not posts:
        return []
    parents = dict(Unit.objects.values_list("code", "parent_id"))
    grants = Grant.objects.filter(post__in=posts, during__contains=today()).select_related("role")
    return [
        Right(frozenset(grant.role.verbs), subtree(grant.unit_id, parents), grant.code, grant.role.ceiling)
        for grant in grants
    ]


def _rights(actor):
    if actor.kind != "staff":
        return ()
    return actor.rights if isinstance(actor, PostHolder) else rights_of(actor.posts)


def can(actor, verb, scope):
    """Whether `actor` may do `verb` to what `scope` describes. Denied unless a post held now has a grant."""
    return any(right.allows(verb, scope) for right in _rights(actor))


def can_anywhere(actor, verb):
    """Whether `actor` may do `verb` to anything at all: for menus and for pages that belong to no unit."""
    return any(verb in right.verbs for right in _rights(actor))


def visible_to(actor, verb, *, unit="unit", code="code", sensitivity=""):
    """The filter that leaves what `actor` may do `verb` to; `unit`, `code` and `sensitivity` name the columns."""
    parts = [
        Q(**{f"{unit}__in": sorted(right.units)})
        & _code_filter(code, right.code)
        & (Q(**{f"{sensitivity}__in": up_to(right.ceiling)}) if sensitivity else Q())
        for right in _rights(actor)
        if verb in right.verbs
    ]
    return Q(*parts, _connector=Q.OR) if parts else Q(pk__in=[])


def _code_filter(column, pattern):
    if pattern == "*":
        return Q()
    return Q(**{f"{column}__startswith": pattern[:-1]}) if pattern.endswith("*") else Q(**{column: pattern})


def ceiling(actor, scope):
    """The highest sensitivity `actor` may read in `scope` (its own sensitivity does not matter)."""
    return highest(
        right.ceiling
        for right in _rights(actor)
        if right.reaches(scope) and any(verb.endswith(".see") for verb in right.verbs)
    )


def units():
    """All units that are open, in the order of the organisation."""
    return list(Unit.objects.filter(closed_on=None))


def unit(code):
    """The unit with this code, open or closed, or None."""
    return Unit.objects.filter(pk=code).first()


def units_of(actor):
    """The units in which `actor` holds a post today; the main one first."""
    found = Unit.objects.in_bulk(Post.objects.filter(pk__in=actor.posts).values_list("unit", flat=True))
    by_post = dict(Post.objects.filter(pk__in=actor.posts).values_list("code", "unit"))
    return list(dict.fromkeys(found[by_post[post]] for post in actor.posts if post in by_post))


def posts_held(actor):
    """The posts `actor` holds today, the main one first, each with its unit."""
    found = Post.objects.select_related("unit").in_bulk(actor.posts)
    return [found[code] for code in actor.posts if code in found]


def title_in(post):
    """A post with its unit, in Japanese: 市民課長."""
    return f"{pick(post.unit.title, 'ja')}{pick(post.title, 'ja')}"


def post_titles(codes):
    """Posts as people call them, by code, in the order given; one that is not there any more stands as its code."""
    found = Post.objects.select_related("unit").in_bulk(set(codes))
    return {code: title_in(found[code]) if code in found else code for code in codes}


def post_title(actor):
    """The title of the first post the actor holds, in Japanese: what stands beside a decision."""
    return next(map(title_in, posts_held(actor)), "")


def holders(post_code):
    """The persons who hold the post today."""
    day = today()
    return list(Person.objects.filter(appointments__post=post_code, appointments__during__contains=day))


def heads_of(unit_code):
    """The accounts that head a unit today: of its first post that somebody holds, else of the unit above it."""
    day, found = today(), unit(unit_code)
    while found:
        for post in found.posts.filter(closed_on=None):
            held = {"person__appointments__post": post, "person__appointments__during__contains": day}
            heads = list(Account.objects.filter(**held, is_active=True).exclude(email=None))
            if heads:
                return heads
        found = found.parent
    return []


def sign_in_methods(request):
    """How this session was signed in: of "password", "passkey", "card", "invitation"."""
    records = request.session.get("account_authentication_methods", [])
    return {_method(record) for record in records}


def _method(record):
    if record.get("method") == "mfa" and record.get("type") == "webauthn":
        return "passkey"
    return record.get("method", "")


def assurance(request):
    """How sure we are who makes `request`: one of LEVELS.

    What was proved about the person counts only when the session itself is strong (passkey or card): a stolen
    password must not open what the card opened. In development a password is taken as strong.
    """
    user = request.user
    if not user.is_authenticated:
        return "none"
    methods = sign_in_methods(request)
    if "card" in methods:
        return "card"
    strong = settings.DEVELOPMENT or methods & STRONG_METHODS
    proved = [proof.level for proof in valid_proofs(user.person)] if user.person and strong else []
    return "card" if "card" in proved else "account"


def valid_proofs(person):
    """What is proved about `person` and has not run out."""
    return person.proofs.filter(Q(expires=None) | Q(expires__gt=now()))


def profile(user):
    """What is known for filling forms, by field vocabulary, and under "provenance" where each comes from.

    {"name", "kana", "birth" (ISO), "postal", "address" {"postal", "town", "line", "building"}, "phone",
    "email"}; what is not known is left out.
    """
    person = user.person or Person()
    address = {key: getattr(person, key) for key in ("postal", "town", "line", "building")}
    values = {
        "name": person.name,
        "kana": person.kana,
        "birth": person.birth.isoformat() if person.birth else "",
        "postal": person.postal,
        "address": address if person.town or person.line else {},
        "phone": person.phone,
        "email": user.email,
    }
    return {key: value for key, value in values.items() if value} | {"provenance": dict(person.provenance)}


def invited(token):
    """The account that may use the invitation `token` now, or None. A passkey made since ends it."""
    try:
        content = signing.loads(token, salt=INVITATION_SALT, max_age=INVITATION_LASTS)
    except signing.BadSignature:
        return None
    account = Account.objects.filter(pk=content["account"], password=content["mark"], is_active=True).first()
    used = account is None or Authenticator.objects.filter(user=account).exists()
    return None if used else account


def passkeys_of(user):
    """The passkeys of an account, oldest first."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk")
