"""Ad-hoc sub-processes: a list says what begins, a condition when it is enough."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from tests.unit.spiff.diagrams import diagram, ext, loop, message, user
from tests.unit.spiff.test_compensation import pair, throw

ROOTS = message("stop")


def ad_hoc(inside: str, wanted: str = "=wanted", condition: str = "", attributes: str = "") -> str:
    enough = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    return (
        f'<adHocSubProcess id="free"{attributes}>'
        + ext(f'<zeebe:adHoc activeElementsCollection="{wanted}"/>')
        + inside
        + enough
        + "</adHocSubProcess>"
    )


TASKS = user("a") + user("b") + user("c")


def test_what_the_list_names_begins_and_the_end_of_all_ends_it(begin):
    case = begin(diagram("s -> free -> u9", ad_hoc(TASKS)), wanted=["a", "c"])
    assert case.open == ["a", "c"]
    case.complete("c")
    assert case.open == ["a"]
    assert case.complete("a", x=1).open == ["u9"]
    assert case.variables == {"wanted": ["a", "c"], "x": 1}


def test_one_activity_may_be_named_twice(begin):
    case = begin(diagram("s -> free -> u9", ad_hoc(TASKS)), wanted=["a", "a"])
    assert case.open == ["a", "a"]


def test_flows_inside_are_followed(begin):
    case = begin(diagram("s -> free -> u9\na -> c -> u2", ad_hoc(TASKS)), wanted=["a", "b"])
    case.complete("a")
    assert case.open == ["b", "c"]
    case.complete("c").complete("b")
    assert case.open == ["u2"]
    assert case.complete("u2").open == ["u9"]


def test_an_empty_list_means_nothing_to_do(begin):
    assert begin(diagram("s -> free -> u9", ad_hoc(TASKS)), wanted=[]).open == ["u9"]


def test_when_it_is_enough_the_rest_ends(begin):
    case = begin(diagram("s -> free -> u9", ad_hoc(TASKS, condition="=ok")), wanted=["a", "b", "c"], ok=False)
    assert case.complete("a").open == ["b", "c"]
    assert case.complete("b", ok=True).open == ["u9"]
    assert case.terminated() == ["c"]


def test_or_the_rest_is_waited_for(begin):
    content = diagram("s -> free -> u9", ad_hoc(TASKS, condition="=ok", attributes=' cancelRemainingInstances="false"'))
    case = begin(content, wanted=["a", "b"], ok=False)
    assert case.complete("a", ok=True).open == ["b"]
    assert case.complete("b", ok=False).open == ["u9"]


def test_nothing_left_and_not_enough_is_an_incident_that_can_be_mended(begin):
    case = begin(diagram("s -> free -> u9", ad_hoc(TASKS, condition="=ok")), wanted=["a"], ok=False)
    case.complete("a")
    assert (case.incident().kind, case.incident().element_id) == ("ad_hoc_error", "free")
    case.do(lambda run: run.set_variables(run.root_key, {"ok": True}, local=False))
    assert case.retry("free").open == ["u9"]


@pytest.mark.parametrize("wanted", [["zzz"], "a", [1], None])
def test_a_list_that_names_nothing_inside_is_an_incident(begin, wanted):
    case = begin(diagram("s -> free -> u9", ad_hoc(TASKS)), wanted=wanted)
    assert (case.incident().kind, case.open) == ("ad_hoc_error", [])
    case.do(lambda run: run.set_variables(run.root_key, {"wanted": ["b"]}, local=False))
    assert case.retry("free").open == ["b"]


def test_events_inside_and_outside_interrupt_it(begin):
    start = '<startEvent id="s2"><messageEventDefinition messageRef="m_stop"/></startEvent>'
    own = f'<subProcess id="own" triggeredByEvent="true">{start}</subProcess>'
    case = begin(
        diagram("s -> free -> u9\ns2 -> u2", ad_hoc(TASKS + own, condition="=ok"), roots=ROOTS), wanted=["a"], ok=False, key="k"
    )
    case.message("stop")
    assert case.open == ["u2"]
    assert case.complete("u2").open == ["u9"]


def test_it_may_be_multi_instance_and_undone(begin):
    inside = ad_hoc(pair("a"), wanted="=['a']".replace("'", "&quot;")).replace("<userTask", loop("[1, 2]", "n") + "<userTask", 1)
    case = begin(diagram("s -> free -> undo -> u9", inside + throw("undo")))
    case.complete("a").complete("a")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").complete("undo_a").open == ["u9"]


REFUSED = {
    "no list": ('<adHocSubProcess id="free"><task id="t1"/></adHocSubProcess>', "does not say what begins"),
    "list is no FEEL": (ad_hoc(TASKS, wanted="a, b"), "equals sign"),
    "empty": (ad_hoc(""), "is empty"),
    "start event": (ad_hoc(TASKS + '<startEvent id="s2"/>'), "neither start nor end"),
    "end event": (ad_hoc(TASKS + '<endEvent id="e2"/>'), "neither start nor end"),
    "sequential": (ad_hoc(TASKS, attributes=' ordering="Sequential"'), "Sequential is not supported"),
    "gathers": (ad_hoc(TASKS).replace("<zeebe:adHoc ", '<zeebe:adHoc outputCollection="x" '), "gathers no list"),
    "job": (
        ad_hoc(TASKS).replace("<zeebe:adHoc ", '<zeebe:taskDefinition type="x"/><zeebe:adHoc '),
        "no meaning on adHocSubProcess",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_ad_hoc_sub_processes_that_cannot_work_are_refused(office, name):
    elements, sentence = REFUSED[name]
    with pytest.raises(DefinitionInvalid) as found:
        office.deploy(diagram("s -> free", elements))
    assert any(sentence in problem.message for problem in found.value.problems)
