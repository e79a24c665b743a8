"""Activating, ending, moving and skipping by hand; what would not be sound is refused with a sentence."""

from __future__ import annotations

import pytest

from engine.events import ElementTerminated
from engine.model import Activate, Move, Skip, Terminate
from engine.spiff import CannotModify, Execution
from tests.unit.spiff.diagrams import diagram, ext, loop, mapping, script, service, timer, user

BLOCK = "s -> p1 -> u1 -> p2 -> u9 -> e\np1 -> u2 -> p2"


def key(case, element_id: str, nth: int = 0) -> int:
    found = [k for k, (name, _) in case.execution.places(case.execution.root_key).items() if name == element_id]
    return found[nth]


def modify(case, *changes):
    return case.do(lambda run: run.modify(run.root_key, changes, "by hand"))


def refused(case, sentence: str, *changes):
    """The case loaded anew is refused the changes; the one at hand stays as it was."""
    other = Execution.load(case.office, case.execution.snapshot())
    with pytest.raises(CannotModify, match=sentence):
        other.modify(other.root_key, changes, "by hand")
    return case


def test_a_token_is_moved_on_and_back_and_onto_itself(begin):
    case = begin(diagram("s -> u1 -> u2 -> u3 -> e"))
    modify(case, Move(key(case, "u1"), "u3", {"why": "skipped two"}))
    assert case.open == ["u3"]
    assert case.local("u3") == {"why": "skipped two"}
    assert [e.reason for e in case.events if isinstance(e, ElementTerminated)] == ["by hand"]
    first = key(case, "u3")
    modify(case, Move(first, "u3"))
    assert case.open == ["u3"]
    assert key(case, "u3") != first
    modify(case, Move(key(case, "u3"), "u1")).complete("u1")
    assert case.open == ["u2"]


def test_a_task_is_skipped_with_the_values_its_work_would_have_given(begin):
    case = begin(diagram("s -> u1 -> u2 -> e", user("u1", extensions=mapping("out: total <- =amount * 2"))))
    modify(case, Skip(key(case, "u1"), {"amount": 4}))
    assert case.open == ["u2"]
    assert case.variables == {"total": 8}


def test_a_service_task_that_cannot_work_is_skipped_out_of_its_incident(begin, office):
    def broken(inputs):
        raise BrokenRegister

    from engine.errors import EngineError

    class BrokenRegister(EngineError):
        """The register is closed."""

    office.operations["work"] = broken
    case = begin(diagram("s -> work -> u1 -> e", service("work", "work")))
    modify(case, Skip(case.incident().element_key, {"number": "A-1"}))
    assert not case.incidents
    assert case.open == ["u1"]
    assert case.variables == {"number": "A-1"}


def test_a_gateway_without_a_true_condition_is_left_by_the_flow_that_is_named(begin):
    case = begin(diagram("s -> x1\nx1 -> u1 : =a = 1\nx1 -> u2 : =a = 2"), a=3)
    where = case.incident().element_key
    refused(case, "Say over which flow", Skip(where))
    refused(case, "No flow nope leaves x1", Skip(where, flow_id="nope"))
    assert modify(case, Skip(where, flow_id="x1_u2")).open == ["u2"]


def test_an_event_based_gateway_is_skipped_as_if_the_named_event_had_come(begin):
    events = "".join(
        f'<intermediateCatchEvent id="{name}">{timer("duration", span)}</intermediateCatchEvent>'
        for name, span in (("w1", "PT1H"), ("w2", "PT2H"))
    )
    case = begin(diagram("s -> g\ng -> w1 -> u1\ng -> w2 -> u2", '<eventBasedGateway id="g"/>' + events))
    assert modify(case, Skip(key(case, "g"), {"n": 1}, flow_id="g_w2")).open == ["u2"]
    assert case.waits == {}


