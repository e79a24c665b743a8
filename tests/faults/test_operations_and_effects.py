"""An operation or an effect may raise, hang or answer rubbish: the case stops there, says why, and goes on when told to."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands import time_limit
from engine.errors import BpmnError
from engine.facade import Database, Limits, ProcessEngine
from engine.model import Incident
from tests.integration.engine.office import CLERK, OPERATOR, HandClock, Office
from tests.unit.spiff.diagrams import mapping, service

WORK = service("w", "paint", mapping("out: result <- =done"))
LIMITS = Limits(operation_s=1, effect_s=1, output=10_000)
OVER = threading.Event()  # set when a test is over: then what was left behind may end
outlasted: list[str] = []  # what hung until it ended by itself: somebody had waited for it


def hang() -> None:
    if not OVER.wait(60):
        outlasted.append("the operating system")


@pytest.fixture
def office(database: Database, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Nobody waits long here."""
    monkeypatch.setattr(time_limit, "GRACE_S", 0.3)
    made = Office(database, clock)
    made.engine = ProcessEngine(database, clock=clock, operations=made.operations, effects=made.effects, limits=LIMITS)
    OVER.clear()
    outlasted.clear()
    yield made
    OVER.set()


def stopped(office: Office, operation: Callable[..., Any]) -> Incident:
    """The incident of a case whose operation does that, after the task before it was handed in."""
    office.operations["paint"] = operation
    case = office.start(office.deploy("s -> u1 -> w -> u2 -> e", WORK))
    office.complete(case.key, "u1", note="kept")
    found: Incident = office.engine.incidents(root_key=case.key).items[0]
    assert office.kinds(case.key).count("user_task_completed") == 1, "what the person did stands"
    assert office.engine.verify(case.key).sound
    return found


def goes_on(office: Office, incident: Incident) -> None:
    """Retried once the cause is mended, the case goes on as if nothing had been."""
    office.operations["paint"] = lambda _: {"done": 1}
    office.forget()
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert office.open(incident.root_key) == ["u2"]
    assert office.value(incident.root_key, "result") == 1


def writes_and_hangs_in_the_database(call):
    call.session.execute(text("create table painted (n int)"))
    call.session.execute(text("select pg_sleep(60)"))
    outlasted.append("the database")


def writes_and_hangs_in_python(call):
    call.session.execute(text("create table painted (n int)"))
    while True:
        try:
            call.inputs.get("colour")
        except Exception:  # noqa: BLE001 - even this does not keep it
            continue


def writes_and_hangs_in_the_operating_system(call):
    call.session.execute(text("create table painted (n int)"))
    hang()


@pytest.mark.parametrize(
    "hangs", [writes_and_hangs_in_the_database, writes_and_hangs_in_python, writes_and_hangs_in_the_operating_system]
)
def test_an_operation_that_hangs_becomes_an_incident_and_what_it_wrote_is_undone(office: Office, hangs):
    incident = stopped(office, hangs)
    assert outlasted == []
    assert (incident.kind, incident.element_id) == ("operation_failed", "w")
    assert "It took longer than 1 seconds" in incident.message
    assert "then retry" in incident.message
    with office.engine.database.unit_of_work() as uow:
        assert uow.session.execute(text("select to_regclass('painted')")).scalar() is None
    goes_on(office, incident)


def test_what_an_operation_left_behind_still_does_afterwards_reaches_nothing(office: Office):
    wake, woke = threading.Event(), threading.Event()

    def hangs_and_wakes(call):
        with contextlib.suppress(BaseException):  # it will not be told to end
            wake.wait(60)
        try:
            call.session.execute(text("create table painted_late (n int)"))
            call.session.commit()
        finally:
            woke.set()

    incident = stopped(office, hangs_and_wakes)
    wake.set()
    assert woke.wait(60)
    with office.engine.database.unit_of_work() as uow:
        assert uow.session.execute(text("select to_regclass('painted_late')")).scalar() is None
    goes_on(office, incident)


def test_two_operations_that_hang_in_one_command_are_two_incidents(office: Office):
    office.operations["paint"] = lambda _: hang()
    both = service("w1", "paint") + service("w2", "paint") + '<parallelGateway id="p"/>'
    case = office.start(office.deploy("s -> u1 -> p\np -> w1 -> e1\np -> w2 -> e2", both))
    office.complete(case.key)
    assert outlasted == []
    assert sorted(one.element_id for one in office.engine.incidents(root_key=case.key).items) == ["w1", "w2"]


@pytest.mark.parametrize("ends", ["commit", "rollback", "close"])
def test_an_operation_that_ends_the_transaction_of_its_command_is_an_incident_and_nothing_of_it_stays(office: Office, ends):
    def ending(call):
        call.session.execute(text("create table painted (n int)"))
        getattr(call.session, ends)()
        return {"done": 1}

    incident = stopped(office, ending)
    assert "it ended the transaction of the command" in incident.message
    with office.engine.database.unit_of_work() as uow:
        assert uow.session.execute(text("select to_regclass('painted')")).scalar() is None
    goes_on(office, incident)


