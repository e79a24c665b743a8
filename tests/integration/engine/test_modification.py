"""Repair by hand, kept and told: who changed what, and why."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.errors import InstanceEnded, InvalidInput, NotFound, NotPermitted
from engine.model import Activate, Move, Skip, Terminate
from engine.spiff import CannotModify
from tests.integration.engine.office import CLERK, OPERATOR, SYSTEM, Office
from tests.unit.spiff.diagrams import ext, service


def modify(office: Office, key: int, *changes, **more):
    return office.engine.modify_instance(key, changes, actor=OPERATOR, reason="the chief is on leave", **more)


def test_a_task_is_skipped_and_the_history_says_who_why_and_with_what(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    task = office.task(case.key)
    result = modify(office, case.key, Skip(task.key, {"note": "agreed on paper"}))
    assert [one.element_id for one in result.open_tasks] == ["u2"]
    office.forget()
    closed = office.engine.task(task.key)
    assert (closed.state, closed.completed_by) == ("canceled", None)
    assert office.value(case.key, "note") == "agreed on paper"
    (entry,) = office.engine.history(case.key, kinds=("instance_modified",))
    assert (entry.actor, entry.data["reason"]) == ("operator", "the chief is on leave")
    assert entry.data["changes"] == [
        {
            "change": "skip",
            "element_key": task.key,
            "element_id": "u1",
            "flow_id": None,
            "variables": {"note": "agreed on paper"},
        }
    ]
    assert office.engine.verify(case.key).sound


def test_several_changes_are_made_together_or_not_at_all(office: Office):
    case = office.start(office.deploy("s -> p1 -> u1 -> p2 -> u9 -> e\np1 -> u2 -> p2"))
    first, second = office.task(case.key, "u1"), office.task(case.key, "u2")
    with pytest.raises(CannotModify, match="The join p2 could wait for ever"):
        modify(office, case.key, Activate("u9"), Terminate(first.key))
    assert office.open(case.key) == ["u1", "u2"]
    modify(office, case.key, Terminate(first.key), Move(second.key, "u9", {"why": "late"}))
    assert office.open(case.key) == ["u9"]
    assert office.engine.task(first.key).state == "canceled"
    assert office.complete(case.key, "u9").state == "completed"


def test_a_job_is_skipped_and_its_worker_learns_that_it_is_over(office: Office):
    case = office.start(office.deploy("s -> work -> u1 -> e", service("work", "modified_a")))
    (job,) = office.engine.activate_jobs("modified_a", "w", timeout=dt.timedelta(minutes=5), max_jobs=1)
    modify(office, case.key, Skip(job.element_key, {"done": True}))
    assert office.engine.job(job.key).state == "canceled"
    with pytest.raises(Exception, match="is canceled already"):
        office.engine.complete_job(job.key, {}, actor=SYSTEM)
    assert office.open(case.key) == ["u1"]


def test_an_incident_is_left_by_skipping_what_failed(office: Office):
    case = office.start(office.deploy("s -> x1\nx1 -> u1 : =a = 1\nx1 -> u2 : =a = 2"), a=3)
    (incident,) = office.engine.incidents(root_key=case.key)
    modify(office, case.key, Skip(incident.element_key, flow_id="x1_u2"))
    assert office.open(case.key) == ["u2"]
    assert office.engine.incident(incident.key).state == "resolved"
    assert office.engine.instance(case.key).state == "active"


def test_a_called_instance_is_changed_by_itself(office: Office):
    child = office.deploy("s -> u1 -> u2 -> e")
    call = f'<callActivity id="call">{ext(f"""<zeebe:calledElement processId="{child}"/>""")}</callActivity>'
    case = office.start(office.deploy("s -> call -> u9 -> e", call))
    inner = office.engine.instances(root_key=case.key, process_id=child).items[0]
    with pytest.raises(CannotModify, match="is not active in process instance"):
        modify(office, case.key, Skip(office.task(case.key).key))
    modify(office, inner.key, Move(office.task(case.key).key, "u2"))
    assert office.complete(case.key, "u2").open_tasks[0].element_id == "u9"


def test_only_operators_with_a_reason_and_something_to_change(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    engine = office.engine
    with pytest.raises(NotPermitted):
        engine.modify_instance(case.key, [Skip(task.key)], actor=CLERK, reason="x")
    with pytest.raises(InvalidInput):
        engine.modify_instance(case.key, [Skip(task.key)], actor=OPERATOR, reason="  ")
    with pytest.raises(InvalidInput):
        modify(office, case.key)
    with pytest.raises(InvalidInput):
        modify(office, case.key, Skip(task.key, {"x": object()}))
    with pytest.raises(NotFound):
        modify(office, 17, Skip(task.key))
    assert modify(office, case.key, Skip(task.key)).state == "completed"
    with pytest.raises(InstanceEnded):
        modify(office, case.key, Skip(task.key))


def test_the_same_change_sent_twice_happens_once(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    key = office.task(case.key).key
    answers = [modify(office, case.key, Skip(key), command_id=f"c{case.key}") for _ in range(2)]
    assert answers[0] == answers[1]
    assert office.open(case.key) == ["u2"]


def test_variables_are_changed_with_a_reason(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"), amount=1)
    office.engine.set_variables(case.key, {"amount": 2}, actor=OPERATOR, reason="a misprint")
    (entry,) = office.engine.history(case.key, kinds=("variables_set",))
    assert (entry.data["variables"], entry.data["reason"]) == ({"amount": 2}, "a misprint")
