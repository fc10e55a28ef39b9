"""The ledger: in double entry, append-only, never below the floor, whoever presses at the same time."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_book import BOOK, CLERK, SOURCE, compiled, enter, opened

from machi.engines.definitions.define import DefinitionFault
from machi.engines.ledger import public as ledger
from machi.engines.ledger.models import Account, Balance, Entry, Line
from machi.engines.ledger.rules import changes

MOVES = st.sampled_from(sorted(BOOK["moves"]))
POSTINGS = st.lists(st.builds(ledger.Posting, st.just(BOOK), st.sampled_from("ab"), MOVES, st.integers(-999, 999)))


@given(POSTINGS)
def test_what_postings_change_is_zero_together(postings):
    assert sum(changes(postings).values()) == 0


@pytest.mark.django_db
def test_an_amount_moves_from_place_to_place_and_the_statement_tells_how():
    account = opened(allotted=1000)
    enter("reserve", 300, source="case:1")

    assert ledger.balance("test.budget", "a") == {"unallotted": 0, "free": 700, "reserved": 300, "spent": 0}
    told = [(line.entry.title, line.balance.place, line.amount) for line in ledger.statement(account.pk)]
    assert told == [
        ("appropriate", "unallotted", 1000), ("allot", "unallotted", -1000), ("allot", "free", 1000),
        ("reserve", "free", -300), ("reserve", "reserved", 300),
    ]  # fmt: skip
    assert [one.title for one in ledger.entries_of("case:1")] == ["reserve"]


@pytest.mark.django_db
def test_the_same_key_is_one_entry():
    opened(allotted=1000)
    first, again = enter("reserve", 300, key="k"), enter("reserve", 300, key="k")

    assert first == again and ledger.balance("test.budget", "a")["reserved"] == 300


@pytest.mark.django_db
def test_what_is_not_there_cannot_be_drawn_and_nothing_changes():
    opened("a", 1000)
    opened("b", 100)
    postings = [ledger.Posting(BOOK, "a", "reserve", 500), ledger.Posting(BOOK, "b", "reserve", 101)]

    with pytest.raises(ledger.Short) as short:
        ledger.enter(key="both", postings=postings, title="二つ", actor=CLERK)
    found = short.value
    assert (found.account.code, found.place, found.left, found.wanted) == ("b", "free", 100, 101)
    assert ledger.balance("test.budget", "a")["free"] == 1000 and not Entry.objects.filter(key="both").exists()


@pytest.mark.django_db
def test_a_closed_or_unknown_account_takes_nothing():
    account = opened(allotted=1000)
    ledger.close_account(account_id=account.pk, actor=CLERK)

    for code in ("a", "nowhere"):
        with pytest.raises(ledger.NoAccount):
            enter("reserve", 1, code)


@pytest.mark.django_db
def test_undoing_a_source_says_the_opposite_once_and_what_was_used_stays():
    opened(allotted=1000)
    enter("reserve", 300, source="case:1")
    for _twice in range(2):
        ledger.undo(source="case:1", title="取下げ", actor=CLERK)
    assert ledger.balance("test.budget", "a")["free"] == 1000 and ledger.entries_of("case:1") == []

    enter("reserve", 200, source="case:2")
    enter("spend", 200, source="case:3")
    with pytest.raises(ledger.Short):
        ledger.undo(source="case:2", title="取下げ", actor=CLERK)
    assert ledger.balance("test.budget", "a")["spent"] == 200


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Entry, Line, Account, Balance])
def test_what_was_written_can_be_neither_changed_nor_deleted(model):
    opened(allotted=1000)
    for wrong in (lambda: model.objects.all()._raw_delete("default"), lambda: _change(model)):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()


def _change(model):
    column = {Entry: "title", Line: "amount", Account: "code", Balance: "place"}[model]
    model.objects.filter(pk=model.objects.last().pk).update(**{column: 5})


@pytest.mark.django_db
def test_the_database_refuses_lines_that_are_not_zero_together():
    account = opened(allotted=1000)
    with pytest.raises(DatabaseError, match="not zero together"), transaction.atomic():
        entry = Entry.objects.create(key="wrong", title="片方だけ", by="x")
        Line.objects.create(entry=entry, balance=account.balances.first(), amount=5)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ab"), MOVES, st.integers(-500, 500)), max_size=12))
def test_any_entries_keep_balances_equal_to_their_lines_and_above_the_floor(wishes):
    with transaction.atomic():
        opened("a", 800)
        opened("b", 50)
        for number, (code, move, amount) in enumerate(wishes):
            try:
                enter(move, amount, code, key=f"w{number}")
            except ledger.Short:
                continue
        assert ledger.drift() == []
        assert not Balance.objects.filter(place__in=BOOK["places"], amount__lt=0).exists()
        assert sum(Balance.objects.values_list("amount", flat=True)) == 0
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_succeed_than_there_is():
    opened(allotted=1000)
    done, short = [], []

    def draw(number):
        try:
            done.append(enter("reserve", 300, key=f"t{number}"))
        except ledger.Short:
            short.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(short)) == (3, 5)
    assert ledger.balance("test.budget", "a")["free"] == 100 and ledger.drift() == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"moves": {"odd": {"title": "変", "from": "free", "to": "nowhere"}}}, ("moves", "odd", "to")),
        ({"moves": {"odd": {"title": "変", "from": "free", "to": "free"}}}, ("moves", "odd")),
        ({"places": {**SOURCE["places"], "outside": {"title": "外"}}}, ("places", "outside")),
        ({"sheet": {**SOURCE["sheet"], "code": "{nothing}"}}, ("sheet", "code")),
    ],
)
def test_a_book_with_a_gap_is_refused_where_it_is(wrong, path):
    with pytest.raises(DefinitionFault) as fault:
        compiled(**({"sheet": None} if "moves" in wrong else {}), **wrong)
    assert fault.value.path == path
