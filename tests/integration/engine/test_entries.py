"""Searching the history over all cases: every entry once, in order, whatever the size of the page."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert

from engine.errors import InvalidInput, NotFound
from engine.model import Comparisons
from engine.store.tables import history
from tests.integration.engine.office import CLERK, Office

KINDS = ("instance_started", "flow_taken", "user_task_created", "user_task_completed")


@pytest.fixture
def cases(office: Office) -> list[int]:
    """Some cases side by side; each command writes one row of several entries, two cases at the very same moment."""
    process = office.deploy("s -> u1 -> u2 -> e")
    keys = [office.start(process).key for _ in range(2)]
    office.clock.move(minutes=1)
    keys.append(office.start(process).key)
    for key in keys:
        office.complete(key, "u1", note="x")
    return keys


def walk(office: Office, order: str, limit: int, **filters: object) -> list[tuple[dt.datetime, int, int]]:
    found, after = [], None
    while True:
        page = office.engine.audit(KINDS, order=order, limit=limit, after=after, **filters)
        assert len(page) <= limit
        found += [(entry.at, entry.root_key, entry.seq) for entry in page]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_of_any_size_give_every_entry_once_and_in_order(office: Office, cases: list[int], limit: int) -> None:
    mine = {"at": Comparisons((("gte", office.engine.instance(cases[0]).started_at),))}
    rising = walk(office, "at", limit, **mine)
    assert rising == sorted(set(rising))
    assert walk(office, "-at", limit, **mine) == rising[::-1]
    told = [entry for key in cases for entry in office.engine.history(key, kinds=KINDS)]
    assert {place for place in rising if place[1] in cases} == {(entry.at, entry.root_key, entry.seq) for entry in told}


def test_entries_written_before_there_were_records_are_found_among_the_others(office: Office, cases: list[int]) -> None:
    at = office.clock.now() + dt.timedelta(days=1)
    row = {
        "root_key": cases[0],
        "seq": 900,
        "at": at,
        "kind": "user_task_completed",
        "instance_key": cases[0],
        "element_id": "u9",
    }
    rest = {"element_key": 1, "actor": "forefather", "data": "{}", "previous": "", "hash": ""}
    with office.engine.database.unit_of_work() as uow:
        uow.session.execute(insert(history).values(**row, **rest))
        uow.commit()
    (found,) = office.engine.audit(KINDS, actor="forefather")
    assert (found.seq, found.element_id, found.at) == (900, "u9", at)
    assert office.engine.audit(KINDS, root_key=cases[0], limit=1).items == (found,), "it is the newest of its case"
    assert office.engine.audit_entry(cases[0], 900) == found


def test_filters_narrow_the_search(office: Office, cases: list[int]) -> None:
    done = office.engine.audit(("user_task_completed",), root_key=cases[0], element_id="u1")
    assert [(entry.actor, entry.element_id) for entry in done] == [(CLERK.user_id, "u1")]
    assert office.engine.audit(KINDS, root_key=cases[0], actor="nobody").items == ()
    assert office.engine.audit(KINDS, instance_key=-1).items == ()


def test_an_entry_is_found_by_its_case_and_number(office: Office, cases: list[int]) -> None:
    for entry in office.engine.history(cases[1]):
        assert office.engine.audit_entry(cases[1], entry.seq) == entry
    with pytest.raises(NotFound):
        office.engine.audit_entry(cases[1], 10_000)


def test_an_order_or_a_cursor_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput):
        office.engine.audit(KINDS, order="actor")
    with pytest.raises(InvalidInput):
        office.engine.audit(KINDS, after="here")


@pytest.mark.parametrize("order", ["at", "-at"])
@pytest.mark.parametrize("look", [1, 2, 3, 1000])
def test_a_search_for_words_looks_at_so_many_commands_at_a_time_and_misses_nothing(
    office: Office, cases: list[int], order: str, look: int
) -> None:
    mine = {"at": Comparisons((("gte", office.engine.instance(cases[0]).started_at),))}
    found, after, pages = [], None, 0
    while True:
        page = office.engine.audit(KINDS, order=order, says='"u1"', look=look, limit=2, after=after, **mine)
        assert all("u1" in (entry.element_id, *map(str, entry.data.values())) for entry in page)
        found += [(entry.at, entry.root_key, entry.seq) for entry in page]
        pages, after = pages + 1, page.after
        assert page.looked_to is None or after is not None
        if after is None:
            break
    whole = walk(office, order, 1000, says='"u1"', **mine)
    assert found == whole
    assert len(whole) >= 2 * len(cases), "each case enters u1 and completes it"


def test_a_search_that_looked_at_enough_says_how_far_it_came(office: Office, cases: list[int]) -> None:
    page = office.engine.audit(KINDS, says="nobody wrote this", look=2)
    assert page.items == ()
    assert page.looked_to is not None
    assert office.engine.audit(KINDS, look=2).looked_to is None, "without words an index knows the whole answer"


def test_of_a_command_only_the_entries_that_say_it_are_found(office: Office, cases: list[int]) -> None:
    found = office.engine.audit(KINDS, says='"note"', root_key=cases[0], limit=100)
    assert {entry.kind for entry in found} == {"user_task_completed"}
