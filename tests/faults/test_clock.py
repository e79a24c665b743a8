"""The machine's clock jumps, a leap day comes, a year begins whose working days nobody has published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from engine.facade import Database, ProcessEngine
from engine.feel import Extension, Feel
from engine.store.types import ZONE
from procurement.calendar import WorkingCalendar, YearTable, extensions
from tests.integration.engine.office import OPERATOR, HandClock, Office
from tests.unit.spiff.diagrams import timer, user

WAIT = f'<intermediateCatchEvent id="wait">{timer("duration", "P1D")}</intermediateCatchEvent>'
DAILY = f'<startEvent id="s">{timer("cycle", "R5/P1D")}</startEvent>'


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def due(office: Office, case: int) -> list[str]:
    return [one.due_at.astimezone(ZONE).isoformat() for one in office.engine.timers(case)]


def test_a_clock_that_jumps_forward_fires_each_timer_once(office: Office):
    case = office.start(office.deploy("s -> wait -> u1 -> e", WAIT))
    assert office.fire(days=400) == 1
    assert office.open(case.key) == ["u1"]
    assert office.fire() == 0


def test_a_clock_set_back_neither_loses_nor_doubles_a_timer(office: Office):
    process = office.deploy("s -> wait -> u1 -> e", WAIT)
    early = office.start(process)
    office.fire(days=2)
    office.clock.move(days=-10)  # somebody corrects the clock of the machine
    assert office.fire() == 0
    late = office.start(process)
    assert office.open(early.key) == ["u1"], "what has happened stays"
    assert office.fire(hours=23) == 0
    assert office.fire(hours=1) == 1
    assert (office.open(early.key), office.open(late.key)) == (["u1"], ["u1"])
    assert [office.kinds(key).count("timer_fired") for key in (early.key, late.key)] == [1, 1]


def test_a_daily_start_makes_up_for_every_day_the_clock_jumped_over_once(office: Office):
    process = office.deploy("s -> u1 -> e", DAILY)
    fired = [office.fire(days=3), office.fire(), office.fire(), office.fire()]
    assert sum(fired) == 3
    office.clock.move(days=-2)
    assert office.fire() == 0
    assert office.fire(days=2) == 0, "a day is not begun twice because it comes twice"
    assert len(office.engine.instances(process_id=process).items) == 3


def test_the_order_of_the_history_does_not_depend_on_the_clock(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    office.clock.move(hours=-5)
    office.complete(case.key, "u1", note="after the clock was set back")
    office.clock.move(hours=9)
    office.complete(case.key, "u2", note="last")
    entries = office.engine.history(case.key)
    assert [entry.seq for entry in entries] == sorted(entry.seq for entry in entries)
    done = [entry.data["values"]["note"] for entry in entries if entry.kind == "user_task_completed"]
    assert done == ["after the clock was set back", "last"]
    assert [entry.at for entry in entries] != sorted(entry.at for entry in entries), "what the clock said is kept as it was"
    assert office.engine.verify(case.key).sound


@pytest.mark.parametrize(
    ("start", "duration", "ends"),
    [
        ("2028-02-29T09:00", "P1Y", "2029-02-28T09:00:00+08:00"),
        ("2028-02-29T09:00", "P4Y", "2032-02-29T09:00:00+08:00"),
        ("2028-01-31T09:00", "P1M", "2028-02-29T09:00:00+08:00"),
        ("2027-01-31T09:00", "P1M", "2027-02-28T09:00:00+08:00"),
        ("2028-02-28T23:30", "PT1H", "2028-02-29T00:30:00+08:00"),
        ("2027-12-31T23:59", "P1D", "2028-01-01T23:59:00+08:00"),
        # China set its clocks forward on 1991-04-14 and has not since: a day is 24 hours, whatever the machine's zone data says
        ("2026-03-29T00:30", "P1D", "2026-03-30T00:30:00+08:00"),
        ("2026-10-25T00:30", "PT24H", "2026-10-26T00:30:00+08:00"),
    ],
)
def test_months_years_and_leap_days_are_reckoned_by_the_calendar(office: Office, start: str, duration: str, ends: str):
    office.clock.moment = at(start)
    wait = f'<intermediateCatchEvent id="wait">{timer("duration", duration)}</intermediateCatchEvent>'
    case = office.start(office.deploy("s -> wait -> e", wait))
    assert due(office, case.key) == [ends]


def test_a_due_date_on_a_leap_day_is_one(office: Office):
    office.clock.moment = at("2028-02-22T09:00")
    dated = user("u1", extensions='<zeebe:taskSchedule dueDate="=now() + duration(&quot;P7D&quot;)"/>')
    case = office.start(office.deploy("s -> u1 -> e", dated))
    found = office.task(case.key).due
    assert found is not None
    assert found.astimezone(ZONE).isoformat()[:16] == "2028-02-29T09:00"


def test_a_year_nobody_published_is_an_incident_that_goes_on_once_it_is_registered(database: Database, clock: HandClock):
    calendar = WorkingCalendar.published()
    functions: tuple[Extension, ...] = extensions(calendar)
    office = Office(database, clock)
    office.engine = ProcessEngine(database, clock=clock, feel=Feel(functions))
    last = max(calendar.years)
    clock.moment = at(f"{last}-12-25T09:00")
    wait = (
        '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDate>'
        "=working days after(now(), 10)</timeDate></timerEventDefinition></intermediateCatchEvent>"
    )
    case = office.start(office.deploy("s -> u1 -> wait -> u2 -> e", wait))
    office.complete(case.key, "u1", note="kept")
    incident = office.engine.incidents(root_key=case.key).items[0]
    assert incident.kind == "timer_error"
    assert str(last + 1) in incident.message
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    again = office.engine.incidents(root_key=case.key, state="active").items[0]
    assert again.key != incident.key, "retried too early it says so again"
    calendar.years = {
        **calendar.years,
        last + 1: YearTable(last + 1, frozenset({dt.date(last + 1, 1, 1)}), frozenset(), "notice"),
    }
    office.forget()
    office.engine.resolve_incident(again.key, actor=OPERATOR)
    assert office.engine.instance(case.key).state == "active"
    assert due(office, case.key)[0].startswith(f"{last + 1}-01")
    clock.move(days=30)
    assert office.engine.fire_due_timers() >= 1
    assert office.open(case.key) == ["u2"]


def test_the_zone_has_no_summer_time():
    from zoneinfo import ZoneInfo

    shanghai = ZoneInfo("Asia/Shanghai")
    days = [dt.datetime(2026, 1, 1, tzinfo=shanghai) + dt.timedelta(days=n) for n in range(0, 3650, 5)]
    assert {day.utcoffset() for day in days} == {dt.timedelta(hours=8)} == {day.astimezone(ZONE).utcoffset() for day in days}


@pytest.fixture
def broken_start(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Cases of timer start events cannot begin until the returned function is called."""
    from engine.spiff import Execution

    with_patch = monkeypatch.context()
    patch = with_patch.__enter__()
    patch.setattr(Execution, "start", lambda *_, **__: 1 / 0)
    return lambda: with_patch.__exit__(None, None, None)


