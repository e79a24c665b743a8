"""Conditional events: they happen when what they read makes them true."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from engine.events import ConditionFailed, ConditionMet
from tests.unit.spiff.diagrams import diagram, ext, loop, mapping, script, service, timer, user
from tests.unit.spiff.test_compensation import sub


def condition(text: str, watched: str = "") -> str:
    """``text`` as in the diagram, escaped."""
    limits = ext(f"<zeebe:conditionalFilter {watched}/>") if watched else ""
    return f"<conditionalEventDefinition>{limits}<condition>{text}</condition></conditionalEventDefinition>"


def catch(name: str, text: str, watched: str = "") -> str:
    return f'<intermediateCatchEvent id="{name}">{condition(text, watched)}</intermediateCatchEvent>'


def boundary(name: str, host: str, text: str, interrupting: bool = True, watched: str = "") -> str:
    flag = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{name}" attachedToRef="{host}"{flag}>{condition(text, watched)}</boundaryEvent>'


def event_sub(name: str, start: str, text: str, interrupting: bool = True) -> str:
    flag = "" if interrupting else ' isInterrupting="false"'
    return f'<subProcess id="{name}" triggeredByEvent="true"><startEvent id="{start}"{flag}>{condition(text)}</startEvent></subProcess>'


def put(case, local: bool = False, scope: int | None = None, **values):
    """Somebody changes variables by hand."""
    return case.do(lambda run: run.set_variables(scope or run.root_key, values, local=local))


def test_a_catch_event_waits_until_its_condition_is_true(begin):
    case = begin(diagram("s -> c -> u1 -> e", catch("c", "=x &gt; 10")), x=5)
    assert (case.open, case.waiting_for()) == ([], ["c"])
    assert put(case, x=7).open == []
    assert put(case, x=11).open == ["u1"]
    assert not case.waits
    (met,) = [e for e in case.events if isinstance(e, ConditionMet)]
    assert (met.element_id, met.expression, met.inputs) == ("c", "x > 10", {"x": 11})


def test_a_catch_event_that_is_true_already_does_not_wait(begin):
    assert begin(diagram("s -> c -> u1", catch("c", "=x &gt; 10")), x=11).open == ["u1"]


def test_what_it_reads_need_not_exist_yet(begin):
    case = begin(diagram("s -> c -> u1", catch("c", "=ready")))
    assert not case.incidents
    assert put(case, other=1).open == []
    assert put(case, ready=True).open == ["u1"]


def test_another_branch_may_make_it_true(begin):
    case = begin(diagram("s -> p1 -> c -> u1\np1 -> u2 -> u3", catch("c", "=x &gt; 10")), x=5)
    assert case.complete("u2", x=12).open == ["u3", "u1"]


def test_a_value_that_is_true_only_between_two_steps_is_noticed(begin):
    steps = script("up", "11", "x") + script("down", "0", "x")
    case = begin(diagram("s -> p1 -> c -> u1\np1 -> u2 -> up -> down -> u3", steps + catch("c", "=x &gt; 10")), x=5)
    case.complete("u2")
    assert sorted(case.open) == ["u1", "u3"]


def test_an_interrupting_boundary_event_ends_its_activity(begin):
    case = begin(diagram("s -> u1 -> u2\nc -> u9", boundary("c", "u1", "=x &gt; 10")), x=5)
    assert put(case, x=11).open == ["u9"]
    assert case.terminated() == ["u1"]
    assert not case.waits


def test_an_interrupting_boundary_event_that_is_true_keeps_the_work_from_beginning(begin, office):
    calls = []
    office.operations["work"] = lambda inputs: calls.append(1) or {}
    elements = service("work", "work", mapping("in: x <- =limit")) + boundary("c", "work", "=x &gt; 10")
    case = begin(diagram("s -> work -> u2\nc -> u9", elements), limit=11)
    assert (case.open, calls) == (["u9"], [])


def test_what_the_activity_writes_as_it_completes_comes_too_late_for_its_own_event(begin):
    case = begin(diagram("s -> u1 -> u2\nc -> u9", boundary("c", "u1", "=x &gt; 10")), x=5)
    assert case.complete("u1", x=11).open == ["u2"]


def test_one_that_does_not_interrupt_fires_each_time_it_becomes_true(begin):
    case = begin(diagram("s -> u1\nc -> u9", boundary("c", "u1", "=x &gt; 10", interrupting=False)), x=11)
    assert case.open == ["u1", "u9"]
    put(case, x=12)
    assert case.open == ["u1", "u9"]
    put(case, x=1)
    put(case, x=13)
    assert case.open == ["u1", "u9", "u9"]
    case.complete("u9").complete("u9").complete("u1")
    assert case.state == "completed"


def test_two_variables_changed_at_once_fire_once(begin):
    case = begin(diagram("s -> u1\nc -> u9", boundary("c", "u1", "=x &gt; 10 or y &gt; 5", interrupting=False)), x=0, y=0)
    assert put(case, x=11, y=6).open == ["u1", "u9"]


def test_an_event_sub_process_starts_and_interrupts(begin):
    case = begin(diagram("s -> u1\ns2 -> u9", event_sub("own", "s2", '=priority = "high"')))
    assert put(case, priority="low").open == ["u1"]
    assert put(case, priority="high").open == ["u9"]
    assert case.terminated() == ["u1"]


def test_an_event_sub_process_of_the_process_may_start_at_once(begin):
    case = begin(diagram("s -> u1\ns2 -> u9", event_sub("own", "s2", "=x &gt; 10")), x=11)
    assert case.open == ["u9"]
    assert case.complete("u9").state == "completed"


def test_an_event_sub_process_beside_the_work_starts_again_and_again(begin):
    case = begin(diagram("s -> u1\ns2 -> u9", event_sub("own", "s2", "=x &gt; 10", interrupting=False)), x=0)
    for value in (11, 12, 0, 20):
        put(case, x=value)
    assert case.open == ["u1", "u9", "u9"]


def test_one_inside_a_sub_process_watches_that_ones_variables(begin):
    inner = sub("deal", event_sub("own", "s2", "=x &gt; 10", interrupting=False), extensions=mapping("in: x <- =0"))
    case = begin(diagram("s -> deal -> u9\nstart_deal -> u1\ns2 -> u2", inner), x=0)
    assert put(case, x=99).open == ["u1"]
    scope = case.execution._runner.tokens[case.task("u1").element_key].scope.key
    assert put(case, x=99, local=True, scope=scope).open == ["u1", "u2"]


def test_the_outer_event_goes_first_and_what_it_interrupts_does_not_fire(begin):
    inner = sub("deal", boundary("inner", "u1", "=x &gt; 10"))
    case = begin(
        diagram("s -> deal -> u9\nstart_deal -> u1\ninner -> u2\nouter -> u3", inner + boundary("outer", "deal", "=x &gt; 5")),
        x=0,
    )
    assert put(case, x=11).open == ["u3"]
    assert [e.element_id for e in case.events if isinstance(e, ConditionMet)] == ["outer"]


def test_a_filter_limits_which_changes_count(begin):
    case = begin(diagram("s -> c -> u1", catch("c", "=x &gt; 10 and y", 'variableNames="y" variableEvents="update"')), x=11)
    put(case, y=True)
    assert case.open == []
    put(case, x=12)
    assert case.open == []
    assert put(case, y=True).open == ["u1"]


def test_after_a_gateway_the_first_event_wins(begin):
    elements = (
        '<eventBasedGateway id="g"/>'
        + catch("c", "=x &gt; 10")
        + f'<intermediateCatchEvent id="t">{timer("duration", "P1D")}</intermediateCatchEvent>'
    )
    case = begin(diagram("s -> g -> c -> u1\ng -> t -> u2", elements), x=0)
    assert case.waiting_for() == ["c", "t"]
    assert put(case, x=11).open == ["u1"]
    assert not case.waits
    other = begin(None, "p", x=0)
    assert other.fire("t").open == ["u2"]


def test_after_a_gateway_only_one_of_two_true_events_wins(begin):
    elements = '<eventBasedGateway id="g"/>' + catch("a", "=x &gt; 10") + catch("b", "=x &gt; 5")
    case = begin(diagram("s -> g -> a -> u1\ng -> b -> u2 -> e", elements), x=11)
    assert case.open == ["u1"]


def test_each_instance_is_watched_with_its_own_variables(begin):
    inner = sub(
        "each",
        loop("[1, 2]", "n") + boundary("c", "u1", "=limit &gt; n", interrupting=True),
        extensions=mapping("in: limit <- =0"),
    )
    case = begin(diagram("s -> each -> u9\nstart_each -> u1 -> e1\nc -> u2", inner))
    scope = case.execution._runner.tokens[list(case.tasks)[1]].scope.key
    put(case, limit=5, local=True, scope=scope)
    assert case.open == ["u1", "u2"]
    assert case.local("u2")["n"] == 2


def test_all_instances_see_a_variable_of_the_case(begin):
    inner = sub("each", loop("[1, 2]", "n") + boundary("c", "u1", "=stop"))
    case = begin(diagram("s -> each -> u9\nstart_each -> u1 -> e1\nc -> u2", inner))
    assert put(case, stop=True).open == ["u2", "u2"]


def test_variables_of_a_called_instance_do_not_move_its_caller(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> call -> u2\nc -> u9", call + boundary("c", "call", "=x &gt; 10")), x=0)
    child = case.instances()[1].instance_key
    assert put(case, x=11, local=True, scope=child).open == ["u1"]
    assert put(case, x=11).open == ["u9"]


def test_a_catch_event_that_gives_no_answer_is_an_incident_and_can_be_mended(begin):
    case = begin(diagram("s -> c -> u1", catch("c", "=x")), x="yes")
    assert (case.incident().kind, case.waiting_for()) == ("condition_error", [])
    put(case, x=False)
    case.retry("c")
    assert case.waiting_for() == ["c"]
    put(case, x=5)
    assert case.incident().element_id == "c"
    put(case, x=True)
    assert case.retry("c").open == ["u1"]


def test_a_boundary_event_that_gives_no_answer_leaves_the_work_alone_and_the_history_says_so(begin):
    case = begin(diagram("s -> u1\nc -> u9", boundary("c", "u1", "=x")), x="yes")
    assert (case.open, case.incidents) == (["u1"], {})
    (failed,) = [e for e in case.events if isinstance(e, ConditionFailed)]
    assert "neither true nor false" in failed.reason
    assert put(case, x=True).open == ["u9"]


REFUSED = {
    "start of the process": ("c -> u1", f'<startEvent id="c">{condition("=x")}</startEvent>', "Before a case begins"),
    "no FEEL": ("s -> c", catch("c", "x"), "equals sign"),
    "empty": ("s -> c", catch("c", ""), "condition is empty"),
    "missing": (
        "s -> c",
        '<intermediateCatchEvent id="c"><conditionalEventDefinition/></intermediateCatchEvent>',
        "condition is empty",
    ),
    "reads nothing": ("s -> c", catch("c", "=now() &gt; now()"), "reads no variable"),
    "unknown change": ("s -> c", catch("c", "=x", 'variableEvents="delete"'), "create, update"),
    "no variable name": ("s -> c", catch("c", "=x", 'variableNames="a b"'), "cannot be a variable name"),
    "thrown": ("s -> c", f'<intermediateThrowEvent id="c">{condition("=x")}</intermediateThrowEvent>', "cannot be a"),
    "filter elsewhere": ("s -> u1", user("u1", extensions="<zeebe:conditionalFilter/>"), "no meaning"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_conditions_that_cannot_work_are_refused(office, name):
    flows, elements, sentence = REFUSED[name]
    with pytest.raises(DefinitionInvalid) as found:
        office.deploy(diagram(flows, elements))
    assert any(sentence in problem.message for problem in found.value.problems)
