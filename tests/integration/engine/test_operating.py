"""What operators ask of all cases at once, and what they do to what stopped."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event

from engine.commands.failed_starts import IncidentClosed
from engine.commands.jobs import JobClosed
from engine.commands.mend_job import JobHoldsToken, JobInHand
from engine.errors import InvalidInput, NotFound, NotPermitted
from engine.model import SYSTEM
from engine.store.database import Database
from tests.integration.engine.office import CLERK, OPERATOR, Office
from tests.unit.spiff.diagrams import mapping, service, timer, user

MINUTE = dt.timedelta(minutes=1)
TWO = user("u1") + user("u2", people='candidateGroups="leaders"')


RECKON = service("w", "reckon", mapping("out: x <- =done"))


def newest(office: Office, process_id: str) -> int:
    key: int = office.engine.definitions(kind="process", id=process_id, latest=True).items[0].key
    return key


def since(office: Office, **back: int) -> dt.datetime:
    return office.clock.now() - dt.timedelta(**back)


def test_tokens_are_counted_by_element_with_how_long_they_have_waited(office: Office):
    process = office.deploy("s -> u1 -> u2 -> e", TWO)
    first = office.start(process)
    office.clock.move(hours=1)
    second = office.start(process)
    office.clock.move(hours=2)
    office.complete(second.key, "u1")
    office.clock.move(hours=1)
    key = newest(office, process)
    waits = {one.element_id: one for one in office.engine.waiting(key)}
    assert {name: (one.count, one.longest) for name, one in waits.items()} == {"u1": (1, 4 * 3600), "u2": (1, 3600)}
    counts = {one.element_id: (one.active, one.completed) for one in office.engine.element_statistics(definition_key=key)}
    assert counts["s"] == (0, 2)
    assert counts["u1"] == (1, 1)
    assert counts["u2"] == (1, 0)
    own = {one.element_id: one.active for one in office.engine.element_statistics(instance_key=first.key)}
    assert own == {"s": 0, "u1": 1}
    with pytest.raises(NotFound):
        office.engine.element_statistics(instance_key=1)


def test_durations_are_those_of_the_passes_finished_in_the_window(office: Office):
    process = office.deploy("s -> u1 -> e", user("u1"))
    for hours in (1, 2, 3, 4, 10):
        case = office.start(process)
        office.clock.move(hours=hours)
        office.complete(case.key)
    key = newest(office, process)
    task = next(one for one in office.engine.durations(key, since=since(office, days=1)) if one.element_id == "u1")
    assert (task.count, task.median, task.longest, task.element_type) == (5, 3 * 3600, 36000, "userTask")
    assert task.median < task.p90 <= task.longest
    lately = next(one for one in office.engine.durations(key, since=since(office, hours=1)) if one.element_id == "u1")
    assert (lately.count, lately.median) == (1, 36000)


def test_the_tokens_at_an_element_name_their_cases_page_by_page(office: Office):
    process = office.deploy("s -> u1 -> u2 -> e", TWO)
    for number in range(5):
        office.start(process, business_key=f"B{number}")
    key = newest(office, process)
    page = office.engine.standing(key, element_id="u1", limit=3)
    rest = office.engine.standing(key, element_id="u1", limit=3, after=page.after)
    assert sorted(one.business_key for one in (*page, *rest)) == [f"B{n}" for n in range(5)]
    assert page.items[0].process_id == process
    assert len(office.engine.standing(key, element_id="u2")) == 0


def test_slow_steps_tell_hours_working_days_and_what_is_still_open(office: Office):
    process = office.deploy("s -> u1 -> u2 -> e", TWO)
    days = {dt.date(2026, 3, day): n for n, day in enumerate((2, 3, 4, 5, 6, 9, 10))}
    case = office.start(process)  # a Monday
    office.clock.move(days=1)
    office.complete(case.key, "u1")
    office.clock.move(days=3)
    steps = office.engine.slow_steps(since=since(office, days=30), process_id=process, days=days)
    by_step = {one.element_id: one for one in steps}
    assert (by_step["u1"].completed, by_step["u1"].median, by_step["u1"].median_days) == (1, 86400, 1)
    assert (by_step["u2"].open, by_step["u2"].median, by_step["u2"].groups) == (1, None, ("leaders",))
    only = office.engine.slow_steps(since=since(office, days=30), process_id=process, group="leaders")
    assert [one.element_id for one in only] == ["u2"]
    assert only[0].median_days is None


def test_the_question_for_slow_steps_is_as_long_for_three_years_of_days_as_for_one(office: Office, database: Database):
    process = office.deploy("s -> u1 -> e", user("u1"))
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_others):
        asked.append(statement)

    for years in (1, 3):
        days = {dt.date(2025, 1, 1) + dt.timedelta(days=n): n for n in range(365 * years)}
        office.engine.slow_steps(since=since(office, days=30), process_id=process, days=days)
    event.remove(database.engine, "before_cursor_execute", note)
    assert asked[: len(asked) // 2] == asked[len(asked) // 2 :]


def test_versions_in_use_are_the_newest_and_those_something_runs_on(office: Office):
    process = office.deploy("s -> u1 -> e", user("u1"))
    office.start(process)
    office.deploy("s -> u1 -> u2 -> e", TWO, process_id=process)
    office.deploy("s -> u1 -> t1 -> u2 -> e", TWO, process_id=process)
    found = [one for one in office.engine.versions_in_use() if one.process_id == process]
    assert [(one.version, one.is_newest, one.running) for one in found] == [(3, True, 0), (1, False, 1)]


def test_timers_are_listed_by_their_moment_and_counted_by_process(office: Office):
    wait = f'<intermediateCatchEvent id="wait">{timer("duration", "PT1H")}</intermediateCatchEvent>'
    process = office.deploy("s -> wait -> e", wait)
    for number in range(3):
        office.start(process, business_key=f"T{number}")
        office.clock.move(minutes=10)
    office.clock.move(minutes=35)
    page = office.engine.waiting_timers(process_id=process, limit=2)
    assert [one.business_key for one in page] == ["T0", "T1"]
    assert page.after
    overdue = office.engine.waiting_timers(process_id=process, due_before=office.clock.now())
    assert [one.business_key for one in overdue] == ["T0"]
    count = next(one for one in office.engine.timer_counts() if one.process_id == process)
    assert (count.total, count.overdue, count.suspended, count.next_due) == (3, 1, 0, overdue.items[0].due_at)


def test_the_overview_counts_what_is_unfinished(office: Office):
    before = office.engine.overview()
    office.operations["reckon"] = lambda call: {"done": call.inputs["missing"]}
    process = office.deploy("s -> u1 -> w -> e", user("u1") + RECKON)
    first = office.start(process)
    office.start(process)
    office.complete(first.key)
    after = office.engine.overview()
    assert (after.running - before.running, after.incidents - before.incidents) == (2, 1)
    assert after.open_tasks - before.open_tasks == 1
    assert after.worker_seen is None


def test_incidents_that_say_the_same_are_one_cause(office: Office):
    office.operations["reckon"] = lambda call: {"done": call.inputs["amount"] * call.inputs["rate"]}
    process = office.deploy("s -> w -> e", RECKON)
    cases = [office.start(process, amount=number) for number in range(3)]
    cause = next(one for one in office.engine.causes() if one.process_id == process)
    assert (cause.count, cause.element_id) == (3, "w")
    keys = office.engine.same_cause(cause.example)
    assert len(keys) == 3
    for key in keys:
        office.engine.mend_incident(key, {"rate": 2}, reason="The rate was never entered", actor=OPERATOR)
    assert [office.value(case.key, "x") for case in cases] == [0, 2, 4]


def test_variables_are_mended_and_the_step_tried_again_in_one_command(office: Office):
    office.operations["reckon"] = lambda call: {"done": call.inputs["amount"] * 2}
    process = office.deploy("s -> w -> u1 -> e", RECKON + user("u1"))
    case = office.start(process)
    incident = office.engine.incidents(root_key=case.key).items[0]
    with pytest.raises(NotPermitted):
        office.engine.mend_incident(incident.key, {"amount": 4}, reason="Forgotten", actor=CLERK)
    with pytest.raises(InvalidInput):
        office.engine.mend_incident(incident.key, {"amount": 4}, reason=" ", actor=OPERATOR)
    office.forget()
    result = office.engine.mend_incident(incident.key, {"amount": 4}, reason="Forgotten", actor=OPERATOR, command_id="m1")
    assert [task.element_id for task in result.open_tasks] == ["u1"]
    assert office.value(case.key, "x") == 8
    entry = next(one for one in office.engine.history(case.key) if one.kind == "variables_set")
    assert (entry.actor, entry.data["reason"], entry.data["variables"]) == ("operator", "Forgotten", {"amount": 4})
    again = office.engine.mend_incident(incident.key, {"amount": 4}, reason="Forgotten", actor=OPERATOR, command_id="m1")
    assert again.root_key == result.root_key
    with pytest.raises(IncidentClosed):
        office.engine.mend_incident(incident.key, {}, reason="Once more", actor=OPERATOR)


WORK = service("w", "paint", mapping("in: colour <- =wish", "out: result <- =done"))


def test_a_job_in_its_pause_can_be_tried_at_once(office: Office):
    case = office.start(office.deploy("s -> w -> u1 -> e", WORK), wish="red")
    take = lambda: office.engine.activate_jobs("paint", "painter", timeout=MINUTE, max_jobs=5)
    job = take()[0]
    with pytest.raises(JobInHand):
        office.engine.retry_job(job.key, actor=OPERATOR)
    office.engine.fail_job(job.key, retries=1, message="dry brush", back_off=60 * MINUTE, actor=SYSTEM)
    assert take() == ()
    with pytest.raises(NotPermitted):
        office.engine.retry_job(job.key, actor=CLERK)
    office.engine.retry_job(job.key, actor=OPERATOR)
    assert [one.key for one in take()] == [job.key]
    office.engine.fail_job(job.key, retries=0, message="no brush", actor=SYSTEM)
    assert {one.state for one in office.engine.job_counts() if one.type == "paint"} == {"failed"}
    office.engine.retry_job(job.key, actor=OPERATOR)
    assert len(office.engine.incidents(root_key=case.key)) == 0
    office.engine.complete_job(take()[0].key, {"done": 1}, actor=SYSTEM)
    with pytest.raises(JobClosed):
        office.engine.retry_job(job.key, actor=OPERATOR)


def test_only_an_effect_no_step_waits_for_can_be_given_up(office: Office):
    office.operations["order"] = lambda call: call.enqueue("send", {"to": "x"}) or {}
    office.effects["send"] = lambda _payload, _key: None
    waiting = office.start(office.deploy("s -> w -> e", WORK), wish="red")
    held = office.engine.jobs(root_key=waiting.key).items[0]
    with pytest.raises(JobHoldsToken):
        office.engine.cancel_job(held.key, reason="Nobody paints", actor=OPERATOR)
    case = office.start(office.deploy("s -> w -> u1 -> e", service("w", "order")))
    job = office.engine.jobs(root_key=case.key).items[0]
    with pytest.raises(InvalidInput):
        office.engine.cancel_job(job.key, reason="", actor=OPERATOR)
    office.engine.cancel_job(job.key, reason="The address is wrong", actor=OPERATOR)
    assert office.engine.job(job.key).state == "canceled"
    assert not office.engine.run_effect(job.key)
    assert "job_canceled" in office.kinds(case.key)
