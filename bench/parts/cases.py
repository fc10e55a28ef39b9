"""Cases for a measurement: a few are made as rows and multiplied inside the database. Nobody sent them."""

import random
from datetime import timedelta

NAMES = ("石塚 恵子", "飯田 隆", "染谷 真由美", "荒井 拓也", "SILVA MARIA", "𠮷野 健", "髙﨑 美咲", "倉持 澄江")
SUBJECTS = ("道のくぼみ", "街路灯が消えています", "ごみ集積所のネット", "通学路の横断歩道", "花壇のお礼", "2点")
COPIED = ("environment.dog", "roads.occupation", "parks.use", "health.cancer_screening", "general.sponsorship")
DRAFT, INBOX = "office.draft", "roads.chief"
OF_ROUND = "o.round_id = (SELECT r.id FROM approvals_round r WHERE r.owner = 'case:' || g.base)"


def copies_of(folder, packages, wanted):
    """`wanted` procedures in `folder`, copied from some of the packages under codes of their own."""
    for n in range(wanted):
        field, _dot, name = COPIED[n % len(COPIED)].partition(".")
        text = (packages / field / "procedures" / f"{name}.yaml").read_text("utf-8")
        home = folder / "bench" / "procedures"
        home.mkdir(parents=True, exist_ok=True)
        made = text.replace(f"\ncode: {field}.{name}\n", f"\ncode: bench.{name}_{n}\n", 1)
        (home / f"{name}_{n}.yaml").write_text(made, "utf-8")


def make_templates(kinds, count):
    """`count` cases, one in three open, of `kinds`: (version, step key, step type, units, sign) each; some drafts."""
    from machi.engines.people.public import Account
    from machi.engines.procedures.public import Case, Step
    from machi.ground.calendar import now, today

    dice, clerk = random.Random(1), Account.objects.get(email="kankyo.tanto@joso.example")
    for number in range(count):
        version, key, kind, units, sign = kinds[number % len(kinds)]
        unit, is_open = dice.choice(units), number % 9 < 3
        case = Case.objects.create(
            version=version, code=version.code, unit=unit, reference=f"T{number}", sample=True,
            number=f"{sign}2026-{number:06}", status="working" if is_open else "closed", applicant=dice.choice(NAMES),
            subject=dice.choice(SUBJECTS), submitted_at=now() - timedelta(days=dice.randint(0, 300)), due_on=today(),
        )  # fmt: skip
        Step.objects.create(
            case=case, code=version.code, key=key, type=kind, unit=unit, due_on=today(),
            state="active" if is_open else "done",
            claimed_by=clerk if unit == "environment" and dice.random() < 0.2 else None,
        )  # fmt: skip
        if kind == "approve" and is_open:
            _ask(case, key)


def _ask(case, key):
    """An open round of the case, at the post whose inbox is measured."""
    from machi.engines.approvals.public import Round, Slot
    from machi.ground.calendar import now

    row = {"rule": "別表第1 2の項", "levels": [[INBOX]]}
    opened = Round.objects.create(owner=case.owner, key=key, n=1, digest="0" * 64, row=row, unit=case.unit)
    Slot.objects.create(round=opened, level=1, kind="approve", post=INBOX, state="open", opened_at=now())


def multiply(times):
    """Each case and what belongs to it, so many times more."""
    from django.db import connection

    from machi.engines.approvals.public import Round, Slot
    from machi.engines.procedures.public import Case, Step

    later = "(g.n * 7 % 60 - 40)"
    case = {
        "id": "g.id",
        "reference": "'B' || g.base_number || '-' || g.n",
        "number": "o.number || '-' || g.n",
        "words": "o.words || g.n",
        "submitted_at": "o.submitted_at - g.n * interval '11 minutes'",
        "due_on": f"o.due_on + {later}",
    }
    step = {"case_id": "g.id", "due_on": f"o.due_on + {later}", "opened_at": "o.opened_at"}
    round_id = "md5({} || ' ' || g.n)::uuid"
    asked = {"id": round_id.format("o.id"), "owner": "'case:' || g.id"}
    place = {"id": round_id.format("o.id"), "round_id": round_id.format("o.round_id")}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE grown AS SELECT id AS base, reference AS base_number, n, gen_random_uuid() AS id"
            " FROM procedures_case, generate_series(1, %s) AS n",
            [times],
        )
        cursor.execute(_copied(Case, case, "o.id = g.base"))
        cursor.execute(_copied(Step, step, "o.case_id = g.base", leave=("id",)))
        cursor.execute(_copied(Round, asked, "o.owner = 'case:' || g.base"))
        cursor.execute(_copied(Slot, place, OF_ROUND))
        cursor.execute("ANALYZE")


def _copied(model, changes, joined, leave=()):
    columns = [field.column for field in model._meta.concrete_fields if field.column not in leave]  # noqa: SLF001
    values = [changes.get(column, f'o."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table  # noqa: SLF001
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} o JOIN grown g ON {joined}"  # noqa: S608
