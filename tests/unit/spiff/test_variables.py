"""Who sees which variable, and where results go."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from engine.events import VariableWritten
from tests.unit.spiff.diagrams import diagram, ext, loop, mapping, script, service, user


def call(extensions="", attributes=""):
    return (
        f'<callActivity id="call">{ext(f"""<zeebe:calledElement processId="child"{attributes}/>""" + extensions)}</callActivity>'
    )


def test_input_mappings_make_local_variables_in_drawn_order(begin):
    task = user("u1", extensions=mapping("in: a <- =x + 1", "in: b <- =a * 10", "in: word <- plain"))
    case = begin(diagram("s -> u1 -> u2", task), x=1)
    assert case.local("u1") == {"x": 1, "a": 2, "b": 20, "word": "plain"}
    assert case.complete("u1").local("u2") == {"x": 1}


def test_a_dotted_target_sets_one_part_of_an_object(begin):
    task = user("u1", extensions=mapping("out: contract.amount <- =amount", "out: contract.party.name <- =name"))
    case = begin(diagram("s -> u1 -> u2", task), contract={"number": 7})
    before = case.variables["contract"]
    case.complete("u1", amount=5, name="x")
    assert case.variables["contract"] == {"number": 7, "amount": 5, "party": {"name": "x"}}
    assert before == {"number": 7}


def test_output_mappings_keep_everything_else_inside(begin):
    case = begin(diagram("s -> u1 -> u2", user("u1", extensions=mapping("out: total <- =a + b"))))
    case.complete("u1", a=1, b=2)
    assert case.variables == {"total": 3}


def test_a_result_without_mappings_goes_to_the_nearest_scope_that_has_the_name(begin):
    sub = f'<subProcess id="sub">{ext(mapping("in: n <- =0", "out: kept <- =n"))}<startEvent id="s2"/></subProcess>'
    case = begin(diagram("s -> sub -> u9\ns2 -> u2", sub))
    case.complete("u2", n=5, m=6)
    assert case.variables == {"m": 6, "kept": 5}


def test_locals_of_a_sub_process_end_with_it(begin):
    sub = f'<subProcess id="sub">{ext(mapping("in: n <- =1"))}<startEvent id="s2"/></subProcess>'
    case = begin(diagram("s -> sub -> u9\ns2 -> u2", sub))
    assert case.local("u2") == {"n": 1}
    assert case.complete("u2").local("u9") == {}


def test_called_instances_get_copies_and_give_everything_back(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    case = begin(diagram("s -> call -> u2", call()), n=1)
    case.complete("u1", n=2, m=3)
    assert case.open == ["u2"]
    assert case.variables == {"n": 2, "m": 3}
    child = case.instances()[1]
    root = case.instances()[0]
    assert (child.process_id, child.parent_instance_key) == ("child", root.instance_key)


def test_a_call_activity_may_keep_both_sides_apart(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    attributes = ' propagateAllChildVariables="false" propagateAllParentVariables="false"'
    case = begin(diagram("s -> call -> u2", call(mapping("in: given <- =n"), attributes)), n=1)
    assert case.local("u1") == {"given": 1}
    assert case.complete("u1", n=2, m=3).variables == {"n": 1}


def test_output_mappings_of_a_call_activity_read_the_childs_variables(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    case = begin(diagram("s -> call -> u2", call(mapping("out: result <- =m"))), n=1)
    assert case.complete("u1", n=2, m=3).variables == {"n": 1, "result": 3}


def test_errors_of_a_called_instance_reach_the_boundary_of_the_call(begin, office):
    bad = '<endEvent id="bad"><errorEventDefinition errorRef="err"/></endEvent>'
    office.deploy(diagram("s -> u1 -> bad", bad, process_id="child", roots='<error id="err" errorCode="BAD"/>'))
    boundary = '<boundaryEvent id="oops" attachedToRef="call"><errorEventDefinition/></boundaryEvent>'
    case = begin(diagram("s -> call -> u2\noops -> u3", call() + boundary))
    assert case.complete("u1").open == ["u3"]
    assert [outcome for _, outcome in case.outcomes()] == ["terminated"]


def test_an_unknown_process_is_an_incident_until_it_is_deployed(begin, office):
    case = begin(diagram("s -> call -> u2", call()))
    assert case.incident().kind == "called_element_error"
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    assert case.retry("call").open == ["u1"]


def test_a_process_that_calls_itself_for_ever_is_stopped(begin):
    case = begin(diagram("s -> call", call().replace("child", "p")))
    assert case.incident().kind == "called_element_error"
    assert len(case.instances()) == 51


def test_a_called_process_may_be_chosen_by_feel_and_bound_to_a_version(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    attributes = ' bindingType="versionTag" versionTag="v2"'
    case = begin(diagram("s -> call", call(attributes=attributes).replace('"child"', '"=which"')), which="child")
    assert case.open == ["u1"]
    assert (office.bindings[0].kind, office.bindings[0].version_tag) == ("versionTag", "v2")


def test_values_are_copied_at_the_border(begin):
    given = {"list": [1]}
    case = begin(diagram("s -> u1 -> u2"), data=given)
    given["list"].append(2)
    seen = case.execution.variables(case.task("u1").element_key)
    seen["data"]["list"].append(3)
    assert case.execution.scope_variables()[case.execution.root_key] == {"data": {"list": [1]}}


def test_an_operation_cannot_change_variables_in_place(begin, office):
    def work(inputs):
        inputs["data"].append(9)
        return {}

    office.operations["work"] = work
    case = begin(diagram("s -> work -> u1", service("work", "work")), data=[1])
    assert case.variables["data"] == [1]


def test_decimals_stay_exact_and_whole_ones_become_integers(begin):
    case = begin(diagram("s -> u1 -> u2"), price=Decimal("0.10"))
    case.complete("u1", a=Decimal("3.00"), b=Decimal(4), c=0.1)
    assert case.variables == {"price": Decimal("0.10"), "a": Decimal("3.00"), "b": 4, "c": Decimal("0.1")}
    assert str(case.variables["a"]) == "3.00"


def test_dates_become_iso_text(begin):
    case = begin(diagram("s -> u1 -> u2"), day=dt.date(2026, 3, 2))
    assert case.variables["day"] == "2026-03-02"


def test_feel_dates_written_by_a_script_become_iso_text(begin):
    case = begin(diagram("s -> calc -> u1", script("calc", "date(&quot;2026-03-02&quot;) + duration(&quot;P1D&quot;)", "day")))
    assert case.variables["day"] == "2026-03-03"


def test_set_variables_may_be_local_or_go_to_the_owner(begin):
    task = user("u1", extensions=mapping("in: a <- =1"))
    case = begin(diagram("s -> u1 -> u2", task), b=1)
    key = case.task("u1").element_key
    case.do(lambda run: run.set_variables(key, {"a": 2, "b": 3, "c": 4}, local=False))
    assert case.variables == {"b": 3, "c": 4}
    assert case.local("u1")["a"] == 2
    case.do(lambda run: run.set_variables(key, {"b": 9}, local=True))
    assert case.variables["b"] == 3
    assert case.local("u1")["b"] == 9


def test_two_branches_never_overwrite_each_others_different_variables(begin):
    flows = "s -> p1 -> a -> u1\np1 -> b -> u2"
    case = begin(diagram(flows, script("a", "x + 1", "left") + script("b", "x + 2", "right")), x=1, left=0, right=0)
    assert case.variables == {"x": 1, "left": 2, "right": 3}


def test_every_write_names_its_owner_and_its_writer(begin):
    case = begin(diagram("s -> u1 -> u2", user("u1", inside=loop("[7]", "item"))))
    writes = [
        (e.element_id, e.scope_key == e.element_key, e.name, e.value) for e in case.events if isinstance(e, VariableWritten)
    ]
    assert writes == [("u1", True, "loopCounter", 1), ("u1", True, "item", 7)]
    case.complete("u1", done=True)
    last = case.events[[isinstance(e, VariableWritten) and e.name == "done" for e in case.events].index(True)]
    assert (last.element_id, last.scope_key) == ("u1", case.execution.root_key)
