"""`manage people [--json]`: the sample people and how each signs in."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from machi.engines.people.demo import DEMO_PASSWORD, demo_accounts


class Command(BaseCommand):
    """List the sample people; real people are never listed."""

    help = "List the sample people and how each signs in."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json, **_options):
        people = [_about(account, staff) for staff in (False, True) for account in demo_accounts(staff=staff)]
        if as_json:
            self.stdout.write(json.dumps({"sample": True, "people": people}, ensure_ascii=False, indent=2))
            return
        for one in people:
            self.stdout.write(f"{one['email']}  {one['name']}  {' '.join(one['posts'])}")
        self.stdout.write(f"password of all: {DEMO_PASSWORD}" if people else "no sample people here")


def _about(account, staff):
    posts = [appointment.post_id for appointment in account.person.appointments.all()]
    way = reverse("people:staff_login" if staff else "account_login")
    return {
        "email": account.email,
        "password": DEMO_PASSWORD,
        "sign_in": settings.PUBLIC_URL + way,
        "kind": "staff" if staff else "resident",
        "name": account.person.name,
        "language": account.language,
        "posts": posts,
        "titles": account.chairs,
        "proved": [proof.level for proof in account.person.proofs.all()],
    }
