"""A case that is made to stand still, and goes on."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.errors import Conflict, InstanceEnded, InstanceSuspended, InvalidInput, NotPermitted
from engine.facade import Database
from tests.integration.engine.office import CLERK, OPERATOR, SYSTEM, HandClock, Office
from tests.unit.spiff.diagrams import ext, message, service, timer, user


def suspend(office: Office, key: int, reason: str = "the law changed") -> None:
    office.engine.suspend_instance(key, actor=OPERATOR, reason=reason)


def resume(office: Office, key: int) -> None:
    office.engine.resume_instance(key, actor=OPERATOR, reason="clear again")


def test_nothing_changes_in_a_suspended_case_and_the_refusal_says_who_when_and_why(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    task = office.task(case.key)
    suspend(office, case.key)
    engine = office.engine
    refused = [
        lambda: engine.complete_task(task.key, {}, actor=CLERK),
        lambda: engine.claim_task(task.key, actor=CLERK),
        lambda: engine.assign_task(task.key, "chief", actor=OPERATOR),
        lambda: engine.set_variables(case.key, {"a": 1}, actor=OPERATOR),
        lambda: engine.cancel_instance(case.key, actor=OPERATOR, reason="x"),
        lambda: engine.suspend_instance(case.key, actor=OPERATOR, reason="again"),
    ]
    for _ in range(2):
        for command in refused:
            with pytest.raises(InstanceSuspended, match=r"suspended by operator on 2026-03-02 09:00 \(the law changed\)"):
                command()
        office.forget()
    assert office.open(case.key) == ["u1"]
    assert "user_task_completed" not in office.kinds(case.key)


def test_a_suspended_case_says_so_on_its_instance_and_its_tasks_and_no_more_when_resumed(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    suspend(office, case.key)
    shown = office.engine.instance(case.key)
    assert (shown.suspended, shown.suspended_by, shown.suspended_reason) == (True, "operator", "the law changed")
    assert office.task(case.key).suspended
    assert [one.key for one in office.engine.instances(suspended=True, key=case.key)] == [case.key]
    resume(office, case.key)
    assert not office.engine.instance(case.key).suspended
    assert not office.task(case.key).suspended
    assert office.complete(case.key).state == "completed"
    entries = office.engine.history(case.key, kinds=("instance_suspended", "instance_resumed"))
    assert [(e.kind, e.actor, e.data["reason"]) for e in entries] == [
        ("instance_suspended", "operator", "the law changed"),
        ("instance_resumed", "operator", "clear again"),
    ]


def test_what_one_process_suspends_another_that_has_the_case_in_memory_does_not_change(database: Database, clock: HandClock):
    here, there = Office(database, clock), Office(database, clock)
    case = here.start(here.deploy("s -> u1 -> u2 -> e"))
    there.complete(case.key, "u1")
    suspend(here, case.key)
    with pytest.raises(InstanceSuspended):
        there.complete(case.key, "u2")
    resume(there, case.key)
    assert here.complete(case.key, "u2").state == "completed"


def test_only_operators_suspend_and_resume_and_they_say_why(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    with pytest.raises(NotPermitted):
        office.engine.suspend_instance(case.key, actor=CLERK, reason="x")
    with pytest.raises(InvalidInput):
        office.engine.suspend_instance(case.key, actor=OPERATOR, reason=" ")
    with pytest.raises(Conflict, match="is not suspended"):
        resume(office, case.key)
    office.complete(case.key)
    with pytest.raises(InstanceEnded):
        suspend(office, case.key)


def test_due_timers_wait_and_fire_when_the_case_is_resumed(office: Office):
    late = f'<boundaryEvent id="late" attachedToRef="u1">{timer("duration", "P1D")}</boundaryEvent>'
    case = office.start(office.deploy("s -> u1 -> e\nlate -> u2 -> e", user("u1") + late))
    suspend(office, case.key)
    assert office.fire(days=2) == 0
    assert office.fire(days=2) == 0
    assert office.engine.instance(case.key).state != "incident"
    resume(office, case.key)
    assert office.open(case.key) == ["u1"]
    assert office.engine.fire_due_timers() == 1
    assert office.open(case.key) == ["u2"]


def test_messages_are_kept_for_as_long_as_they_live_and_delivered_on_resuming(office: Office):
    catch = '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m_paper"/></intermediateCatchEvent>'
    process = office.deploy("s -> wait -> u1 -> e", catch, roots=message("paper"))
    case = office.start(process, key="k1")
    suspend(office, case.key)
    with pytest.raises(Conflict, match="is suspended"):
        office.engine.correlate_message("paper", "k1", {}, actor=SYSTEM)
    short = office.engine.publish_message("paper", "k1", {"n": 1}, actor=SYSTEM, time_to_live=dt.timedelta(minutes=1))
    kept = office.engine.publish_message("paper", "k1", {"n": 2}, actor=SYSTEM, time_to_live=dt.timedelta(days=1))
    assert (short.correlated, kept.correlated) == ((), ())
    office.clock.move(hours=1)
    assert office.engine.deliver_left_over() == 0
    resume(office, case.key)
    assert office.open(case.key) == ["u1"]
    assert office.value(case.key, "n") == 2


def test_a_message_does_not_start_a_second_case_while_the_one_that_waits_is_suspended(office: Office):
    start = '<startEvent id="begin"><messageEventDefinition messageRef="m_form"/></startEvent>'
    catch = '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m_form"/></intermediateCatchEvent>'
    process = office.deploy("s -> wait -> u1 -> e\nbegin -> u2 -> e", start + catch, roots=message("form"))
    case = office.start(process, key="k2")
    suspend(office, case.key)
    office.engine.publish_message("form", "k2", {}, actor=SYSTEM, time_to_live=dt.timedelta(days=1))
    assert office.engine.instances(process_id=process).total == 1
    resume(office, case.key)
    assert office.open(case.key) == ["u1"]


def test_a_signal_is_kept_until_the_case_is_resumed(office: Office):
    catch = '<intermediateCatchEvent id="wait"><signalEventDefinition signalRef="g"/></intermediateCatchEvent>'
    process = office.deploy("s -> wait -> u1 -> e", catch, roots='<signal id="g" name="alarm"/>')
    case = office.start(process)
    suspend(office, case.key)
    assert office.engine.broadcast_signal("alarm", {"level": 3}, actor=SYSTEM).received == 0
    office.clock.move(hours=1)
    assert office.engine.deliver_left_over() == 0
    resume(office, case.key)
    assert office.open(case.key) == ["u1"]
    assert office.value(case.key, "level") == 3


def test_jobs_are_not_handed_out_and_what_a_worker_brings_back_is_refused_until_later(office: Office):
    process = office.deploy(
        "s -> p1 -> work1 -> e\np1 -> work2 -> e", service("work1", "suspended_a") + service("work2", "suspended_b")
    )
    case = office.start(process)
    minute = dt.timedelta(minutes=1)
    (taken,) = office.engine.activate_jobs("suspended_a", "w", timeout=minute, max_jobs=9)
    suspend(office, case.key)
    assert office.engine.activate_jobs("suspended_b", "w", timeout=minute, max_jobs=9) == ()
    with pytest.raises(InstanceSuspended):
        office.engine.complete_job(taken.key, {}, actor=SYSTEM)
    office.clock.move(hours=1)
    assert office.engine.activate_jobs("suspended_a", "w", timeout=minute, max_jobs=9) == ()
    assert office.engine.job(taken.key).suspended
    resume(office, case.key)
    office.engine.complete_job(taken.key, {}, actor=SYSTEM)
    (other,) = office.engine.activate_jobs("suspended_b", "w", timeout=minute, max_jobs=9)
    assert office.engine.complete_job(other.key, {}, actor=SYSTEM).state == "completed"


def test_effects_are_not_run_while_a_case_is_suspended_and_asked_for_again_afterwards(office: Office):
    sent = []
    office.effects["send_letter"] = lambda payload, key: sent.append(key)
    process = office.deploy("s -> mail -> u1 -> e", service("mail", "send_letter"))
    case = office.start(process)
    (job,) = office.engine.jobs(root_key=case.key)
    suspend(office, case.key)
    assert office.engine.run_effect(job.key) is False
    assert sent == []
    resume(office, case.key)
    assert office.engine.run_effect(job.key) is True
    assert sent == [f"effect-{job.key}"]
    assert office.open(case.key) == ["u1"]


def test_a_called_instance_stands_still_with_its_case(office: Office):
    child = office.deploy("s -> u1 -> e")
    call = f'<callActivity id="call">{ext(f"""<zeebe:calledElement processId="{child}"/>""")}</callActivity>'
    case = office.start(office.deploy("s -> call -> e", call))
    inner = office.engine.instances(root_key=case.key, process_id=child).items[0]
    suspend(office, inner.key)
    assert office.engine.instance(case.key).suspended
    assert office.engine.instance(inner.key).suspended
    with pytest.raises(InstanceSuspended):
        office.complete(case.key, "u1")


def test_a_timer_that_failed_stays_stopped_when_its_case_is_resumed(office: Office):
    def broken(call):
        raise RuntimeError

    office.operations["break_down"] = broken
    tick = f'<boundaryEvent id="late" attachedToRef="u1">{timer("duration", "P1D")}</boundaryEvent>'
    case = office.start(office.deploy("s -> u1 -> e\nlate -> u2 -> e", user("u1") + tick))
    from engine.spiff.runner.execution import Execution

    original = Execution.fire_timer
    Execution.fire_timer = lambda self, key: 1 / 0
    try:
        office.fire(days=2)
    finally:
        Execution.fire_timer = original
    (incident,) = office.engine.incidents(root_key=case.key)
    suspend(office, case.key)
    resume(office, case.key)
    assert office.engine.fire_due_timers() == 0
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert office.engine.fire_due_timers() == 1
    assert office.open(case.key) == ["u2"]