def test_timers_calls_and_sub_processes_are_skipped_whole(begin, office):
    office.deploy(diagram("s -> u5 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    sub = f'<subProcess id="sub"><startEvent id="s1"/>{user("u2")}</subProcess>'
    wait = f'<intermediateCatchEvent id="wait">{timer("duration", "P1D")}</intermediateCatchEvent>'
    case = begin(diagram("s -> wait -> call -> sub -> u9 -> e\ns1 -> u2", wait + call + sub))
    assert modify(case, Skip(key(case, "wait"))).open == ["u5"]
    assert case.waits == {}
    assert modify(case, Skip(key(case, "call"), {"n": 1})).open == ["u2"]
    assert modify(case, Skip(key(case, "sub"))).open == ["u9"]
    assert case.variables == {"n": 1}


def test_a_list_is_skipped_whole_or_one_of_it_and_one_can_be_ended(begin):
    marker = loop(
        "[1, 2, 3]", "n", output="votes = vote", condition="numberOfTerminatedInstances + numberOfCompletedInstances = 3"
    )
    case = begin(diagram("s -> u1 -> u9 -> e", user("u1", inside=marker)))
    case.complete("u1", vote="yes")
    inner = [k for k, task in case.tasks.items() if task.element_id == "u1"]
    modify(case, Terminate(inner[0]))
    assert case.open == ["u1"]
    modify(case, Skip(inner[1], {"vote": "no"}))
    assert case.open == ["u9"]
    assert case.variables["votes"] == ["yes", None, "no"]
    again = begin(diagram("s -> u1 -> u9 -> e", user("u1", inside=marker)))
    again.complete("u1", vote="yes")
    body = next(k for k, t in again.execution._runner.tokens.items() if t.task_spec.name == "u1#body")
    assert modify(again, Skip(body)).open == ["u9"]
    assert again.variables["votes"] == ["yes", None, None]


def test_one_of_a_sequential_list_is_ended_and_the_next_begins(begin):
    case = begin(diagram("s -> u1 -> u9 -> e", user("u1", inside=loop("[1, 2]", "n", sequential=True))))
    modify(case, Terminate(next(iter(case.tasks))))
    assert case.local("u1")["n"] == 2
    assert modify(case, Terminate(next(iter(case.tasks)))).open == ["u9"]


def test_a_branch_cannot_be_taken_from_a_join_that_waits_for_it(begin):
    case = begin(diagram(BLOCK))
    refused(case, "The join p2 could wait for ever", Terminate(key(case, "u1")))
    refused(case, "The join p2 could wait for ever", Move(key(case, "u1"), "u9"))
    refused(case, "The join p2 could wait for ever", Activate("u2"))
    modify(case, Terminate(key(case, "u1")), Move(key(case, "u2"), "u9"))
    assert case.open == ["u9"]


def test_two_changes_that_belong_together_are_looked_at_together(begin):
    case = begin(diagram(BLOCK)).complete("u1")
    refused(case, "The join p2", Move(key(case, "u2"), "u1"))
    modify(case, Skip(key(case, "u2")))
    assert case.open == ["u9"]
    modify(case, Move(key(case, "u9"), "u1"), Activate("u2", {"n": 1}))
    assert case.open == ["u1", "u2"]
    assert case.local("u2") == {"n": 1}


def test_a_join_that_waits_for_ever_is_let_go(begin):
    case = begin(diagram("s -> x1\nx1 -> u1 : =true\nx1 -> u2 : default\nu1 -> p2\nu2 -> p2\np2 -> u9 -> e")).complete("u1")
    assert case.incident().kind == "join_deadlock"
    assert modify(case, Skip(case.incident().element_key)).open == ["u9"]
    assert not case.incidents


@pytest.mark.parametrize(
    ("element_id", "sentence"),
    [
        ("late", "late is a boundary event"),
        ("s", "s is a start event"),
        ("esp", "esp begins by its event only"),
        ("u7", "u7 stands in esp, which is not active"),
        ("p2", "p2 is a join"),
        ("u3", "u3 stands in sub, which is not active"),
        ("nowhere", "There is no nowhere"),
    ],
)
def test_what_cannot_begin_by_hand_is_refused(begin, element_id, sentence):
    late = f'<boundaryEvent id="late" attachedToRef="u1">{timer("duration", "P1D")}</boundaryEvent>'
    esp = f'<subProcess id="esp" triggeredByEvent="true"><startEvent id="a">{timer("duration", "P9D")}</startEvent>{user("u7")}</subProcess>'
    sub = f'<subProcess id="sub"><startEvent id="s1"/>{user("u3")}</subProcess>'
    flows = "s -> u1 -> p1 -> u2 -> p2 -> sub -> e\np1 -> u4 -> p2\nlate -> u8 -> e\ns1 -> u3\na -> u7"
    case = begin(diagram(flows, user("u1") + late + esp + sub))
    refused(case, sentence, Activate(element_id))
    refused(case, sentence.split(" stands")[0], Move(key(case, "u1"), element_id))


def test_nothing_is_left_that_would_never_end(begin):
    sub = f'<subProcess id="sub"><startEvent id="s1"/>{user("u2")}</subProcess>'
    case = begin(diagram("s -> sub -> u9 -> e\ns1 -> u2", sub))
    refused(case, "Nothing would be active in sub", Terminate(key(case, "u2")))
    refused(case, "Nothing would be active in p", Terminate(key(case, "sub")))
    refused(case, "do not stand in the same scope", Move(key(case, "u2"), "u9"))
    refused(case, "process instance itself", Terminate(case.execution.root_key))
    refused(case, "is not active in process instance", Terminate(17))
    modify(case, Activate("u9"), Terminate(key(case, "sub")))
    assert case.open == ["u9"]


def test_with_several_live_scopes_the_one_must_be_named(begin):
    sub = f'<subProcess id="sub">{loop("[1, 2]", "n")}<startEvent id="s1"/>{user("u2")}{user("u3")}</subProcess>'
    case = begin(diagram("s -> sub -> e\ns1 -> u2 -> u3", sub))
    refused(case, "sub, which is active 2 times", Activate("u3"))
    refused(case, "does not stand in the scope", Activate("u3", scope_key=case.execution.root_key))
    second = [k for k, t in case.execution._runner.tokens.items() if t.task_spec.name == "sub"][1]
    modify(case, Activate("u3", {"x": 1}, scope_key=second))
    assert case.local("u3")["n"] == 2
    refused(case, "one of several", Move(second, "sub"))


def test_a_script_that_fails_is_skipped_and_the_case_ends(begin):
    case = begin(diagram("s -> calc -> e", script("calc", "function(x) x", "n")))
    assert modify(case, Skip(case.incident().element_key, {"n": 1})).state == "completed"


def test_a_job_is_skipped(begin):
    case = begin(diagram("s -> work -> u1 -> e", service("work", "mail")))
    assert modify(case, Skip(key(case, "work"), {"sent": True})).open == ["u1"]
