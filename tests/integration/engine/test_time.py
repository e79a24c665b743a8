"""Timers and the demo's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from engine.errors import ExecutionFailed, NotPermitted
from engine.facade import Database, DemoClock, ProcessEngine
from engine.model import SYSTEM
from tests.integration.engine.office import CLERK, OPERATOR, HandClock, Office
from tests.unit.spiff.diagrams import service, timer, user

REMIND = f'<boundaryEvent id="b" attachedToRef="u1" cancelActivity="false">{timer("cycle", "R2/P1D")}</boundaryEvent>'
EXPIRE = f'<boundaryEvent id="b" attachedToRef="u1">{timer("duration", "P5D")}</boundaryEvent>'
WAIT = f'<intermediateCatchEvent id="wait">{timer("duration", "P1D")}</intermediateCatchEvent>'


def test_a_deadline_ends_the_task_it_stands_on(office: Office):
    case = office.start(office.deploy("s -> u1 -> e1\nb -> u2 -> e2", user("u1") + EXPIRE))
    task = office.task(case.key, "u1")
    assert [timer.due_at for timer in office.engine.timers(case.key)] == [office.clock.now() + dt.timedelta(days=5)]
    assert office.fire(days=4) == 0
    assert office.fire(days=1) == 1
    assert office.open(case.key) == ["u2"]
    assert office.engine.task(task.key).state == "canceled"
    assert office.engine.timers(case.key) == []
    assert "timer_fired" in office.kinds(case.key)


def test_a_task_done_in_time_leaves_no_timer_behind(office: Office):
    case = office.start(office.deploy("s -> u1 -> e1\nb -> u2 -> e2", user("u1") + EXPIRE))
    office.complete(case.key)
    assert office.engine.timers(case.key) == []
    assert office.fire(days=10) == 0


def test_a_reminder_comes_again_and_leaves_the_task_open(office: Office):
    case = office.start(office.deploy("s -> u1 -> e1\nb -> u2 -> e2", user("u1") + REMIND))
    for day in (1, 2):
        office.forget()
        assert office.fire(days=1) == 1, day
    assert office.open(case.key) == ["u1", "u2", "u2"]
    assert office.fire(days=1) == 0


def test_every_due_timer_is_fired_once_though_many_look(office: Office, database: Database):
    process = office.deploy("s -> wait -> u1 -> e", WAIT)
    cases = [office.start(process) for _ in range(12)]
    other = ProcessEngine(database, clock=office.clock)
    office.clock.move(days=1)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(each.fire_due_timers) for each in (office.engine, other, office.engine, other)]
        assert sum(look.result() for look in looks) == 12
    assert all(office.open(case.key) == ["u1"] for case in cases)


def test_what_fails_after_a_timer_is_an_incident_and_stops_nobody_else(office: Office):
    def broken(call):
        raise ExecutionFailed(element=call.element_id, cause="the register is closed")

    office.operations["broken"] = broken
    bad = office.start(office.deploy("s -> wait -> w -> e", WAIT + service("w", "broken")))
    good = office.start(office.deploy("s -> wait -> u1 -> e", WAIT))
    assert office.fire(days=1) == 2
    assert office.open(good.key) == ["u1"]
    assert office.engine.instance(bad.key).state == "incident"
    incident = office.engine.incidents(root_key=bad.key).items[0]
    assert "the register is closed" in incident.message
    office.operations["broken"] = lambda call: {}
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert office.engine.instance(bad.key).state == "completed"


def test_a_timer_that_cannot_be_fired_is_set_aside_with_an_incident_and_can_be_retried(office: Office, monkeypatch):
    from engine.spiff import Execution

    case = office.start(office.deploy("s -> wait -> u1 -> e", WAIT))
    with monkeypatch.context() as patch:
        patch.setattr(Execution, "fire_timer", lambda *_: 1 / 0)
        assert office.fire(days=1) == 0
    incident = office.engine.incidents(root_key=case.key).items[0]
    assert (incident.kind, "ZeroDivisionError" in incident.message) == ("timer_failed", True)
    assert office.fire() == 0
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert office.fire() == 1
    assert office.open(case.key) == ["u1"]


def test_a_timer_start_event_starts_cases_of_the_newest_version_only(office: Office):
    start = f'<startEvent id="s">{timer("cycle", "R3/P1D")}</startEvent>'
    process = office.deploy("s -> u1 -> e", start)
    office.deploy("s -> u1 -> u2 -> e", start, process_id=process)
    assert [office.fire(days=1) for _ in range(4)] == [1, 1, 1, 0]
    cases = office.engine.instances(process_id=process).items
    assert [case.version for case in cases] == [2, 2, 2]


class Demo:
    def __init__(self, database: Database) -> None:
        self.clock = DemoClock(database)
        self.seen: list[tuple[str, dt.datetime]] = []
        self.office = Office(database, self.clock)  # type: ignore[arg-type]
        self.office.operations["look"] = self.look

    def look(self, call):
        self.seen.append((call.element_id, call.now))
        return {}


@pytest.fixture
def demo(new_database: Callable[..., str], migrated: str):
    database = Database(new_database(migrated))
    yield Demo(database)
    database.dispose()


def test_twelve_months_are_lived_through_in_order(demo: Demo):
    first = f'<intermediateCatchEvent id="first">{timer("duration", "P6M")}</intermediateCatchEvent>'
    second = f'<intermediateCatchEvent id="second">{timer("duration", "P3M")}</intermediateCatchEvent>'
    slow = demo.office.deploy(
        "s -> first -> w1 -> second -> w2 -> e", first + second + service("w1", "look") + service("w2", "look")
    )
    quick = demo.office.deploy("s -> wait -> w3 -> e", WAIT + service("w3", "look"))
    began = demo.clock.now()
    case, other = demo.office.start(slow), demo.office.start(quick)
    dues = [demo.office.engine.timers(other.key)[0].due_at, demo.office.engine.timers(case.key)[0].due_at]
    assert demo.office.engine.advance_clock(began + dt.timedelta(days=366), actor=OPERATOR) == 3
    assert [name for name, _ in demo.seen] == ["w3", "w1", "w2"]
    for (_, seen), due in zip(demo.seen, dues, strict=False):
        assert dt.timedelta(0) <= seen - due < dt.timedelta(seconds=5)
    assert demo.office.engine.instance(case.key).state == "completed"
    assert demo.clock.now() >= began + dt.timedelta(days=366)


def test_the_moved_clock_is_seen_by_other_processes_and_can_be_reset(demo: Demo):
    other = DemoClock(demo.office.engine.database)
    demo.office.engine.advance_clock(demo.clock.now() + dt.timedelta(days=30))
    assert other.now() - dt.datetime.now(dt.UTC) > dt.timedelta(days=29)
    demo.office.engine.reset_clock()
    assert abs(demo.clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


def test_only_operators_move_the_clock_and_only_in_the_demo(demo: Demo, engine: ProcessEngine, clock: HandClock):
    with pytest.raises(NotPermitted):
        demo.office.engine.advance_clock(demo.clock.now() + dt.timedelta(days=1), actor=CLERK)
    with pytest.raises(NotPermitted):
        engine.advance_clock(clock.now() + dt.timedelta(days=1), actor=SYSTEM)
