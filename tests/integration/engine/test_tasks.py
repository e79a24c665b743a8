"""User tasks: open, claimed, handed in, returned."""

from __future__ import annotations

import pytest

from engine.errors import InvalidInput, NotFound, NotPermitted, TaskAlreadyClaimed, TaskClosed
from tests.integration.engine.office import CHIEF, CLERK, OPERATOR, STRANGER, Office, form


def test_a_case_goes_from_task_to_task_to_its_end(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    assert office.open(case.key) == ["u1"]
    result = office.complete(case.key, "u1", note="first")
    assert [task.element_id for task in result.open_tasks] == ["u2"]
    office.forget()
    assert office.complete(case.key, "u2").state == "completed"
    assert office.engine.instance(case.key).state == "completed"
    assert office.value(case.key, "note") is None or office.value(case.key, "note") == "first"


def test_a_task_handed_in_keeps_who_did_it_and_what_was_said(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    office.complete(case.key, note="agreed")
    closed = office.engine.task(task.key)
    assert (closed.state, closed.completed_by) == ("completed", "clerk")
    entry = office.engine.history(case.key, kinds=("user_task_completed",))[0]
    assert (entry.actor, entry.data["values"], entry.data["form_key"]) == ("clerk", {"note": "agreed"}, task.form_key)


def test_only_candidates_may_hand_in_a_task(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    with pytest.raises(NotPermitted):
        office.complete(case.key, actor=STRANGER)
    assert office.open(case.key) == ["u1"]


def test_a_task_cannot_be_handed_in_twice(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    task = office.task(case.key)
    office.complete(case.key)
    with pytest.raises(TaskClosed):
        office.engine.complete_task(task.key, {}, actor=CLERK)
    with pytest.raises(NotFound):
        office.engine.complete_task(17, {}, actor=CLERK)


def test_values_the_form_refuses_change_nothing(office: Office):
    amount = {"type": "number", "id": "a", "key": "amount", "label": "Amount", "validate": {"required": True, "min": 1}}
    case = office.start(office.deploy("s -> u1 -> e", "", form("u1", amount)))
    with pytest.raises(InvalidInput) as refused:
        office.complete(case.key, amount=0)
    assert [error.path for error in refused.value.fields] == ["amount"]
    assert office.open(case.key) == ["u1"]
    assert "user_task_completed" not in office.kinds(case.key)
    office.complete(case.key, amount=5)
    assert office.value(case.key, "amount") == 5


def test_a_claimed_task_belongs_to_one_person_until_it_is_released(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    assert office.engine.claim_task(task.key, actor=CLERK).assignee == "clerk"
    assert office.engine.claim_task(task.key, actor=CLERK).assignee == "clerk"
    with pytest.raises(TaskAlreadyClaimed):
        office.engine.claim_task(task.key, actor=CHIEF)
    with pytest.raises(NotPermitted):
        office.complete(case.key, actor=CHIEF)
    with pytest.raises(NotPermitted):
        office.engine.unclaim_task(task.key, actor=CHIEF)
    office.engine.unclaim_task(task.key, actor=CLERK)
    office.complete(case.key, actor=CHIEF)


def test_a_task_is_handed_on_by_whoever_holds_it_or_an_operator(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    with pytest.raises(NotPermitted):
        office.engine.assign_task(task.key, "somebody", actor=STRANGER)
    office.engine.assign_task(task.key, "stranger", actor=CLERK)
    office.engine.assign_task(task.key, "chief", actor=OPERATOR)
    office.forget()
    office.complete(case.key, actor=CHIEF)
    assert [k for k in office.kinds(case.key) if k == "user_task_assigned"] == ["user_task_assigned"] * 2


def test_a_task_is_returned_with_a_reason_and_comes_back(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    office.complete(case.key, "u1")
    task = office.task(case.key, "u2")
    with pytest.raises(InvalidInput):
        office.engine.return_task(task.key, "u1", " ", actor=CLERK)
    office.engine.return_task(task.key, "u1", "the amount is missing", actor=CLERK)
    assert office.open(case.key) == ["u1"]
    assert office.engine.task(task.key).state == "canceled"
    entry = office.engine.history(case.key, kinds=("user_task_returned",))[0]
    assert entry.data["reason"] == "the amount is missing"


def test_a_draft_is_kept_for_its_writer_until_the_task_is_done(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    office.engine.save_draft(task.key, {"note": "half"}, actor=CLERK)
    office.engine.save_draft(task.key, {"note": "half a sentence"}, actor=CLERK)
    assert office.engine.draft(task.key, CLERK) == {"note": "half a sentence"}
    assert office.engine.draft(task.key, CHIEF) == {}
    opened = office.engine.task_form(task.key, actor=CLERK)
    assert (opened.values, opened.is_draft) == ({"note": "half a sentence"}, True)
    office.complete(case.key)
    assert office.engine.draft(task.key, CLERK) == {}
    with pytest.raises(TaskClosed):
        office.engine.save_draft(task.key, {}, actor=CLERK)


def test_the_same_command_sent_twice_happens_once_and_answers_the_same(office: Office):
    process = office.deploy("s -> u1 -> u2 -> e")
    starts = [office.engine.start_process(process, {}, actor=CLERK, command_id=f"start {process}") for _ in range(2)]
    assert starts[0] == starts[1]
    task = office.task(starts[0].key)
    answers = [office.engine.complete_task(task.key, {}, actor=CLERK, command_id=f"complete {process}") for _ in range(2)]
    assert answers[0] == answers[1]
    assert office.kinds(starts[0].key).count("user_task_completed") == 1
