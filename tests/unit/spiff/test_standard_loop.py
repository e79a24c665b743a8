"""The loop marker: again as long as the condition holds."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from tests.unit.spiff.diagrams import diagram, mapping, service, timer, user
from tests.unit.spiff.test_compensation import pair, sub, throw


def again(condition: str = "", attributes: str = "") -> str:
    inside = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return f"<standardLoopCharacteristics{attributes}>{inside}</standardLoopCharacteristics>"


def test_it_is_done_once_and_then_again_while_the_condition_holds(begin):
    case = begin(diagram("s -> u1 -> u2 -> e", user("u1", inside=again("=more"))), more=False)
    assert case.open == ["u1"]
    case.complete("u1", more=True).complete("u1", more=True)
    assert case.open == ["u1"]
    assert case.local("u1")["loopCounter"] == 3
    assert case.complete("u1", more=False).open == ["u2"]
    assert case.variables == {"more": False}


def test_tested_before_it_may_not_be_done_at_all(begin):
    content = diagram("s -> u1 -> u2", user("u1", inside=again("=more", ' testBefore="true"')))
    assert begin(content, more=False).open == ["u2"]
    case = begin(None, "p", more=True)
    assert case.open == ["u1"]
    assert case.complete("u1", more=False).open == ["u2"]


def test_the_maximum_ends_it(begin):
    case = begin(diagram("s -> u1 -> u2", user("u1", inside=again("=true", ' loopMaximum="2"'))))
    case.complete("u1").complete("u1")
    assert case.open == ["u2"]


def test_the_maximum_alone_counts_the_turns(begin, office):
    calls = []
    office.operations["work"] = lambda inputs: calls.append(inputs["loopCounter"]) or {}
    task = service("work", "work").replace("</serviceTask>", again("", ' loopMaximum="3"') + "</serviceTask>")
    case = begin(diagram("s -> work -> u1", task))
    assert (calls, case.open) == ([1, 2, 3], ["u1"])


def test_the_condition_reads_what_the_turn_gave_even_when_it_is_not_mapped_out(begin):
    task = user("u1", inside=again('=verdict = "no"'), extensions=mapping("out: last <- =verdict"))
    case = begin(diagram("s -> u1 -> u2", task))
    case.complete("u1", verdict="no")
    assert case.open == ["u1"]
    assert case.complete("u1", verdict="yes").variables == {"last": "yes"}


def test_sub_processes_loop_too_and_a_boundary_event_ends_all(begin):
    inside = sub("part", again("=more"))
    late = f'<boundaryEvent id="late" attachedToRef="part">{timer("duration", "P1D")}</boundaryEvent>'
    case = begin(diagram("s -> part -> u9\nstart_part -> u1 -> u2\nlate -> u8", inside + late))
    case.complete("u1").complete("u2", more=True).complete("u1")
    assert case.waiting_for() == ["late"]
    assert case.fire("late").open == ["u8"]


def test_a_condition_without_an_answer_is_an_incident_and_the_turn_is_not_repeated(begin):
    case = begin(diagram("s -> u1 -> u2", user("u1", inside=again("=more"))))
    case.complete("u1", value=1)
    assert (case.incident().kind, case.incident().element_id) == ("condition_error", "u1")
    case.do(lambda run: run.set_variables(run.root_key, {"more": False}, local=False))
    assert case.retry("u1").open == ["u2"]


def test_what_a_looped_sub_process_did_in_every_turn_is_undone(begin):
    inside = sub("part", again("=more") + pair("a"))
    case = begin(diagram("s -> part -> undo -> u9\nstart_part -> a", inside + throw("undo")))
    case.complete("a", more=True, mark=1).complete("a", more=False, mark=2)
    assert case.local("undo_a")["loopCounter"] == 2
    case.complete("undo_a")
    assert case.local("undo_a")["loopCounter"] == 1
    assert case.complete("undo_a").open == ["u9"]


def test_ten_thousand_turns_leave_no_trace_in_the_state(office):
    from tests.unit.spiff.office import Case

    office.deploy(diagram("s -> u1 -> u2", user("u1", inside=again("=true", ' loopMaximum="10000"'))))
    case = Case(office, False).start()
    case._check = lambda: None
    sizes = []
    for turn in range(10_000):
        case.complete("u1")
        case.events.clear()
        if turn % 1000 == 0:
            sizes.append(len(case.execution.snapshot()))
    assert case.open == ["u2"]
    assert max(sizes) - min(sizes) < 20


REFUSED = {
    "endless": (again(), "never ends"),
    "no number": (again("", ' loopMaximum="many"'), "whole number above zero"),
    "zero": (again("", ' loopMaximum="0"'), "whole number above zero"),
    "no FEEL": (again("more"), "equals sign"),
    "neither before nor after": (again("=x", ' testBefore="perhaps"'), "testBefore"),
    "two markers": (again("=x") + "<multiInstanceLoopCharacteristics/>", "one marker"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_loops_that_cannot_work_are_refused(office, name):
    inside, sentence = REFUSED[name]
    with pytest.raises(DefinitionInvalid) as found:
        office.deploy(diagram("s -> u1", user("u1", inside=inside)))
    assert any(sentence in problem.message for problem in found.value.problems)
