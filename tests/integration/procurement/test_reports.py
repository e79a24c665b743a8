"""The dashboards' numbers: each agrees with the list of its cases, narrowed or not, and nobody counts what they may not see."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.errors import NotFound
from engine.model import Actor
from procurement import reports
from procurement.office.reports import BOARDS, Wanted
from procurement.registers.row import OFFICE_ZONE
from procurement.reports import words
from procurement.reports.definitions import SHAPES
from tests.support.figures import fill
from web.composition import compose
from web.settings import Settings

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=OFFICE_ZONE)
ROLES = {
    "leader": Actor("zhang", frozenset({"street_leader"})),
    "finance": Actor("cai", frozenset({"finance"})),
    "agency": Actor("jigou", frozenset({"agency", "agency:agy-01"})),
    "audit": Actor("jjjc", frozenset({"discipline"})),
}
NARROWED = {
    "the year": Wanted(2026),
    "every year": Wanted(),
    "a unit": Wanted(2026, unit="部门3"),
    "a community": Wanted(2026, community="社区7"),
    "another year": Wanted(2025),
}


@pytest.fixture(scope="module")
def services(new_database, tmp_path_factory):
    composed = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    composed.migrate()
    composed.clock.set(NOW)
    fill(composed.office.desk.database, purchases=140, first=dt.datetime(2026, 1, 1, tzinfo=OFFICE_ZONE))
    yield composed
    composed.close()


@pytest.fixture(scope="module")
def desk(services):
    return services.office.reports


@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("board", BOARDS)
def test_every_number_agrees_with_the_list_of_its_cases(desk, board, narrowed):
    actor, wanted = ROLES[board], NARROWED[narrowed]
    for drawn in desk.draw(BOARDS[board], wanted, actor=actor):
        figure, counted = drawn.figure, drawn.counted
        listed = desk.cases(BOARDS[board], figure.id, wanted, actor=actor, limit=1)
        assert (listed.total, figure.id) == (counted.all.count, figure.id)
        for (value, split), cell in counted.cells.items():
            across = {"split": split} if figure.split else {}
            page = desk.cases(BOARDS[board], figure.id, wanted, actor=actor, value=value, limit=500, **across)
            assert page.total == len(page.items) == cell.count, (figure.id, value, split)
            for number in range(len(figure.sums)):
                assert sum(row.amounts[number] or 0 for row in page.items) == cell.sums[number], (figure.id, value)


def test_what_a_page_has_no_room_for_leads_to_its_cases_as_well(desk):
    board, figure, actor = BOARDS["leader"], "purchases-by-community", ROLES["leader"]
    counted = desk.draw(board, Wanted(2026), actor=actor, only=figure)[0].counted
    rest = counted.beyond(5)
    assert len(rest.values) == len(counted.values) - 5
    assert desk.cases(board, figure, Wanted(2026), actor=actor, beyond=5).total == rest.all.count > 0


def test_every_board_has_something_to_look_at(desk):
    for board in BOARDS.values():
        drawn = desk.draw(board, NARROWED["the year"], actor=ROLES[board.id])
        assert {one.figure.id for one in drawn if one.counted.all.count}, board.id


def test_the_list_goes_on_by_key_and_names_each_case_once(desk):
    board, wanted, actor = BOARDS["leader"], Wanted(2026), ROLES["leader"]
    seen: list[str] = []
    after = None
    while True:
        page = desk.cases(board, "deadlines-by-month", wanted, actor=actor, limit=70, after=after)
        seen += [row.key for row in page.items]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == page.total


def test_an_agency_counts_the_purchases_it_runs_and_no_others(desk, services):
    board, wanted = BOARDS["agency"], Wanted(2026)
    own = desk.draw(board, wanted, actor=ROLES["agency"], only="own-by-agency")[0].counted
    everybody = desk.draw(board, wanted, actor=Actor("x", frozenset({"procurement_officer"})), only="own-by-agency")[0].counted
    assert own.values == ("agy-01",)
    assert {"agy-01", "agy-02"} <= set(everybody.values)
    for figure in desk.draw(board, wanted, actor=ROLES["agency"]):
        page = desk.cases(board, figure.figure.id, wanted, actor=ROLES["agency"], limit=500)
        if figure.source.kind in ("purchase", "case"):
            found = services.office.purchases.by_ids(row.target for row in page.items)
            assert {one.agency_id for one in found.values()} <= {"agy-01"}
    units = desk.choices(actor=ROLES["agency"])[1]
    assert len(units) < len(desk.choices(actor=ROLES["leader"])[1])


@pytest.mark.parametrize("role", ["organisation", "expert", "designer", "operator", "department"])
def test_others_have_no_dashboard(desk, role):
    actor = Actor("x", frozenset({role}))
    assert desk.boards(actor=actor) == []
    with pytest.raises(NotFound):
        desk.board("leader", actor=actor)


def test_figures_whose_rows_somebody_may_not_read_are_not_offered(desk):
    with pytest.raises(NotFound):
        desk.draw(BOARDS["agency"], Wanted(2026), actor=ROLES["agency"], only="flags-by-kind")
    boards = desk.boards(actor=ROLES["audit"])
    assert [one.id for one in boards] == ["audit"]
    committee = Actor("x", frozenset({"committee"}))
    kinds = {one.source.id for one in desk.draw(BOARDS["leader"], Wanted(2026), actor=committee)}
    assert not kinds & {"discretion", "flags"}


def test_what_becomes_late_is_told_by_the_clock_of_the_office(desk, services):
    def overdue():
        drawn = desk.draw(BOARDS["leader"], Wanted(2026), actor=ROLES["leader"], only="deadlines-by-month")[0].counted
        return sum(cell.count for (_, state), cell in drawn.cells.items() if state == "overdue")

    late = overdue()
    services.clock.set(dt.datetime(2026, 12, 20, tzinfo=OFFICE_ZONE))
    assert overdue() >= late
    services.clock.set(dt.datetime(2026, 1, 2, tzinfo=OFFICE_ZONE))
    assert overdue() == 0
    services.clock.set(NOW)


def test_the_shipped_figures_name_what_there_is_and_have_words(desk):
    for figure in reports.shipped():
        assert figure.shape in SHAPES
        assert figure.by in words.DIMENSIONS
        assert set(figure.sums) <= words.AMOUNTS.keys()
    assert len({figure.id for figure in reports.shipped()}) == len(reports.shipped())


def test_months_follow_each_other_and_codes_stand_in_the_order_of_their_meaning(desk):
    board, actor = BOARDS["leader"], ROLES["leader"]
    months = desk.draw(board, Wanted(2026), actor=actor, only="purchases-by-month")[0].counted
    assert list(months.values) == sorted(months.values)
    states = desk.draw(board, Wanted(2026), actor=actor, only="deadlines-by-month")[0].counted
    assert list(states.splits) == [one for one in ("met", "missed", "overdue", "running") if one in states.splits]
    steps = desk.draw(board, Wanted(2026), actor=actor, only="purchases-by-step")[0].counted
    assert list(steps.values) == [one for one in words.LABELS["step"] if one in steps.values]