def test_a_timer_start_that_fails_is_an_incident_and_starts_when_it_is_retried(office: Office, broken_start: Callable[[], None]):
    process = office.deploy("s -> u1 -> e", DAILY)
    assert office.fire(days=1) == 0
    found = [one for one in office.engine.incidents(state="active").items if one.process_id == process]
    assert len(found) == 1
    assert (found[0].kind, found[0].element_id, found[0].root_key) == ("timer_failed", "s", 0)
    assert "ZeroDivisionError" in found[0].message
    assert "then retry" in found[0].message
    assert office.fire(days=1) == 0, "it waits for its incident"
    broken_start()
    office.engine.resolve_incident(found[0].key, actor=OPERATOR)
    assert office.engine.incident(found[0].key).state == "resolved"
    assert office.fire() == 1
    assert len(office.engine.instances(process_id=process).items) == 1
    assert {"incident_raised", "incident_retried"} <= {entry.kind for entry in office.engine.history(0)}
    assert office.engine.verify(0).sound
    with pytest.raises(Exception, match="resolved already"):
        office.engine.resolve_incident(found[0].key, actor=OPERATOR)


def test_a_timer_is_not_blamed_for_a_database_that_went_away(office: Office, monkeypatch: pytest.MonkeyPatch):
    import psycopg

    from engine.spiff import Execution

    case = office.start(office.deploy("s -> wait -> u1 -> e", WAIT))

    def away(*_: object) -> None:
        raise psycopg.OperationalError("the connection is lost")

    office.clock.move(days=1)
    with monkeypatch.context() as patch:
        patch.setattr(Execution, "fire_timer", away)
        with pytest.raises(psycopg.OperationalError):
            office.engine.fire_due_timers()
    assert office.engine.incidents(root_key=case.key).items == ()
    assert office.fire() == 1
    assert office.open(case.key) == ["u1"]
