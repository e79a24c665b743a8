"""Event sub-processes: armed while their scope is active."""

from __future__ import annotations

from engine.errors import BpmnError
from tests.unit.spiff.diagrams import diagram, ext, mapping, message, service, timer

ROOTS = (
    message("problem")
    + '<signal id="sig" name="bell"/><error id="err" errorCode="BAD"/><escalation id="esc" escalationCode="UP"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m_problem"/>'


def event_sub(name, start, definition, *, interrupting=True, inside="", extensions="", start_extensions=""):
    flag = "" if interrupting else ' isInterrupting="false"'
    return (
        f'<subProcess id="{name}" triggeredByEvent="true">{ext(extensions)}'
        f'<startEvent id="{start}"{flag}>{ext(start_extensions)}{definition}</startEvent>{inside}</subProcess>'
    )


def test_an_interrupting_message_ends_the_main_flow_and_the_process_ends_with_it(begin):
    case = begin(diagram("s -> u1 -> u2\ns2 -> u9 -> e9", event_sub("sub", "s2", MESSAGE), roots=ROOTS), key="k")
    case.message("problem", "k", text="x")
    assert case.open == ["u9"]
    assert case.terminated() == ["u1"]
    assert not case.waits
    assert case.complete("u9").state == "completed"
    assert case.variables["text"] == "x"


def test_a_non_interrupting_one_fires_any_number_of_times(begin):
    content = diagram("s -> u1 -> e\ns2 -> u9 -> e9", event_sub("sub", "s2", MESSAGE, interrupting=False), roots=ROOTS)
    case = begin(content, key="k")
    for number in range(5):
        case.message("problem", "k", number=number)
    assert case.open == ["u1", *["u9"] * 5]
    case.complete("u9", 2).complete("u1")
    assert case.state == "active"
    for _ in range(4):
        case.complete("u9")
    assert case.state == "completed"


def test_each_start_keeps_its_own_values_when_the_sub_process_declares_them(begin):
    sub = event_sub("sub", "s2", MESSAGE, interrupting=False, extensions=mapping("in: problem <- =null"))
    case = begin(diagram("s -> u1\ns2 -> u9", sub, roots=ROOTS), key="k")
    case.message("problem", "k", problem="a").message("problem", "k", problem="b")
    assert [case.local("u9", 0)["problem"], case.local("u9", 1)["problem"]] == ["a", "b"]
    assert case.variables == {"key": "k"}


def test_timers_start_event_sub_processes_once_or_again_and_again(begin):
    subs = event_sub("once", "s2", timer("duration", "P1D"), interrupting=False) + event_sub(
        "often", "s3", timer("cycle", "R2/PT1H"), interrupting=False
    )
    case = begin(diagram("s -> u1\ns2 -> u2\ns3 -> u3", subs))
    case.fire("s3").fire("s3").fire("s2")
    assert not case.waits
    assert case.open == ["u1", "u3", "u3", "u2"]


def test_a_signal_starts_one(begin):
    sub = event_sub("sub", "s2", '<signalEventDefinition signalRef="sig"/>', interrupting=False)
    case = begin(diagram("s -> u1\ns2 -> u2", sub, roots=ROOTS))
    case.signal("bell").signal("bell")
    assert case.open == ["u1", "u2", "u2"]


def test_an_error_from_an_operation_starts_one_inside_a_sub_process(begin, office):
    def fail(inputs):
        raise BpmnError("BAD", variables={"why": 1})

    office.operations["fail"] = fail
    handler = event_sub("handler", "s3", '<errorEventDefinition errorRef="err"/>')
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{service("work", "fail")}{handler}</subProcess>'
    case = begin(diagram("s -> sub -> u1\ns2 -> p2 -> u2\np2 -> work\ns3 -> u3", sub, roots=ROOTS))
    assert case.open == ["u3"]
    assert "u2" in case.terminated()
    assert case.complete("u3").open == ["u1"]


def test_an_error_thrown_by_the_handler_itself_goes_further_out(begin):
    throw = '<endEvent id="bad"><errorEventDefinition errorRef="err"/></endEvent>'
    handler = event_sub("handler", "s3", '<errorEventDefinition errorRef="err"/>', inside=throw)
    sub = f'<subProcess id="sub"><startEvent id="s2"/><endEvent id="worse"><errorEventDefinition errorRef="err"/></endEvent>{handler}</subProcess>'
    boundary = '<boundaryEvent id="out" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>'
    case = begin(diagram("s -> sub -> u1\ns2 -> u2 -> worse\ns3 -> u3 -> bad\nout -> u4", sub + boundary, roots=ROOTS))
    case.complete("u2").complete("u3")
    assert case.open == ["u4"]


def test_an_escalation_starts_one_beside_the_thrower(begin):
    throw = '<intermediateThrowEvent id="up"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent>'
    handler = event_sub("handler", "s3", '<escalationEventDefinition escalationRef="esc"/>', interrupting=False)
    case = begin(diagram("s -> up -> u1\ns3 -> u3", throw + handler, roots=ROOTS))
    assert sorted(case.open) == ["u1", "u3"]


def test_one_inside_a_sub_process_is_armed_only_while_that_runs(begin):
    inner = event_sub("handler", "s3", MESSAGE, interrupting=False)
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{inner}</subProcess>'
    case = begin(diagram("s -> sub -> u1\ns2 -> u2\ns3 -> u3", sub, roots=ROOTS), key="k")
    assert case.waiting_for() == ["s3"]
    case.message("problem").message("problem")
    assert case.open == ["u2", "u3", "u3"]
    case.complete("u2").complete("u3").complete("u3")
    assert case.open == ["u1"]
    assert not case.waits


def test_an_interrupting_one_closes_the_other_event_sub_processes(begin):
    subs = event_sub("stop", "s2", MESSAGE) + event_sub("tick", "s3", timer("cycle", "R/P1D"), interrupting=False)
    case = begin(diagram("s -> u1\ns2 -> u2\ns3 -> u3", subs, roots=ROOTS), key="k")
    case.fire("s3").message("problem")
    assert case.open == ["u2"]
    assert not case.waits


def test_an_event_sub_process_may_hold_another(begin):
    inner = event_sub("inner", "s3", timer("duration", "P1D"))
    outer = event_sub("outer", "s2", MESSAGE, inside=inner)
    case = begin(diagram("s -> u1\ns2 -> u2\ns3 -> u3 -> e", outer, roots=ROOTS), key="k")
    case.message("problem").fire("s3")
    assert case.open == ["u3"]
    assert case.complete("u3").state == "completed"


def test_a_called_instance_is_ended_by_an_interrupting_event_of_its_caller(begin, office):
    office.deploy(diagram("s -> u5\ns6 -> u6", event_sub("own", "s6", timer("duration", "P1D")), process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> call -> u1\ns2 -> u2", call + event_sub("stop", "s2", MESSAGE), roots=ROOTS), key="k")
    case.message("problem")
    assert case.open == ["u2"]
    assert [outcome for _, outcome in case.outcomes()] == ["terminated"]
    assert not case.waits
