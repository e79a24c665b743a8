"""A run as the page keeps it: sent back and forth as JSON it stays the case it was, and its answers are changed one by one."""

from __future__ import annotations

import pytest

from engine.sandbox import Case
from engine.sandbox.case_writer import raw_of
from procurement.studio import runs
from procurement.studio.proposals import expectations
from tests.support.memory_host import sandbox

OF_PROCESSES = [case for case in sandbox().project.cases() if isinstance(case, Case)]


@pytest.mark.parametrize("case", OF_PROCESSES, ids=lambda case: case.file)
def test_a_run_sent_by_a_page_goes_as_its_case(case):
    again = runs.case_of(runs.read(runs.write(raw_of(case))))
    assert sandbox().check(again).difference == ""


@pytest.mark.parametrize("case", OF_PROCESSES, ids=lambda case: case.file)
def test_what_is_proposed_as_expectation_is_what_happens(case):
    played = sandbox().play(case)
    proposed = {**raw_of(case), "expect": expectations(played, sandbox().project)}
    assert sandbox().check(runs.case_of(proposed)).difference == ""


@pytest.fixture
def played():
    """A run in which one operation is called several times."""
    case = next(case for case in OF_PROCESSES if "committee" in case.file and len(case.steps) > 6)
    return raw_of(case), sandbox().play(case)


def call_of(played, number):
    named = [call.operation for _, call in played.calls if call.source == "default"]
    operation = max(set(named), key=named.count)
    return next(call for _, call in played.calls if call.operation == operation and call.number == number)


def test_one_call_gets_another_answer_and_the_others_keep_theirs(played):
    sheet, was = played
    call = call_of(was, 0)
    changed = runs.with_answer(sheet, call, {"error": "gone"})
    assert changed["operations"][call.operation] == [{"error": "gone"}, "default"]
    assert runs.with_answer(changed, call, "default").get("operations", {}).get(call.operation) is None


def test_steps_are_taken_back_from_the_end(played):
    sheet, _ = played
    assert len(runs.first_steps(sheet, 2)["steps"]) == 2
    assert runs.first_steps(sheet, -1)["steps"] == []


def test_one_of_several_open_tasks_is_named_by_what_only_it_sees():
    case = next(case for case in OF_PROCESSES if any("as" in step or "for" in step for step in case.steps))
    number = next(n for n, step in enumerate(case.steps) if "as" in step or "for" in step)
    stopped = sandbox().play(runs.case_of(runs.first_steps(raw_of(case), number)))
    same = [task for task in stopped.open_tasks if task.element_id == case.steps[number]["task"]]
    for task in same:
        step = runs.task_step(task, stopped.open_tasks)
        done = runs.with_step(runs.first_steps(raw_of(case), number), step | {"values": case.steps[number].get("values", {})})
        again = sandbox().play(runs.case_of(done))
        if again.stop is None:
            assert [one.key for one in again.tasks if one.ended_at and one.element_id == task.element_id][-1:] == [task.key]
