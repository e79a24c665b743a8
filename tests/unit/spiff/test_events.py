"""Events that wait, throw and interrupt."""

from __future__ import annotations

import pytest

from engine.errors import Conflict
from engine.events import ErrorThrown, MessageThrown, SignalThrown, TimerScheduled
from tests.unit.spiff.diagrams import diagram, ext, mapping, message, service, timer, user


def catch(name, definition):
    return f'<intermediateCatchEvent id="{name}">{definition}</intermediateCatchEvent>'


def boundary(name, host, definition, interrupting=True, extensions=""):
    flag = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{name}" attachedToRef="{host}"{flag}>{ext(extensions)}{definition}</boundaryEvent>'


MESSAGE = '<messageEventDefinition messageRef="m_news"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
ROOTS = (
    message("news")
    + '<signal id="sig" name="bell"/><error id="err" name="bad" errorCode="BAD"/><escalation id="esc" name="up" escalationCode="UP"/>'
)


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("duration", "P5D", "2026-03-07T09:00:00+08:00"),
        ("duration", "=wait", "2026-03-02T11:00:00+08:00"),
        ("duration", "P1M", "2026-04-02T09:00:00+08:00"),
        ("duration", '=duration("P2D")', "2026-03-04T09:00:00+08:00"),
        ("duration", '=duration("P1Y")', "2027-03-02T09:00:00+08:00"),
        ("date", "2026-05-01", "2026-05-01T00:00:00+08:00"),
        ("date", '=date("2026-05-01")', "2026-05-01T00:00:00+08:00"),
        ("date", '=now() + duration("PT90M")', "2026-03-02T10:30:00+08:00"),
        ("date", '=date and time(date("2026-05-01"), time("08:30:00"))', "2026-05-01T08:30:00+08:00"),
        ("date", "=day", "2026-06-01T08:30:00+08:00"),
    ],
)
def test_a_timer_is_iso_text_or_feel(begin, kind, text, due):
    case = begin(diagram("s -> late -> u1", catch("late", timer(kind, text))), wait="PT2H", day="2026-06-01T08:30:00")
    (scheduled,) = [e for e in case.events if isinstance(e, TimerScheduled)]
    assert scheduled.due_at.isoformat() == due
    assert scheduled.repetitions_left is None
    assert case.fire("late").open == ["u1"]
    assert not case.waits


def test_a_timer_that_gives_no_time_is_an_incident(begin):
    case = begin(diagram("s -> late -> u1", catch("late", timer("duration", "=wait"))), wait="soon")
    assert case.incident().kind == "timer_error"
    case.do(lambda run: run.set_variables(run.root_key, {"wait": "PT1S"}, local=False)).retry("late")
    assert case.fire("late").open == ["u1"]


def test_a_message_brings_variables_through_its_output_mapping(begin):
    event = f'<intermediateCatchEvent id="mail">{ext(mapping("out: got <- =text"))}{MESSAGE}</intermediateCatchEvent>'
    case = begin(diagram("s -> mail -> u1", event, roots=ROOTS), key="k")
    case.message("news", "k", text="hello", other=1)
    assert case.variables == {"key": "k", "got": "hello"}


def test_a_missing_correlation_key_is_an_incident(begin):
    case = begin(diagram("s -> mail -> u1", catch("mail", MESSAGE), roots=ROOTS))
    assert case.incident().kind == "message_error"


def test_a_receive_task_waits_for_its_message(begin):
    case = begin(diagram("s -> mail -> u1", '<receiveTask id="mail" messageRef="m_news"/>', roots=ROOTS), key=7)
    assert case.message("news", "7", x=1).variables["x"] == 1


def test_a_message_is_delivered_once(begin):
    case = begin(diagram("s -> mail -> u1", catch("mail", MESSAGE), roots=ROOTS), key="k")
    key = next(iter(case.waits))
    case.message("news")
    with pytest.raises(Conflict, match="does not wait"):
        case.execution.deliver_message(key, {})


def test_an_interrupting_boundary_timer_ends_the_task(begin):
    case = begin(diagram("s -> u1 -> u2\nlate -> u3", boundary("late", "u1", timer("duration", "P1D"))))
    case.fire("late")
    assert case.open == ["u3"]
    assert case.terminated() == ["u1"]


def test_a_completed_task_closes_its_boundary_events(begin):
    events = boundary("late", "u1", timer("duration", "P1D")) + boundary("mail", "u1", MESSAGE)
    case = begin(diagram("s -> u1 -> u2\nlate -> u3\nmail -> u4", events, roots=ROOTS), key="k")
    assert case.waiting_for() == ["late", "mail"]
    case.complete("u1")
    assert case.waits == {}


def test_a_repeating_timer_fires_the_given_number_of_times_without_drifting(begin, office):
    case = begin(diagram("s -> u1 -> u2\ntick -> u3", boundary("tick", "u1", timer("cycle", "R3/P1D"), interrupting=False)))
    seen = []
    while case.waits:
        (wait,) = case.waits.values()
        seen.append((wait.due_at.day, wait.repetitions_left))
        office.time = wait.due_at.replace(hour=23)
        case.fire("tick")
    assert seen == [(3, 3), (4, 2), (5, 1)]
    assert case.open == ["u1", "u3", "u3", "u3"]


