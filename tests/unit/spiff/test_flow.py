"""Tasks, gateways and flows."""

from __future__ import annotations

from tests.unit.spiff.diagrams import diagram, mapping, script, service, user


def test_a_user_task_waits_and_its_values_reach_the_instance(begin):
    case = begin(diagram("s -> u1 -> u2 -> e"), amount=5)
    assert case.open == ["u1"]
    case.complete("u1", result="ok")
    assert case.open == ["u2"]
    assert case.variables == {"amount": 5, "result": "ok"}
    case.complete("u2")
    assert case.state == "completed"
    assert case.completed() == ["s", "u1", "u2", "e"]


def test_an_exclusive_gateway_takes_the_first_true_condition_in_drawn_order(begin):
    flows = """s -> x
    x -> u1 : =amount > 10
    x -> u2 : =amount > 5
    x -> u3 : default"""
    case = begin(diagram(flows), amount=20)
    assert case.open == ["u1"]
    (seen,) = case.conditions()
    assert seen.conditions == ({"flow": "x_u1", "expression": "amount > 10", "inputs": {"amount": 20}, "result": True},)
    assert seen.taken == ("x_u1",)


def test_an_exclusive_gateway_takes_the_default_when_nothing_is_true(begin):
    case = begin(diagram("s -> x\nx -> u1 : =amount > 10\nx -> u3 : default"), amount=1)
    assert case.open == ["u3"]


def test_no_true_condition_and_no_default_is_an_incident_that_can_be_retried(begin):
    case = begin(diagram("s -> x\nx -> u1 : =amount > 10\nx -> u2 : =amount < 5"), amount=7)
    assert case.incident().kind == "condition_error"
    case.do(lambda run: run.set_variables(run.root_key, {"amount": 3}, local=False))
    case.retry("x")
    assert case.open == ["u2"]
    assert not case.incidents


def test_a_condition_on_a_missing_variable_is_an_incident_and_other_tokens_go_on(begin):
    flows = """s -> p1 -> x
    p1 -> t1 -> u2
    x -> u1 : =missing > 10
    x -> e : default"""
    case = begin(diagram(flows))
    assert case.incident().element_id == "x"
    assert case.open == ["u2"]


def test_parallel_branches_join_once_and_keep_each_others_data(begin):
    flows = "s -> p1 -> u1 -> p2 -> u3 -> e\np1 -> u2 -> p2"
    case = begin(diagram(flows), n=0)
    case.complete("u1", n=1, a="left")
    case.complete("u2", b="right")
    assert case.open == ["u3"]
    assert case.variables == {"n": 1, "a": "left", "b": "right"}
    case.complete("u3")
    assert case.state == "completed"


def test_an_inclusive_gateway_waits_for_the_branches_it_took(begin):
    flows = """s -> o1
    o1 -> u1 : =a
    o1 -> u2 : =b
    o1 -> u3 : default
    u1 -> o2 -> u9 -> e
    u2 -> o2
    u3 -> o2"""
    case = begin(diagram(flows), a=True, b=True)
    assert case.open == ["u1", "u2"]
    case.complete("u1")
    assert case.open == ["u2"]
    case.complete("u2")
    assert case.open == ["u9"]
    alone = begin(None, "p", a=False, b=False)
    assert alone.open == ["u3"]
    assert alone.complete("u3").open == ["u9"]


def test_an_inclusive_join_waits_for_what_comes_over_a_link(begin):
    link = '<linkEventDefinition name="A"/>'
    elements = f'<intermediateThrowEvent id="away">{link}</intermediateThrowEvent><intermediateCatchEvent id="here">{link}</intermediateCatchEvent>'
    flows = "s -> o1\no1 -> u1 : =true\no1 -> u2 : =true\nu1 -> o2\nu2 -> away\nhere -> o2 -> u9"
    case = begin(diagram(flows, elements))
    assert case.complete("u1").open == ["u2"]
    assert case.complete("u2").open == ["u9"]


def test_a_script_gives_its_result_to_the_nearest_scope_that_has_the_name(begin):
    case = begin(diagram("s -> calc -> u1", script("calc", "n + 1", "n")), n=1)
    assert case.variables == {"n": 2}


def test_an_operation_runs_inside_the_step_and_its_output_is_mapped(begin, office):
    office.operations["add"] = lambda inputs: {"sum": inputs["a"] + inputs["b"]}
    task = service("add", "add", mapping("in: a <- =x", "in: b <- =2", "out: total <- =sum"))
    case = begin(diagram("s -> add -> u1", task), x=40)
    assert case.variables == {"x": 40, "total": 42}


def test_a_service_task_without_operation_becomes_a_job(begin):
    case = begin(diagram("s -> job -> u1", service("job", "mail.send")), x=1)
    assert case.jobs and not case.open
    case.complete_job("job", sent=True)
    assert case.open == ["u1"]
    assert case.variables["sent"] is True


def test_ten_thousand_turns_of_a_loop_run_and_the_state_stays_small(begin):
    case = begin(diagram("s -> x1 -> u1 -> x2\nx2 -> x1 : =again\nx2 -> e : default"))
    case.events.clear()
    sizes = []
    for _ in range(300 if case.stored else 10_000):
        case.complete("u1", again=True)
        sizes.append(len(case.execution.snapshot()))
        del case.events[:-1]
        case._check = lambda: None
    assert max(sizes) - min(sizes) < 20
    assert case.complete("u1", again=False).state == "completed"


def test_several_flows_out_of_a_task_start_parallel_branches(begin):
    case = begin(diagram("s -> t1 -> u1\nt1 -> u2"))
    assert case.open == ["u1", "u2"]
    case.complete("u1").complete("u2")
    assert case.state == "completed"


def test_user_task_fields_are_literal_or_feel(begin, office):
    fields = '<zeebe:taskSchedule dueDate="2026-03-09" followUpDate="=when"/><zeebe:priorityDefinition priority="=60"/>'
    people = 'assignee="=who" candidateGroups="finance, office" candidateUsers="=people"'
    case = begin(
        diagram("s -> u1", user("u1", people=people, extensions=fields)), who="li", people=["a", "b"], when="2026-03-05T08:00:00"
    )
    task = case.task("u1")
    assert (task.assignee, task.candidate_groups, task.candidate_users) == ("li", ("finance", "office"), ("a", "b"))
    assert task.due.isoformat() == "2026-03-09T00:00:00+08:00"
    assert task.follow_up.isoformat() == "2026-03-05T08:00:00+08:00"
    assert (task.priority, task.form_id, task.form_key) == (60, "u1", 7)
