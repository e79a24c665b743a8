"""What was completed is undone, the last first, and the event that asked waits until it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.errors import BpmnError, DefinitionInvalid
from engine.events import CompensationTriggered
from tests.unit.spiff.diagrams import HEAD, diagram, ext, loop, mapping, message, service, user

UNDO = "<compensateEventDefinition/>"
ROOTS = message("stop") + '<error id="err" errorCode="BAD"/>'


def undone(host: str, handler: str) -> str:
    """A compensation boundary event on ``host`` that leads to ``handler``."""
    event = f'<boundaryEvent id="on_{host}" attachedToRef="{host}">{UNDO}</boundaryEvent>'
    return event + f'<association id="line_{host}" sourceRef="on_{host}" targetRef="{handler}" associationDirection="One"/>'


def by(task: str) -> str:
    """``task`` marked for compensation."""
    return task.replace(" id=", ' isForCompensation="true" id=', 1)


def throw(name: str, activity: str = "") -> str:
    named = f' activityRef="{activity}"' if activity else ""
    return f'<intermediateThrowEvent id="{name}"><compensateEventDefinition{named}/></intermediateThrowEvent>'


def pair(*names: str) -> str:
    """User tasks ``a``, each undone by a user task ``undo_a``."""
    return "".join(user(name) + undone(name, f"undo_{name}") + by(user(f"undo_{name}")) for name in names)


def sub(name: str, inside: str, *, kind: str = "subProcess", extensions: str = "") -> str:
    return f'<{kind} id="{name}">{ext(extensions)}<startEvent id="start_{name}"/>{inside}</{kind}>'


def triggered(case):
    return [(e.element_id, e.activity_id, e.handler_id) for e in case.events if isinstance(e, CompensationTriggered)]


def test_completed_activities_are_undone_in_reverse_order_and_the_throw_event_waits(begin):
    case = begin(diagram("s -> a -> b -> undo -> u9 -> e", pair("a", "b") + throw("undo")))
    case.complete("a").complete("b")
    assert case.open == ["undo_b"]
    assert case.complete("undo_b").open == ["undo_a"]
    assert "undo" not in case.completed()
    assert case.complete("undo_a").open == ["u9"]
    assert triggered(case) == [("undo", "b", "undo_b"), ("undo", "a", "undo_a")]
    assert case.complete("u9").state == "completed"


def test_the_event_of_the_history_names_both_elements(begin):
    case = begin(diagram("s -> a -> undo -> u9", pair("a") + throw("undo")))
    first = case.task("a").element_key
    case.complete("a")
    (found,) = [e for e in case.events if isinstance(e, CompensationTriggered)]
    assert (found.activity_key, found.handler_key) == (first, case.task("undo_a").element_key)


def test_what_was_never_completed_is_not_undone(begin):
    flows = """s -> x1
    x1 -> a : =way
    x1 -> b : default
    a -> undo
    b -> undo -> u9"""
    case = begin(diagram(flows, pair("a", "b") + throw("undo")), way=False)
    assert case.complete("b").open == ["undo_b"]
    assert case.complete("undo_b").open == ["u9"]


def test_with_nothing_done_the_token_goes_on(begin):
    case = begin(diagram("s -> back -> a -> e", pair("a") + throw("back")))
    assert case.open == ["a"]


def test_an_active_activity_is_not_undone(begin):
    case = begin(diagram("s -> p1 -> a -> e\np1 -> u1 -> undo -> u9", pair("a") + throw("undo")))
    case.complete("u1")
    assert sorted(case.open) == ["a", "u9"]


def test_an_end_event_undoes_and_then_ends(begin):
    end = f'<endEvent id="end">{UNDO}</endEvent>'
    case = begin(diagram("s -> a -> end", pair("a") + end))
    assert case.complete("a").state == "active"
    assert case.complete("undo_a").state == "completed"
    assert case.completed()[-1] == "end"


def test_one_named_activity_is_undone_alone_and_only_once(begin):
    content = diagram("s -> a -> b -> one -> two -> u9", pair("a", "b") + throw("one", "a") + throw("two"))
    case = begin(content)
    case.complete("a").complete("b")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").open == ["undo_b"]
    assert case.complete("undo_b").open == ["u9"]


def test_what_was_done_three_times_is_undone_three_times(begin):
    flows = "s -> x1 -> a -> x2\nx2 -> x1 : =again\nx2 -> undo : default\nundo -> u9"
    case = begin(diagram(flows, pair("a") + throw("undo")))
    case.complete("a", again=True).complete("a", again=True).complete("a", again=False)
    for _ in range(3):
        assert case.open == ["undo_a"]
        case.complete("undo_a")
    assert case.open == ["u9"]


def test_what_completes_after_the_throw_event_was_reached_is_not_undone_by_it(begin):
    case = begin(diagram("s -> p1 -> a -> undo -> u8\np1 -> b -> u9", pair("a", "b") + throw("undo")))
    case.complete("a").complete("b")
    assert case.open == ["undo_a", "u9"]
    case.complete("undo_a")
    assert case.open == ["u9", "u8"]


def test_two_throw_events_at_once_undo_each_activity_once(begin):
    flows = "s -> a -> b -> p1\np1 -> one -> u8\np1 -> two -> u9"
    case = begin(diagram(flows, pair("a", "b") + throw("one") + throw("two")))
    case.complete("a").complete("b")
    assert sorted(case.open) == ["undo_a", "undo_b"]
    case.complete("undo_a").complete("undo_b")
    assert sorted(case.open) == ["u8", "u9"]


def test_handlers_may_be_operations_and_see_what_the_activity_saw(begin, office):
    calls = []
    office.operations["pay"] = lambda inputs: {"receipt": 7}
    office.operations["pay_back"] = lambda inputs: calls.append(dict(inputs)) or {"back": True}
    work = service("pay", "pay", mapping("in: amount <- =price", "out: receipt <- =receipt"))
    elements = work + undone("pay", "back") + by(service("back", "pay_back")) + throw("undo")
    case = begin(diagram("s -> pay -> undo -> u1", elements), price=5)
    assert calls == [{"price": 5, "receipt": 7, "amount": 5}]
    assert case.variables == {"price": 5, "receipt": 7, "back": True}
    assert case.open == ["u1"]


def test_a_job_of_an_outside_worker_may_undo(begin):
    elements = user("a") + undone("a", "back") + by(service("back", "mail")) + throw("undo")
    case = begin(diagram("s -> a -> undo -> u1", elements))
    case.complete("a")
    assert not case.open
    assert case.complete_job("back", told=True).open == ["u1"]
    assert case.variables == {"told": True}


def test_a_handler_that_fails_is_an_incident_and_goes_on_after_the_retry(begin, office):
    from engine.errors import EngineError

    class Closed(EngineError):
        """The bank is closed."""

    answers = [Closed(), {}]

    def back(inputs):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    office.operations["back"] = back
    elements = pair("a") + user("b") + undone("b", "back") + by(service("back", "back")) + throw("undo")
    case = begin(diagram("s -> a -> b -> undo -> u9", elements))
    case.complete("a").complete("b")
    assert (case.incident().element_id, case.open) == ("back", [])
    assert case.retry("back").open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]


def test_a_sub_process_may_undo_with_events_inside(begin):
    inside = user("h1") + user("h2") + '<endEvent id="he"/>'
    late = '<boundaryEvent id="late" attachedToRef="h1"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    elements = user("a") + undone("a", "back") + by(sub("back", inside + late)) + throw("undo")
    case = begin(diagram("s -> a -> undo -> u9\nstart_back -> h1 -> he\nlate -> h2 -> he", elements))
    case.complete("a").fire("late")
    assert case.open == ["h2"]
    assert case.complete("h2").open == ["u9"]


def test_a_called_process_may_undo(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> a -> undo -> u9", user("a") + undone("a", "call") + by(call) + throw("undo")))
    assert case.complete("a").open == ["u1"]
    assert case.complete("u1", x=1).open == ["u9"]
    assert case.variables == {"x": 1}


def test_a_handler_may_be_multi_instance_and_runs_once_for_all_instances(begin):
    work = user("a", inside=loop("people", "person"))
    back = by(user("back", inside=loop("people", "person")))
    case = begin(diagram("s -> a -> undo -> u9", work + undone("a", "back") + back + throw("undo")), people=["x", "y"])
    case.complete("a")
    assert case.open == ["a"]
    case.complete("a")
    assert case.open == ["back", "back"]
    assert case.local("back", 1)["person"] == "y"
    assert case.complete("back").complete("back").open == ["u9"]
    assert len(triggered(case)) == 1


def test_the_example_of_the_how_to_page_does_what_it_says(begin, office):
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "undo-completed-work.md").read_text(encoding="utf-8")
    drawn = re.search(r"```xml\n(.*?)```", page, re.DOTALL)[1]
    told: list[str] = []
    office.operations["freeze"] = lambda inputs: told.append("frozen") or {}
    office.operations["release"] = lambda inputs: told.append("released") or {}
    case = begin(f"{HEAD}{drawn}</definitions>".encode(), "undo_example")
    assert case.complete("seal", refused=True).open == ["tell"]
    assert told == ["frozen", "released"]


# completed scopes


def test_a_completed_sub_process_is_undone_from_inside_with_the_variables_it_ended_with(begin):
    inside = sub("sub", pair("a", "b"), extensions=mapping("in: n <- =0", "in: seen <- =null"))
    case = begin(diagram("s -> c -> sub -> undo -> u9\nstart_sub -> a -> b", pair("c") + inside + throw("undo")))
    case.complete("c").complete("a", n=1).complete("b", n=2, seen="x")
    assert case.open == ["undo_b"]
    assert case.local("undo_b") == {"n": 2, "seen": "x"}
    case.complete("undo_b", n=3)
    assert case.local("undo_a") == {"n": 3, "seen": "x"}
    case.complete("undo_a", m=4)
    assert case.open == ["undo_c"]
    assert case.complete("undo_c").open == ["u9"]
    assert case.variables == {"m": 4}
    assert triggered(case) == [
        ("undo", "sub", "sub"),
        ("sub", "b", "undo_b"),
        ("sub", "a", "undo_a"),
        ("undo", "c", "undo_c"),
    ]


def test_scopes_are_undone_however_deep(begin):
    inner = sub("inner", pair("a"))
    outer = sub("outer", pair("b") + inner)
    case = begin(diagram("s -> outer -> undo -> u9\nstart_outer -> b -> inner\nstart_inner -> a", outer + throw("undo")))
    case.complete("b").complete("a")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").open == ["undo_b"]
    assert case.complete("undo_b").open == ["u9"]


def test_a_throw_event_inside_a_sub_process_leaves_what_was_done_outside(begin):
    inside = sub("sub", pair("b") + throw("undo"))
    case = begin(diagram("s -> a -> sub -> u9\nstart_sub -> b -> undo", pair("a") + inside))
    case.complete("a").complete("b")
    assert case.open == ["undo_b"]
    assert case.complete("undo_b").open == ["u9"]


def test_a_sub_process_that_was_interrupted_is_not_undone(begin):
    late = '<boundaryEvent id="late" attachedToRef="sub"><messageEventDefinition messageRef="m_stop"/></boundaryEvent>'
    elements = sub("sub", pair("a") + user("b")) + late + throw("undo") + pair("c")
    case = begin(diagram("s -> c -> sub -> u1\nstart_sub -> a -> b\nlate -> undo -> u9", elements, roots=ROOTS), key="k")
    case.complete("c").complete("a").message("stop")
    assert case.open == ["undo_c"]
    assert case.complete("undo_c").open == ["u9"]


def test_a_sub_process_with_a_handler_is_undone_by_that_alone(begin):
    inside = sub("sub", pair("a")) + undone("sub", "back") + by(user("back"))
    case = begin(diagram("s -> sub -> undo -> u9\nstart_sub -> a", inside + throw("undo", "sub")))
    case.complete("a")
    assert case.open == ["back"]
    assert case.complete("back").open == ["u9"]


def test_each_instance_of_a_sub_process_is_undone_with_its_own_variables(begin):
    inside = sub("sub", pair("a")).replace("<startEvent", loop("[1, 2]", "n") + "<startEvent", 1)
    case = begin(diagram("s -> sub -> undo -> u9\nstart_sub -> a", inside + throw("undo")))
    case.complete("a", 1, mark="second").complete("a", mark="first")
    assert case.local("undo_a")["n"] == 1
    case.complete("undo_a")
    assert case.local("undo_a")["n"] == 2
    assert case.complete("undo_a").open == ["u9"]


def test_a_compensation_event_sub_process_undoes_its_own_sub_process(begin):
    start = f'<startEvent id="start_own">{UNDO}</startEvent>'
    own = f'<subProcess id="own" triggeredByEvent="true">{start}{user("h1")}{throw("rest")}{user("h2")}</subProcess>'
    inside = sub("sub", pair("a") + user("b") + own, extensions=mapping("in: n <- =1"))
    case = begin(
        diagram("s -> sub -> undo -> u9\nstart_sub -> a -> b\nstart_own -> h1 -> rest -> h2", inside + throw("undo", "sub"))
    )
    case.complete("a").complete("b", n=5)
    assert case.open == ["h1"]
    assert case.local("h1") == {"n": 5}
    assert case.complete("h1").open == ["undo_a"]
    assert case.complete("undo_a").open == ["h2"]
    assert case.complete("h2").open == ["u9"]


def test_a_compensation_event_sub_process_runs_even_when_nothing_inside_was_marked(begin):
    own = f'<subProcess id="own" triggeredByEvent="true"><startEvent id="start_own">{UNDO}</startEvent></subProcess>'
    case = begin(diagram("s -> sub -> undo -> u9\nstart_sub -> u1\nstart_own -> u7", sub("sub", own) + throw("undo")))
    case.complete("u1")
    assert case.open == ["u7"]
    assert case.complete("u7").open == ["u9"]


def test_compensation_does_not_enter_a_called_instance(begin, office):
    office.deploy(diagram("s -> a -> e", pair("a"), process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> b -> call -> undo -> u9", call + pair("b") + throw("undo")))
    case.complete("b").complete("a")
    assert case.open == ["undo_b"]


# where it is thrown


def test_an_event_sub_process_undoes_what_the_scope_round_it_has_done(begin):
    start = '<startEvent id="s2"><messageEventDefinition messageRef="m_stop"/></startEvent>'
    handler = f'<subProcess id="stop" triggeredByEvent="true">{start}{pair("c")}{throw("undo")}{user("u9")}</subProcess>'
    case = begin(diagram("s -> a -> b\ns2 -> c -> undo -> u9", pair("a") + user("b") + handler, roots=ROOTS), key="k")
    case.complete("a").message("stop").complete("c")
    assert case.open == ["undo_c"]
    assert case.complete("undo_c").open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]
    assert case.complete("u9").state == "completed"


def test_what_an_event_sub_process_has_done_is_undone_when_that_has_completed(begin):
    start = '<startEvent id="s2" isInterrupting="false"><messageEventDefinition messageRef="m_stop"/></startEvent>'
    more = f'<subProcess id="more" triggeredByEvent="true">{ext(mapping("in: text <- =null"))}{start}{pair("c")}</subProcess>'
    case = begin(diagram("s -> a -> b -> undo -> u9\ns2 -> c", pair("a", "b") + throw("undo") + more, roots=ROOTS), key="k")
    case.complete("a").message("stop", text="x").complete("c").message("stop", text="y").complete("c").complete("b")
    assert case.open == ["undo_b"]
    assert [case.complete("undo_b").local("undo_c")["text"], case.complete("undo_c").local("undo_c")["text"]] == ["y", "x"]
    assert case.complete("undo_c").open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]


def test_an_error_out_of_a_handler_is_caught_and_the_rest_can_still_be_undone(begin, office):
    def back(inputs):
        raise BpmnError("BAD")

    office.operations["back"] = back
    failed = f'<subProcess id="failed" triggeredByEvent="true"><startEvent id="s2"><errorEventDefinition errorRef="err"/></startEvent>{throw("rest")}</subProcess>'
    inside = sub("sub", pair("a") + user("b") + undone("b", "back") + by(service("back", "back")) + throw("undo") + failed)
    case = begin(diagram("s -> sub -> u9\nstart_sub -> a -> b -> undo -> u1\ns2 -> rest -> u2", inside, roots=ROOTS))
    case.complete("a").complete("b")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").open == ["u2"]
    assert case.complete("u2").open == ["u9"]


def test_an_error_while_a_completed_scope_is_undone_goes_to_the_scope_round_it(begin, office):
    def back(inputs):
        raise BpmnError("BAD")

    office.operations["back"] = back
    inside = sub("sub", user("b") + undone("b", "back") + by(service("back", "back")))
    late = '<boundaryEvent id="own" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    failed = '<subProcess id="failed" triggeredByEvent="true"><startEvent id="s2"><errorEventDefinition errorRef="err"/></startEvent></subProcess>'
    case = begin(
        diagram(
            "s -> sub -> undo -> u1\nstart_sub -> b\nown -> u2\ns2 -> u3", inside + late + failed + throw("undo"), roots=ROOTS
        )
    )
    case.complete("b")
    assert case.open == ["u3"]


def test_interrupting_the_scope_ends_the_handlers_with_it(begin):
    late = '<boundaryEvent id="late" attachedToRef="sub"><messageEventDefinition messageRef="m_stop"/></boundaryEvent>'
    inside = sub("sub", pair("a") + throw("undo"))
    case = begin(diagram("s -> sub -> u1\nstart_sub -> a -> undo\nlate -> u9", inside + late, roots=ROOTS), key="k")
    case.complete("a").message("stop")
    assert case.open == ["u9"]
    assert set(case.terminated()) == {"undo", "undo_a", "sub"}


def test_a_join_waits_until_all_is_undone(begin):
    flows = "s -> a -> o1\no1 -> u1 : =true\no1 -> undo : =true\nu1 -> o2\nundo -> o2\no2 -> u9"
    case = begin(diagram(flows, pair("a") + throw("undo")))
    case.complete("a").complete("u1")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]


def test_a_handler_is_no_place_to_send_a_task_back_to(begin):
    from engine.spiff import CannotReturn

    case = begin(diagram("s -> a -> undo -> u9", pair("a") + throw("undo")))
    case.complete("a").complete("undo_a")
    key = case.task("u9").element_key
    with pytest.raises(CannotReturn):
        case.execution.return_to(key, "undo_a", "x")


def test_a_task_that_was_sent_back_and_done_again_is_undone_once_and_an_operation_each_time(begin, office):
    undone_by_us = []
    office.operations["do"] = lambda inputs: {}
    office.operations["back"] = lambda inputs: undone_by_us.append(1) or {}
    work = service("work", "do") + undone("work", "back") + by(service("back", "back"))
    case = begin(diagram("s -> a -> work -> b -> c -> undo -> u9", pair("a", "b") + user("c") + work + throw("undo")))
    case.complete("a").complete("b")
    key = case.task("c").element_key
    case.do(lambda run: run.return_to(key, "a", "figures are wrong"))
    case.complete("a").complete("b").complete("c")
    assert case.open == ["undo_b"]
    case.complete("undo_b")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]
    assert undone_by_us == [1, 1]


def test_a_sub_process_that_is_done_again_keeps_of_its_first_time_only_what_operations_did(begin, office):
    office.operations["do"] = lambda inputs: {}
    work = service("work", "do") + undone("work", "back") + by(service("back", "mail"))
    inside = sub("part", pair("b") + work) + sub("more", pair("d"))
    flows = "s -> a -> part -> more -> c -> undo -> u9\nstart_part -> b -> work\nstart_more -> d"
    case = begin(diagram(flows, pair("a") + inside + user("c") + throw("undo")))
    case.complete("a").complete("b").complete("d")
    key = case.task("c").element_key
    case.do(lambda run: run.return_to(key, "a", "figures are wrong"))
    case.complete("a").complete("b").complete("d").complete("c").complete("undo_d")
    case.complete_job("back").complete("undo_b").complete("undo_a")
    assert (case.open, [job.element_id for job in case.jobs.values()]) == ([], ["back"])
    assert case.complete_job("back").open == ["u9"]


def test_the_state_is_small_again_when_all_is_undone(begin):
    case = begin(diagram("s -> x1 -> a -> undo -> x1", pair("a") + throw("undo")))
    sizes = []
    for _ in range(30):
        case.complete("a").complete("undo_a")
        sizes.append(len(case.execution.snapshot()))
    assert max(sizes) - min(sizes) < 12


# what is refused


def refused(content: bytes, office) -> list[str]:
    with pytest.raises(DefinitionInvalid) as found:
        office.deploy(content)
    return [problem.message for problem in found.value.problems]


HANDLER = by(user("h"))
REFUSED = {
    "no association": (
        "s -> a",
        user("a") + f'<boundaryEvent id="on" attachedToRef="a">{UNDO}</boundaryEvent>',
        "exactly one activity",
    ),
    "handler alone": ("s -> a", user("a") + HANDLER, "Nothing leads to h"),
    "not marked": ("s -> a -> h", user("a") + undone("a", "h") + user("h"), "exactly one activity"),
    "flow to the handler": ("s -> a -> h", user("a") + undone("a", "h") + HANDLER, "No flow can lead to or leave h"),
    "flow out of the event": ("s -> a\non_a -> u2", user("a") + undone("a", "h") + HANDLER, "No flow can leave on_a"),
    "event on the handler": (
        "s -> a\nlate -> u2",
        user("a")
        + undone("a", "h")
        + HANDLER
        + '<boundaryEvent id="late" attachedToRef="h"><errorEventDefinition/></boundaryEvent>',
        "cannot have boundary events",
    ),
    "two handlers": (
        "s -> a",
        user("a")
        + undone("a", "h")
        + HANDLER
        + undone("a", "h2").replace("on_a", "on2").replace("line_a", "line2")
        + by(user("h2")),
        "two compensation events",
    ),
    "handler elsewhere": ("s -> a -> sub\nstart_sub -> u2", user("a") + undone("a", "h") + sub("sub", HANDLER), "same scope"),
    "unknown activity": ("s -> a -> undo", user("a") + throw("undo", "a"), "wants to undo a"),
    "activity elsewhere": ("s -> sub -> undo\nstart_sub -> a", sub("sub", pair("a")) + throw("undo", "a"), "wants to undo a"),
    "at the process": (
        "s -> a\ns2 -> u2",
        user("a") + f'<subProcess id="own" triggeredByEvent="true"><startEvent id="s2">{UNDO}</startEvent></subProcess>',
        "never starts",
    ),
    "not waiting": (
        "s -> a -> undo",
        pair("a") + throw("undo").replace("<compensateEventDefinition", '<compensateEventDefinition waitForCompletion="false"'),
        "always waits",
    ),
    "catching event names an activity": (
        "s -> a",
        user("a")
        + undone("a", "h").replace("<compensateEventDefinition", '<compensateEventDefinition activityRef="a"')
        + HANDLER,
        "Delete activityRef",
    ),
    "intermediate catch": ("s -> c -> u1", f'<intermediateCatchEvent id="c">{UNDO}</intermediateCatchEvent>', "cannot be a"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_undone_is_refused_with_a_sentence(office, name):
    flows, elements, sentence = REFUSED[name]
    assert any(sentence in message for message in refused(diagram(flows, elements), office))


def test_a_throw_event_with_nothing_to_undo_is_only_a_warning(office):
    model = office.deploy(diagram("s -> undo -> u1", throw("undo")))
    assert any("undoes nothing" in problem.message for problem in model.warnings)


def test_what_an_event_sub_process_did_is_undone_with_the_sub_process_it_stands_in(begin):
    event = '<startEvent id="heard" isInterrupting="false"><messageEventDefinition messageRef="m_stop"/></startEvent>'
    beside = f'<subProcess id="beside" triggeredByEvent="true">{event}{pair("b")}</subProcess>'
    content = diagram(
        "s -> sub -> undo -> u9\nstart_sub -> a\nheard -> b", sub("sub", pair("a") + beside) + throw("undo"), roots=ROOTS
    )
    case = begin(content, key="k").message("stop", "k")
    case.complete("a").complete("b")
    assert case.open == ["undo_b"]
    assert case.complete("undo_b").open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]
