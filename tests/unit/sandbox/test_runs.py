"""Cases run over files alone: what they reach, what waits, and how they stop."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.sandbox import Limits
from tests.unit.sandbox.drawing import END, START, bpmn, call, case, line, path, sandbox, script, service, user_task

LOOP = (
    START[1] + '<bpmn:exclusiveGateway id="again"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="again"/>'
    '<bpmn:scriptTask id="grow"><bpmn:extensionElements><zeebe:script expression="={}" resultVariable="x"/></bpmn:extensionElements>'
    '</bpmn:scriptTask><bpmn:sequenceFlow id="f2" sourceRef="again" targetRef="grow"/>'
    '<bpmn:sequenceFlow id="f3" sourceRef="grow" targetRef="again"/>'
)


def test_a_run_waits_at_a_task_and_says_who_may_act():
    played = sandbox(("p", line(START, user_task("ask"), END))).play(case(variables={"n": 1}))
    [task] = played.open_tasks
    assert (played.state, task.element_id, task.candidate_groups, task.context) == ("active", "ask", ("desk",), {"n": 1})
    assert [token.element_id for token in played.tokens] == ["ask"]


def test_each_step_carries_what_it_reached_and_wrote():
    played = sandbox(("p", line(START, user_task("ask"), END))).play(case(steps=({"task": "ask", "values": {"n": 2}},)))
    assert played.state == "completed"
    assert [(one.name, one.value, one.step) for one in played.written] == [("n", 2, 1)]
    assert [visit.step for visit in played.visits if visit.element_id == "end"] == [1]


def test_a_step_that_cannot_be_done_stops_the_run_with_a_sentence():
    played = sandbox(("p", line(START, user_task("ask"), END))).play(case(steps=({"task": "other"},)))
    assert played.stop.kind == "step"
    assert played.stop.message == "The task other is not open. Open are: ask."


def test_a_process_that_is_not_there_stops_the_run():
    assert sandbox().play(case("nowhere")).stop.kind == "definition"


def test_a_broken_diagram_stops_only_those_who_need_it():
    files = {path("broken"): b"<no xml"}
    played = sandbox(("p", line(START, END)), files=files).play(case())
    assert played.state == "completed"


GROWING = "append(if x = null then [] else x, 1)"


@pytest.mark.parametrize(
    ("expression", "limits", "kind", "sentence"),
    [
        ("1", Limits(seconds=600), "incident", "More than 100000 steps ran without waiting"),
        (GROWING, Limits(seconds=600, events=100), "limit", "The run took more than 100 steps"),
        (GROWING, Limits(seconds=600, memory_bytes=5_000_000), "limit", "The run used too much memory"),
        ("count(for i in 1..50000 return i)", Limits(seconds=0.5), "limit", "The run took more than 0.5 seconds"),
    ],
)
def test_a_loop_that_never_waits_is_ended_by_each_limit_and_says_by_which(expression, limits, kind, sentence):
    played = sandbox(("p", LOOP.replace("={}", f"={expression}")), limits=limits).play(case())
    assert played.stop.kind == kind
    assert sentence in played.stop.message


def test_a_feel_expression_over_too_much_becomes_an_incident():
    played = sandbox(("p", line(START, script("bomb", "for i in 1..99999, j in 1..99999 return i * j", "x"), END))).play(case())
    assert played.stop.kind == "incident"
    assert "bomb" in played.stop.message


def test_an_operation_without_an_answer_asks_for_one():
    shop = sandbox(("p", line(START, service("buy", "shop.buy"), END)), answers={"shop.buy": {"number": 7}})
    assert shop.play(case()).variables == {"number": 7}
    stopped = shop.play(case(only_given=True))
    assert (stopped.stop.kind, stopped.stop.element) == ("answer", "buy")


def test_answers_of_an_element_come_in_the_order_of_its_calls_before_all_others():
    shop = sandbox(("p", line(START, service("a", "shop.buy"), service("b", "shop.buy"), END)), answers={"shop.buy": {}})
    played = shop.play(case(operations={"shop.buy": {"n": 1}}, answers={"b": ({"n": 2},)}))
    assert [call.answer for _, call in played.calls] == [{"n": 1}, {"n": 2}]
    assert [call.source for _, call in played.calls] == ["own", "element"]


def test_default_in_a_list_of_answers_means_the_usual_one():
    shop = sandbox(("p", line(START, service("a", "shop.buy"), service("b", "shop.buy"), END)), answers={"shop.buy": {"n": 9}})
    played = shop.play(case(operations={"shop.buy": ["default", {"n": 1}]}))
    assert [call.answer["n"] for _, call in played.calls] == [9, 1]


def test_outside_work_waits_for_a_job_step():
    outside = sandbox(("p", line(START, service("send", "platform.send"), END)))
    assert [job.element_id for job in outside.play(case()).jobs] == ["send"]
    played = outside.play(case(steps=({"job": "send", "values": {"ok": True}},)))
    assert (played.state, played.variables) == ("completed", {"ok": True})


def test_a_called_process_runs_itself_is_replaced_or_waits():
    both = sandbox(("p", line(START, call("do", "q"), END)), ("q", line(START, user_task("inner"), END)))
    assert both.play(case()).waiting == ["inner"]
    assert both.play(case(stubs={"q": {"done": 1}})).variables == {"done": 1}
    waiting = both.play(case(stubs={"q": "waits"}))
    assert [job.type for job in waiting.jobs] == ["stub.q"]
    assert both.play(case(stubs={"q": "waits"}, steps=({"job": "q", "values": {"done": 2}},))).variables == {"done": 2}


def test_the_clock_fires_timers_on_its_way_and_tells_when_they_were_due():
    body = line(START, user_task("ask"), END) + (
        '<bpmn:boundaryEvent id="late" attachedToRef="ask"><bpmn:timerEventDefinition><bpmn:timeDuration '
        'xsi:type="bpmn:tFormalExpression">P2D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
        '<bpmn:endEvent id="gone"/><bpmn:sequenceFlow id="f" sourceRef="late" targetRef="gone"/>'
    )
    played = sandbox(("p", body)).play(case(steps=({"clock": "+P5D"},)))
    assert played.ends == ["gone"]
    [timer] = played.timers
    assert (timer.outcome, timer.due_at - played.case.clock) == ("fired", dt.timedelta(days=2))
    assert played.tasks[0].ended_at == timer.due_at


@pytest.mark.parametrize("to", ["+P", "+PT", "+P9999999999D", "tomorrow", "-P1D", ""])
def test_a_clock_that_cannot_be_read_is_said_to_be_so(to):
    stop = sandbox(("p", line(START, user_task("ask"), END))).play(case(steps=({"clock": to},))).stop
    assert stop.kind == "step"


def test_a_changed_file_is_parsed_anew_and_an_unchanged_one_is_not():
    one, two = bpmn("p", line(START, user_task("a"), END)), bpmn("p", line(START, user_task("b"), END))
    shop = sandbox()
    library = shop.project.library
    first = library.process(one, path("p"), "p")
    assert library.process(one, path("p"), "p") is first
    assert library.process(two, path("p"), "p") is not first
