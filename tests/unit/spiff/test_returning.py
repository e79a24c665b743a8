"""Sending back past splits and joins, out of sub-processes and called cases, keeping what stays valid."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from engine.events import UserTaskKept
from engine.feel import Feel
from engine.spiff import CannotReturn, kept_name, parse
from tests.unit.spiff.diagrams import diagram, ext, loop, timer, user

BLOCK = "s -> u0 -> p1 -> u1 -> u2 -> p2 -> u9 -> e\np1 -> u3 -> u4 -> p2"


def back(case, element_id: str, target: str, **kept):
    key = case.task(element_id).element_key
    return case.do(lambda run: run.return_to(key, target, "look again", kept))


def targets(case, element_id: str) -> list[str]:
    key = case.task(element_id).element_key
    return sorted(way.element_id for way in case.execution.ways_back(key))


def record(task: int = 1, **more):
    return {
        "name": "n",
        "task_key": task,
        "form_key": 7,
        "values": {},
        "completed_by": "ann",
        "completed_at": "2026-03-02",
    } | more


def finish(case):
    """Complete whatever is open until the case ends; the ids in order."""
    done = []
    while case.open:
        done.append(case.open[0])
        case.complete(case.open[0])
        assert len(done) < 50
    assert case.state == "completed"
    return done


def test_within_a_branch_the_others_stay_as_they_are(begin):
    case = begin(diagram(BLOCK)).complete("u0").complete("u1").complete("u3")
    assert targets(case, "u2") == ["u0", "u1"]
    back(case, "u2", "u1")
    assert sorted(case.open) == ["u1", "u4"]
    case.complete("u4").complete("u1").complete("u2")
    assert case.open == ["u9"]


def test_a_branch_that_waits_at_the_join_stays_there(begin):
    case = begin(diagram(BLOCK)).complete("u0").complete("u3").complete("u4").complete("u1")
    back(case, "u2", "u1")
    assert case.open == ["u1"]
    assert case.complete("u1").complete("u2").open == ["u9"]


def test_before_the_split_everything_of_the_block_is_withdrawn(begin):
    case = begin(diagram(BLOCK)).complete("u0").complete("u3").complete("u4")
    back(case, "u1", "u0")
    assert case.open == ["u0"]
    assert [name for name in case.terminated() if name in {"u1", "p2"}] == ["u1", "p2"]
    assert sorted(case.complete("u0").open) == ["u1", "u3"]


def test_into_a_branch_of_a_block_that_is_over_the_other_branch_need_not_be_done_again(begin):
    case = begin(diagram(BLOCK))
    for name in ("u0", "u1", "u2", "u3", "u4"):
        case.complete(name)
    assert targets(case, "u9") == ["u0", "u1", "u2", "u3", "u4"]
    back(case, "u9", "u3")
    assert case.open == ["u3"]
    assert finish(case) == ["u3", "u4", "u9"]


def test_in_a_loop_round_the_block_other_branches_stay_too(begin):
    flows = "s -> x1 -> p1 -> u1 -> u2 -> p2 -> x2\np1 -> u3 -> u4 -> p2\nx2 -> x1 : =again\nx2 -> e : default"
    case = begin(diagram(flows), again=True)
    for name in ("u1", "u2", "u3", "u4", "u1", "u3"):
        case.complete(name)
    back(case, "u2", "u1")
    assert sorted(case.open) == ["u1", "u4"]
    case.do(lambda run: run.set_variables(run.root_key, {"again": False}, local=False))
    assert len(finish(case)) == 3


def test_out_of_a_sub_process_and_out_of_a_called_case(begin, office):
    office.deploy(diagram("s -> u5 -> u6 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    sub = f'<subProcess id="sub"><startEvent id="s1"/>{user("u2")}{call}</subProcess>'
    case = begin(diagram("s -> u1 -> sub -> e\ns1 -> u2 -> call", sub))
    case.complete("u1").complete("u2").complete("u5")
    assert targets(case, "u6") == ["u1", "u2", "u5"]
    back(case, "u6", "u2")
    assert case.open == ["u2"]
    case.complete("u2")
    back(case, "u5", "u1")
    assert case.open == ["u1"]
    assert finish(case) == ["u1", "u2", "u5", "u6"]


def test_what_was_kept_completes_by_itself_with_the_values_it_had(begin):
    case = begin(diagram("s -> u1 -> u2 -> u3 -> u4 -> e"))
    case.complete("u1", a=1).complete("u2", b=1).complete("u3", c=1)
    kept = {kept_name("p", "u2", []): record(21, values={"b": 5}), kept_name("p", "u3", []): record(31)}
    back(case, "u4", "u1", **kept)
    assert case.complete("u1", a=2).open == ["u4"]
    assert case.variables == {"a": 2, "b": 5, "c": 1}
    assert [(e.element_id, e.task_key, e.completed_by, e.form_key) for e in case.events if isinstance(e, UserTaskKept)] == [
        ("u2", 21, "ann", 7),
        ("u3", 31, "ann", 7),
    ]
    back(case, "u4", "u1")
    assert case.complete("u1").open == ["u2"]


def test_of_several_parallel_opinions_those_that_were_given_are_kept(begin):
    case = begin(
        diagram("s -> u1 -> u2 -> e", user("u2", inside=loop("people", "who", output="votes = vote"))), people=["a", "b", "c"]
    )
    case.complete("u1").complete("u2", vote=1).complete("u2", vote=2)
    kept = {
        kept_name("p", "u2", [1]): record(values={"vote": 1}, item="a"),
        kept_name("p", "u2", [2]): record(values={"vote": 2}, item="b"),
    }
    back(case, "u2", "u1", **kept)
    case.do(lambda run: run.set_variables(run.root_key, {"people": ["a", "x", "c"]}, local=False))
    case.complete("u1")
    assert [case.local("u2", n)["who"] for n in range(2)] == ["x", "c"]
    case.complete("u2", vote=8).complete("u2", vote=9)
    assert case.variables["votes"] == [1, 8, 9]


def test_kept_completions_inside_a_sub_process_that_is_entered_again(begin):
    sub = f'<subProcess id="sub">{loop("[1, 2]", "n")}<startEvent id="s1"/>{user("u2")}{user("u3")}</subProcess>'
    case = begin(diagram("s -> u1 -> sub -> e\ns1 -> u2 -> u3", sub))
    case.complete("u1").complete("u2").complete("u2")
    back(case, "u3", "u1", **{kept_name("p", "u2", [2]): record()})
    assert case.complete("u1").open == ["u2", "u3"]
    assert case.local("u2")["n"] == 1


def test_from_an_event_sub_process_nothing_is_sent_back_into_the_main_flow(begin):
    inner = f'<startEvent id="alarm" isInterrupting="false">{timer("duration", "PT1H")}</startEvent>{user("u7")}{user("u8")}'
    case = begin(
        diagram("s -> u1 -> u2 -> e\nalarm -> u7 -> u8", f'<subProcess id="esp" triggeredByEvent="true">{inner}</subProcess>')
    )
    case.complete("u1").fire("alarm").complete("u7")
    key = case.task("u8").element_key
    assert targets(case, "u8") == ["u7"]
    with pytest.raises(CannotReturn, match="it belongs to esp"):
        case.execution.return_to(key, "u1", "x")
    back(case, "u8", "u7")
    assert sorted(case.open) == ["u2", "u7"]


def test_what_began_by_an_event_of_a_task_that_comes_again_is_withdrawn_with_it(begin):
    tick = f'<boundaryEvent id="tick" attachedToRef="u2" cancelActivity="false">{timer("duration", "PT1H")}</boundaryEvent>'
    case = begin(diagram("s -> u1 -> u2 -> u3 -> e\ntick -> u8 -> e8", user("u2") + tick))
    case.complete("u1").fire("tick").complete("u2")
    back(case, "u3", "u2")
    assert case.open == ["u2"]
    assert "u8" in case.terminated()


def test_inside_a_list_one_goes_back_before_the_list_only(begin):
    case = begin(diagram("s -> u1 -> u2 -> e", user("u2", inside=loop("[1, 2]", "n"))))
    case.complete("u1").complete("u2")
    assert targets(case, "u2") == ["u1"]
    back(case, "u2", "u1")
    assert case.complete("u1").open == ["u2", "u2"]


def test_what_the_case_did_not_come_to_on_the_way_back_is_done_anew_in_a_later_round(begin):
    flows = "s -> x1 -> u1 -> x2\nx2 -> u2 : =long\nx2 -> x3 : default\nu2 -> x3\nx3 -> u3 -> x4\nx4 -> x1 : =again\nx4 -> e : default"
    case = begin(diagram(flows), long=True, again=True).complete("u1").complete("u2")
    back(case, "u3", "u1", **{kept_name("p", "u2", []): record()})
    case.complete("u1", long=False)
    assert case.open == ["u3"]
    case.complete("u3").complete("u1", long=True)
    assert case.open == ["u2"]


HEADER = '<zeebe:taskHeaders><zeebe:header key="return" value="{}"/></zeebe:taskHeaders>'


def test_a_task_whose_diagram_says_so_is_not_sent_back(begin):
    case = begin(diagram("s -> u1 -> u2 -> e", user("u2", extensions=HEADER.format("never")))).complete("u1")
    assert targets(case, "u2") == []
    with pytest.raises(CannotReturn, match="u2 cannot be sent back: its diagram says so"):
        back(case, "u2", "u1")
    assert case.open == ["u2"]


def test_another_word_in_the_return_header_is_refused_at_deployment():
    with pytest.raises(DefinitionInvalid, match="The task header return must be never, not always"):
        parse(diagram("s -> u1 -> e", user("u1", extensions=HEADER.format("always"))), file="a.bpmn", feel=Feel())
