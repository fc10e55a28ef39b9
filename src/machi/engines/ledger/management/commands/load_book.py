"""`manage load_book CODE FILE`: open and fill the accounts of a book from a CSV or Excel file."""

import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current
from machi.engines.ledger.actions import Short
from machi.engines.ledger.sheets import UnreadableSheet, carry_out, plan_sheet, read_sheet


class Command(BaseCommand):
    """Show what a file changes in a book, and with --enter make it so. Safe to repeat."""

    help = "Show what a file of accounts changes in a book; with --enter, enter it (safe to repeat)."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("file", type=Path)
        parser.add_argument("--enter", action="store_true")
        parser.add_argument("--sample", action="store_true", help="mark new accounts as samples")

    def handle(self, *, code, file, enter, sample, **_options):
        version = current("book", code)
        if version is None or version.bundle["sheet"] is None:
            raise CommandError(f"There is no book {code} that is read from files.")
        data = file.read_bytes()
        try:
            plan = plan_sheet(version.bundle, read_sheet(data))
        except UnreadableSheet as fault:
            raise CommandError(f"{file}: {fault}") from fault
        if plan.faults:
            raise CommandError("\n".join(f"{file}:{row}: {sentence}" for row, sentence in plan.faults))
        if enter:
            key = f"sheet:{hashlib.sha256(data).hexdigest()[:32]}"
            try:
                carry_out(book=version.bundle, plan=plan, actor=SYSTEM, key=key, is_sample=sample)
            except Short as short:
                raise CommandError(f"{short.account}: {short.left} < {short.wanted}") from short
        done = "entered" if enter else "would be entered"
        self.stdout.write(f"{len(plan.changed)} of {len(plan.lines)} accounts {done}")
