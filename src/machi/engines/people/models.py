"""Accounts (how someone signs in), persons (who they are), and the city hall's units, posts and grants."""

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from machi.engines.people.define import ABSENCES
from machi.ground.calendar import now
from machi.ground.ids import new_id


class AccountManager(BaseUserManager):
    """Makes accounts. The mail address is the name; who signs in by card alone may have none."""

    def create_user(self, email, password=None, **fields):
        account = self.model(email=self.normalize_email(email) or None, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in; what was proved about the person is kept apart.

    There is no superuser: only `can` decides. `is_staff` says that the account is for work (passkey needed);
    it gives no right.
    """

    email = models.EmailField(unique=True, null=True, blank=True)
    person = models.OneToOneField("Person", models.PROTECT, null=True, blank=True, related_name="account")
    language = models.CharField(max_length=12, default="ja")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self):
        return self.email or f"account {self.pk}"


class Person(models.Model):
    """A human being as the city knows them. Names are kept exactly as given; empty text means not known.

    `provenance` says where a value comes from: {"name": "card", "phone": "typed"}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, blank=True)
    kana = models.CharField(max_length=200, blank=True)
    birth = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    postal = models.CharField(max_length=8, blank=True)
    town = models.CharField(max_length=200, blank=True)
    line = models.CharField(max_length=200, blank=True)
    building = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    provenance = models.JSONField(default=dict, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.name


class Proof(models.Model):
    """What was proved about a person, how, and until when it counts."""

    KINDS = (("contact", "contact"), ("card", "card"), ("counter", "counter"))
    LEVELS = (("contact", "contact"), ("account", "account"), ("card", "card"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=10, choices=KINDS)
    level = models.CharField(max_length=10, choices=LEVELS)
    evidence = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    expires = models.DateTimeField(null=True, blank=True)


class CardIdentity(models.Model):
    """A My Number card as its provider names it to us: `sub` is made for our service alone (PPID)."""

    issuer = models.CharField(max_length=200)
    sub = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.CASCADE, related_name="cards")
    first_seen = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "sub"], name="people_one_person_a_card")]


class AccountMail(models.Model):
    """A mail about an account that is to be sent; deleted when it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)


class Unit(models.Model):
    """A part of the city hall (部, 課, 係). `sign` is the mark in document numbers (市民 in 市民第12号)."""

    code = models.SlugField(primary_key=True, max_length=60)
    title = models.JSONField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    sign = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mail = models.CharField(max_length=254, blank=True)
    duties = models.JSONField(default=dict, blank=True)
    is_sample = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self):
        return self.title.get("ja", self.code)


class Post(models.Model):
    """A chair in a unit (課長, 主任): rights belong to it, not to who sits on it.

    `deputies` are the posts that act for it when nobody is there, the first before the second (代決の順位).
    """

    code = models.CharField(primary_key=True, max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.JSONField()
    order = models.PositiveIntegerField(default=0)
    deputies = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["unit__order", "order", "code"]

    def __str__(self):
        return f"{self.unit} {self.title.get('ja', self.code)}"


class Appointment(models.Model):
    """A person holds a post for a period (任用; 兼務 where not main). The end day is not part of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    during = DateRangeField()
    main = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_one_main_post_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(main=True),
            ),
            ExclusionConstraint(
                name="people_no_post_twice_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Absence(models.Model):
    """A member of the staff is away in a period (不在). The day after the last is not part of it; taken back, it no
    longer counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in ABSENCES])
    during = DateRangeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now, editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_one_absence_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(taken_back_at=None),
            ),
        ]
        triggers = [pgtrigger.Protect(name="absence_stays", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.person} {self.kind} {self.during}"


class Role(models.Model):
    """A set of verbs, and the highest sensitivity its holder may read."""

    code = models.SlugField(primary_key=True, max_length=60)
    title = models.JSONField()
    verbs = ArrayField(models.CharField(max_length=60))
    ceiling = models.CharField(max_length=10)

    def __str__(self):
        return self.title.get("ja", self.code)


class Grant(models.Model):
    """A post has a role over a unit and all below it, for definitions whose code fits `code`, in a period.

    `code` is "*", a code, or a beginning followed by "*" ("waste.*").
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    code = models.CharField(max_length=100, default="*")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_no_grant_twice_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