def test_an_endless_cycle_ends_with_its_task_and_months_never_drift(begin, office):
    office.time = office.time.replace(month=1, day=31)
    case = begin(diagram("s -> u1 -> u2\ntick -> u3", boundary("tick", "u1", timer("cycle", "R/P1M"), interrupting=False)))
    days = []
    for _ in range(4):
        (wait,) = case.waits.values()
        days.append((wait.due_at.month, wait.due_at.day, wait.repetitions_left))
        case.fire("tick")
    assert days == [(2, 28, -1), (3, 28, -1), (4, 28, -1), (5, 28, -1)]
    case.complete("u1")
    assert not case.waits


def test_a_non_interrupting_message_comes_any_number_of_times(begin):
    case = begin(diagram("s -> u1 -> u2\nmail -> u3", boundary("mail", "u1", MESSAGE, interrupting=False), roots=ROOTS), key="k")
    for number in range(5):
        case.message("news", "k", number=number)
    assert case.open == ["u1", *["u3"] * 5]
    case.complete("u1")
    assert case.open == [*["u3"] * 5, "u2"]
    assert not case.waits


def test_the_first_event_after_an_event_based_gateway_decides(begin):
    elements = (
        '<eventBasedGateway id="g"/>'
        + catch("mail", MESSAGE)
        + catch("late", timer("duration", "P1D"))
        + catch("later", timer("duration", "P2D"))
    )
    content = diagram("s -> g -> mail -> u1\ng -> late -> u2\ng -> later -> u3", elements, roots=ROOTS)
    case = begin(content, key="k")
    assert case.waiting_for() == ["late", "later", "mail"]
    assert case.fire("late").open == ["u2"]
    assert not case.waits
    assert "g_late" in case.flows()
    other = begin(None, "p", key="k")
    other.message("news", "k", text="x")
    assert (other.open, other.variables["text"]) == (["u1"], "x")


def test_a_signal_reaches_everything_that_waits_for_it(begin):
    elements = catch("bell1", SIGNAL) + catch("bell2", SIGNAL) + f'<endEvent id="ring">{SIGNAL}</endEvent>'
    case = begin(diagram("s -> p1 -> bell1 -> u1\np1 -> bell2 -> u2\np1 -> u3 -> ring", elements, roots=ROOTS))
    case.complete("u3")
    assert case.open == ["u1", "u2"]
    assert [e.signal_name for e in case.events if isinstance(e, SignalThrown)] == ["bell"]


def test_an_error_end_event_is_caught_by_the_boundary_of_its_sub_process(begin):
    elements = f'<subProcess id="sub"><startEvent id="s2"/><endEvent id="bad"><errorEventDefinition errorRef="err"/></endEvent></subProcess>{boundary("oops", "sub", """<errorEventDefinition errorRef="err"/>""")}'
    case = begin(diagram("s -> sub -> u1\ns2 -> p2 -> u2 -> bad\np2 -> u3\noops -> u4", elements, roots=ROOTS))
    case.complete("u2")
    assert case.open == ["u4"]
    assert set(case.terminated()) == {"u3", "sub"}
    assert "bad" in case.completed()
    (thrown,) = [e for e in case.events if isinstance(e, ErrorThrown)]
    assert (thrown.error_code, thrown.caught_by) == ("BAD", "oops")


def test_an_exact_code_is_caught_before_a_boundary_that_catches_all(begin, office):
    from engine.errors import BpmnError

    def fail(inputs):
        raise BpmnError(inputs["code"], "it failed", {"why": "x"})

    office.operations["fail"] = fail
    events = boundary("any", "work", "<errorEventDefinition/>") + boundary(
        "bad", "work", '<errorEventDefinition errorRef="err"/>'
    )
    content = diagram("s -> work -> u1\nany -> u2\nbad -> u3", service("work", "fail") + events, roots=ROOTS)
    assert begin(content, code="BAD").open == ["u3"]
    other = begin(None, "p", code="WORSE")
    assert other.open == ["u2"]
    assert other.variables["why"] == "x"


def test_an_error_nobody_catches_is_an_incident_and_a_retry_does_the_work_again(begin, office):
    from engine.errors import BpmnError

    answers = [BpmnError("BAD"), {"ok": True}]

    def work(inputs):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    office.operations["work"] = work
    case = begin(diagram("s -> work -> u1", service("work", "work")))
    assert case.incident().kind == "unhandled_error"
    assert case.retry("work").open == ["u1"]


def test_a_job_may_throw_an_error(begin):
    case = begin(
        diagram("s -> work -> u1\noops -> u2", service("work", "x") + boundary("oops", "work", "<errorEventDefinition/>"))
    )
    key = next(iter(case.jobs))
    case.do(lambda run: run.throw_error(key, "E", "no", {"reason": "r"}))
    assert case.open == ["u2"]
    assert case.variables == {"reason": "r"}


