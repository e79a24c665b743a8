"""Incidents, retries, returning, cancelling, and what is refused because it is late."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, EngineError, ExecutionFailed, InstanceEnded, TaskClosed
from engine.events import DecisionEvaluated, OperationPerformed
from engine.spiff import CannotReturn, Execution
from tests.unit.spiff.diagrams import diagram, ext, loop, mapping, service, user


class Broken(EngineError):
    """The register is closed."""


def test_a_failing_operation_is_an_incident_and_the_other_branch_goes_on(begin, office):
    state = {"open": False}

    def work(inputs):
        if not state["open"]:
            raise Broken
        return {"done": True}

    office.operations["work"] = work
    case = begin(diagram("s -> p1 -> work -> u1\np1 -> u2", service("work", "work")))
    assert (case.incident().kind, case.incident().message) == ("operation_failed", "The register is closed.")
    assert case.open == ["u2"]
    state["open"] = True
    case.retry("work")
    assert case.open == ["u2", "u1"]
    assert [e.output for e in case.events if isinstance(e, OperationPerformed)] == [{"done": True}]


def test_a_fault_of_the_host_is_not_swallowed(office, begin):
    def work(inputs):
        raise ZeroDivisionError

    office.operations["work"] = work
    with pytest.raises(ZeroDivisionError):
        begin(diagram("s -> work -> u1", service("work", "work")))


def test_an_operation_that_answers_rubbish_is_an_incident(begin, office):
    office.operations["work"] = lambda inputs: {"file": b"bytes"}
    case = begin(diagram("s -> work -> u1", service("work", "work")))
    assert case.incident().kind == "operation_failed"


def test_a_retry_after_a_mapping_error_does_not_repeat_the_operation(begin, office):
    calls = []
    office.operations["work"] = lambda inputs: calls.append(1) or {"n": 1}
    task = service("work", "work", mapping("out: m <- =n", "out: late <- =if ready then n else function(x) x"))
    case = begin(diagram("s -> work -> u1", task), ready=False)
    assert case.incident().kind == "io_mapping_error"
    assert "m" not in case.variables
    case.do(lambda run: run.set_variables(run.root_key, {"ready": True}, local=False))
    case.retry("work")
    assert case.open == ["u1"]
    assert (case.variables["m"], case.variables["late"]) == (1, 1)
    assert calls == [1]


def test_a_user_task_whose_output_cannot_be_mapped_keeps_what_was_entered(begin):
    task = user("u1", extensions=mapping("out: n <- =if ready then value else function(x) x"))
    case = begin(diagram("s -> u1 -> u2", task), ready=False)
    case.complete("u1", value=5)
    assert case.incident().kind == "io_mapping_error"
    case.do(lambda run: run.set_variables(run.root_key, {"ready": True}, local=False))
    assert case.retry("u1").open == ["u2"]
    assert case.variables["n"] == 5


def test_a_missing_form_is_an_incident(begin, office):
    office.missing_forms.add("u1")
    case = begin(diagram("s -> u1 -> e"))
    assert case.incident().kind == "form_not_found"
    assert case.open == []
    office.missing_forms.clear()
    assert case.retry("u1").open == ["u1"]


def test_an_assignee_that_is_no_text_is_an_incident(begin):
    case = begin(diagram("s -> u1", user("u1", people='assignee="=who"')), who=5)
    assert case.incident().kind == "assignment_error"


def test_a_decision_is_asked_with_what_is_visible_and_its_reason_is_kept(begin, office):
    office.decisions["route"] = lambda inputs: "committee" if inputs["amount"] <= 5 else "open"
    called = '<zeebe:calledDecision decisionId="route" resultVariable="route" bindingType="deployment"/>'
    task = (
        f'<businessRuleTask id="decide">{ext(called + mapping("in: amount <- =price", "out: way <- =route"))}</businessRuleTask>'
    )
    case = begin(diagram("s -> decide -> u1", task), price=5)
    assert case.variables == {"price": 5, "way": "committee"}
    (seen,) = [e for e in case.events if isinstance(e, DecisionEvaluated)]
    assert (seen.decision_id, seen.output, seen.decision_key) == ("route", "committee", 5)
    assert seen.explanation["inputs"] == {"price": 5, "amount": 5}
    assert office.bindings[0].kind == "deployment"


def test_a_missing_decision_is_an_incident(begin):
    called = ext('<zeebe:calledDecision decisionId="route" resultVariable="route"/>')
    case = begin(diagram("s -> decide -> u1", f'<businessRuleTask id="decide">{called}</businessRuleTask>'))
    assert case.incident().kind == "decision_error"


def test_headers_reach_operations_and_tasks(begin, office):
    headers = '<zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>'
    office.operations["work"] = lambda inputs: {}
    case = begin(diagram("s -> work -> u1", service("work", "work", headers) + user("u1", extensions=headers)))
    assert office.headers == [{"k": "v"}]
    assert case.task("u1").headers == {"k": "v"}


def test_an_endless_loop_without_waiting_is_stopped(begin, monkeypatch):
    monkeypatch.setattr("engine.spiff.runner.runner.MAX_STEPS", 1000)
    case = begin(diagram("s -> x1 -> t1 -> x1"))
    assert case.incident().kind == "step_limit"


def test_a_task_is_sent_back_to_an_earlier_one(begin):
    case = begin(diagram("s -> u1 -> u2 -> u3 -> e"))
    case.complete("u1").complete("u2")
    key = case.task("u3").element_key
    case.do(lambda run: run.return_to(key, "u1", "figures are wrong"))
    assert case.open == ["u1"]
    assert case.terminated() == ["u3"]
    assert case.complete("u1").open == ["u2"]


def test_a_task_is_sent_back_to_a_multi_instance_one(begin):
    case = begin(diagram("s -> u1 -> u2", user("u1", inside=loop("[1, 2]", "n"))))
    case.complete("u1").complete("u1")
    key = case.task("u2").element_key
    assert case.do(lambda run: run.return_to(key, "u1", "again")).open == ["u1", "u1"]


def test_sending_back_is_refused_to_what_never_was_or_stands_in_another_branch(begin):
    case = begin(diagram("s -> u1 -> p1 -> u2 -> p2\np1 -> u3 -> u4 -> p2\np2 -> e"))
    case.complete("u1").complete("u3")
    key = case.task("u2").element_key
    with pytest.raises(CannotReturn, match="no way leads from there"):
        case.execution.return_to(key, "u3", "x")
    with pytest.raises(CannotReturn, match="not been completed"):
        case.execution.return_to(key, "u4", "x")
    assert case.open == ["u2", "u4"]


def test_cancelling_ends_called_instances_too(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> call -> u2", call))
    case.do(lambda run: run.cancel("not needed"))
    assert case.state == "terminated"
    assert [outcome for _, outcome in case.outcomes()] == ["terminated", "terminated"]
    with pytest.raises(InstanceEnded):
        case.execution.cancel("again")


def test_what_is_over_cannot_be_done_again(begin):
    case = begin(diagram("s -> u1 -> u2"))
    key = case.task("u1").element_key
    case.complete("u1")
    with pytest.raises(TaskClosed):
        case.execution.complete_user_task(key, {})
    with pytest.raises(Conflict, match="does not wait for this job"):
        case.execution.complete_job(case.task("u2").element_key, {})
    with pytest.raises(Conflict, match="does not wait for this timer"):
        case.execution.fire_timer(key)
    with pytest.raises(Conflict, match="does not wait for this retry"):
        case.execution.retry(case.task("u2").element_key)


def test_a_user_task_in_an_incident_cannot_be_completed(begin):
    case = begin(diagram("s -> u1", user("u1", people='assignee="=who"')), who=5)
    with pytest.raises(Conflict, match="incident"):
        case.execution.complete_user_task(case.incident().element_key, {})


def test_a_job_without_retries_is_reported_and_goes_on_after_the_retry(begin):
    case = begin(diagram("s -> job -> u1", service("job", "mail")))
    key = next(iter(case.jobs))
    case.do(lambda run: run.report_incident(key, "job_no_retries", "mail server is down"))
    assert case.incident().kind == "job_no_retries"
    case.retry("job")
    assert not case.incidents
    assert case.complete_job("job").open == ["u1"]


def test_waiting_tokens_name_the_places_where_the_case_stands(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> p1 -> call -> p2 -> e\np1 -> u2 -> p2", call))
    case.complete("u2")
    child = case.instances()[1].instance_key
    places = case.execution.waiting_tokens()
    assert [(element, instance == child) for _, element, instance in places] == [("u1", True), ("p2", False)]


def test_a_snapshot_of_another_format_is_refused(begin, office, monkeypatch):
    case = begin(diagram("s -> u1"))
    monkeypatch.setattr("engine.spiff.runner.snapshot.FORMAT", 99)
    stored = case.execution.snapshot()
    monkeypatch.undo()
    with pytest.raises(ExecutionFailed, match="format 99"):
        Execution.load(office, stored)