def ring() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["done"] = found
    return found


@pytest.mark.parametrize(
    ("rubbish", "said"),
    [
        (None, "it is a NoneType, not a mapping of variables"),
        (5, "it is a int, not a mapping"),
        ([("done", 1)], "it is a list, not a mapping"),
        ({"done": object()}, "object cannot be a process variable"),
        ({"done": float("nan")}, "Out of range float"),
        ({"done": {("a", "b"): 1}}, "keys must be str"),
        ({"done": "\ud800"}, "surrogates not allowed"),
        ({"done": "long" * 5000}, "20,011 characters of JSON, 10,000 are allowed"),
        (ring(), "Circular reference"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "",
)
def test_rubbish_is_an_incident_that_says_what_is_wrong_with_it(office: Office, rubbish, said):
    incident = stopped(office, lambda _: rubbish)
    assert said in incident.message
    assert "The answer cannot be kept" in incident.message
    goes_on(office, incident)


def test_a_business_error_with_rubbish_in_its_variables_is_an_incident_too(office: Office):
    def refuses(_):
        raise BpmnError("NO_MONEY", "empty", {"left": float("inf")})

    assert "The answer cannot be kept" in stopped(office, refuses).message


@pytest.mark.parametrize("error", [KeyError("colour"), RecursionError("deep"), SystemExit(3), MemoryError(), AssertionError()])
def test_a_bug_in_an_operation_is_an_incident_with_the_name_of_the_error(office: Office, error):
    def breaks(_):
        raise error

    incident = stopped(office, breaks)
    assert type(error).__name__ in incident.message
    goes_on(office, incident)


def test_a_statement_the_database_refuses_is_an_incident(office: Office):
    incident = stopped(office, lambda call: call.session.execute(text("select * from nowhere")))
    assert 'relation "nowhere" does not exist' in incident.message
    goes_on(office, incident)


@pytest.fixture
def mailing(office: Office) -> Iterator[Callable[[Callable[..., Any]], int]]:
    """A case that waits for the effect ``mail``, which does as told; gives the key of the job."""

    def begin(effect: Callable[..., Any]) -> int:
        office.effects["mail"] = effect
        case = office.start(office.deploy("s -> w -> u2 -> e", service("w", "mail")))
        key: int = office.engine.jobs(root_key=case.key).items[0].key
        return key

    yield begin


def test_an_effect_that_hangs_counts_as_failed_and_the_worker_goes_on(office: Office, mailing):
    keys = []

    def hangs(_payload, key):
        keys.append(key)
        hang()

    job = mailing(hangs)
    assert office.engine.run_effect(job)
    assert office.engine.job(job).error_message == "It took longer than 1 seconds"
    assert office.engine.run_effect(job)
    assert office.engine.run_effect(job)
    assert outlasted == []
    incident = office.engine.incidents(root_key=office.engine.job(job).root_key).items[0]
    assert (incident.kind, "It took longer than 1 seconds" in incident.message) == ("job_no_retries", True)
    assert len(set(keys)) == 1
    office.effects["mail"] = lambda _payload, _key: None
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert office.engine.run_effect(job)
    assert office.open(incident.root_key) == ["u2"]


@pytest.mark.parametrize("rubbish", [5, {"sent": object()}, {"sent": "x" * 20_000}])
def test_an_effect_that_answers_rubbish_counts_as_failed(office: Office, mailing, rubbish):
    job = mailing(lambda _payload, _key: rubbish)
    assert office.engine.run_effect(job)
    assert "The answer cannot be kept" in office.engine.job(job).error_message
    assert office.engine.job(job).retries == 2


def test_an_effect_that_was_done_is_not_blamed_when_its_case_is_busy(office: Office, mailing, monkeypatch):
    from engine.commands import jobs
    from engine.commands.repeating import CaseBusy

    sent = []
    job = mailing(lambda _payload, key: sent.append(key))
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "complete_job", lambda *_, **__: (_ for _ in ()).throw(CaseBusy()))
        with pytest.raises(CaseBusy):  # the queue gives it to a worker again
            office.engine.run_effect(job)
    assert office.engine.job(job).retries == 3
    assert office.engine.run_effect(job)
    assert len(set(sent)) == 1


def test_a_slow_operation_within_its_time_is_left_alone(office: Office):
    def slow(_):
        time.sleep(0.1)
        return {"done": dt.date(2026, 3, 2)}

    office.operations["paint"] = slow
    case = office.start(office.deploy("s -> w -> u2 -> e", WORK), actor=CLERK)
    assert office.value(case.key, "result") == "2026-03-02"