def test_an_escalation_that_does_not_interrupt_lets_the_thrower_go_on(begin):
    throw = '<intermediateThrowEvent id="up"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent>'
    elements = f'<subProcess id="sub"><startEvent id="s2"/>{throw}</subProcess>' + boundary(
        "told", "sub", '<escalationEventDefinition escalationRef="esc"/>', interrupting=False
    )
    case = begin(diagram("s -> sub -> u1\ns2 -> up -> u2\ntold -> u3", elements, roots=ROOTS))
    assert sorted(case.open) == ["u2", "u3"]


def test_an_escalation_end_event_may_interrupt_and_an_uncaught_one_is_no_problem(begin):
    end = '<endEvent id="up"><escalationEventDefinition escalationRef="esc"/></endEvent>'
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{end}</subProcess>'
    case = begin(
        diagram(
            "s -> sub -> u1\ns2 -> up\ntold -> u3", sub + boundary("told", "sub", "<escalationEventDefinition/>"), roots=ROOTS
        )
    )
    assert case.open == ["u3"]
    calm = begin(diagram("s -> sub -> u1\ns2 -> up", sub, process_id="q", roots=ROOTS))
    assert calm.open == ["u1"]


def test_terminate_ends_its_own_scope_only(begin):
    elements = '<subProcess id="sub"><startEvent id="s2"/><endEvent id="stop"><terminateEventDefinition/></endEvent></subProcess>'
    case = begin(diagram("s -> p1 -> sub -> u1\np1 -> u5\ns2 -> p2 -> u2 -> stop\np2 -> u3", elements))
    case.complete("u2")
    assert sorted(case.open) == ["u1", "u5"]
    assert case.terminated() == ["u3"]


def test_terminate_in_the_process_ends_everything(begin):
    case = begin(diagram("s -> p1 -> u1 -> stop\np1 -> u2", '<endEvent id="stop"><terminateEventDefinition/></endEvent>'))
    case.complete("u1")
    assert case.state == "completed"
    assert case.terminated() == ["u2"]


def test_a_link_leads_on_from_its_target(begin):
    elements = '<intermediateThrowEvent id="away"><linkEventDefinition name="A"/></intermediateThrowEvent>' + catch(
        "here", '<linkEventDefinition name="A"/>'
    )
    case = begin(diagram("s -> u1 -> away\nhere -> u2 -> e", elements))
    assert case.complete("u1").open == ["u2"]
    assert case.complete("u2").state == "completed"


def test_a_message_throw_event_tells_the_host_what_to_send(begin):
    elements = f'<intermediateThrowEvent id="tell">{ext(mapping("in: text <- =1 + 1"))}{MESSAGE}</intermediateThrowEvent>'
    case = begin(diagram("s -> tell -> u1", elements, roots=ROOTS), key="k")
    (thrown,) = [e for e in case.events if isinstance(e, MessageThrown)]
    assert (thrown.message_name, thrown.correlation_key, thrown.variables) == ("news", "k", {"text": 2})


def test_send_tasks_and_end_events_may_be_jobs(begin):
    job = ext('<zeebe:taskDefinition type="mail"/>')
    elements = f'<sendTask id="send">{job}</sendTask><endEvent id="last">{job}<messageEventDefinition/></endEvent>'
    case = begin(diagram("s -> send -> last", elements))
    case.complete_job("send").complete_job("last")
    assert case.state == "completed"


def test_a_process_without_an_end_event_ends_when_nothing_is_left(begin):
    assert begin(diagram("s -> u1")).complete("u1").state == "completed"


def test_a_start_event_by_message_takes_the_variables(begin, office):
    start = f'<startEvent id="s1">{ext(mapping("out: got <- =text"))}{MESSAGE}</startEvent>'
    content = diagram("s1 -> u1", start, roots=ROOTS)
    model = office.deploy(content)
    assert [(e.element_id, e.kind, e.name) for e in model.start_events] == [("s1", "message", "news")]
    from tests.unit.spiff.office import Case

    case = Case(office, False).start("p", "s1", text="hi")
    assert case.variables == {"got": "hi"}
    assert case.open == ["u1"]


def test_a_join_that_can_never_be_complete_says_so(begin):
    case = begin(diagram("s -> x1\nx1 -> p1 : =a\nx1 -> t1 : default\nt1 -> p1\np1 -> u1"), a=True)
    assert case.incident().kind == "join_deadlock"
    assert case.incident().element_id == "p1"


def test_a_user_task_in_the_way_of_a_boundary_message_keeps_its_local_scope(begin):
    task = user("u1", extensions=mapping("in: secret <- =1"))
    case = begin(diagram("s -> u1 -> u2\nmail -> u3", task + boundary("mail", "u1", MESSAGE), roots=ROOTS), key="k")
    case.message("news", "k", x=1)
    assert case.variables == {"key": "k", "x": 1}
