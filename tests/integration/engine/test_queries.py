"""Lists, filters and pages."""

from __future__ import annotations

import itertools

import pytest

from engine.errors import InvalidInput, NotFound, NotPermitted
from engine.model import Actor
from tests.integration.engine.office import CHIEF, CLERK, OPERATOR, STRANGER, Office
from tests.unit.spiff.diagrams import mapping, user


def test_pages_follow_one_another_without_gap_or_repetition(office: Office):
    process = office.deploy("s -> u1 -> e")
    cases = [office.start(process, business_key=f"page {n}").key for n in range(7)]
    for order in ("key", "-key", "started", "business_key", "-business_key"):
        seen, after = [], None
        for _ in range(4):
            page = office.engine.instances(process_id=process, order=order, limit=3, after=after)
            assert page.total == 7
            seen += [one.key for one in page]
            after = page.after
            if after is None:
                break
        assert sorted(seen) == cases
        assert seen[0] == (cases[-1] if order.startswith("-") else cases[0])


def test_tasks_without_a_due_date_come_after_those_with_one(office: Office):
    due = '<zeebe:taskSchedule dueDate="=if late then now() + duration(&quot;P9D&quot;) else null"/>'
    process = office.deploy("s -> u1 -> e", user("u1", extensions=due))
    without, late = office.start(process, late=False), office.start(process, late=True)
    page = office.engine.tasks(process_id=process, limit=1)
    assert page.items[0].root_key == late.key
    assert page.items[0].due is not None
    assert office.engine.tasks(process_id=process, limit=1, after=page.after).items[0].root_key == without.key


def test_an_unknown_order_or_cursor_is_refused_in_a_sentence(office: Office):
    with pytest.raises(InvalidInput):
        office.engine.tasks(order="colour")
    with pytest.raises(InvalidInput):
        office.engine.tasks(after="nonsense")


def test_the_inbox_is_exactly_what_one_may_work_on(office: Office):
    people = {
        "u1": 'candidateGroups="office"',
        "u2": 'candidateUsers="clerk, chief"',
        "u3": 'assignee="chief"',
        "u4": 'candidateGroups="leaders, elsewhere"',
        "u5": 'assignee="clerk" candidateGroups="office"',
    }
    tasks = "".join(user(name, people=who) for name, who in people.items())
    flows = "s -> p\n" + "\n".join(f"p -> {name} -> e{n}" for n, name in enumerate(people))
    case = office.start(office.deploy(flows, tasks))
    every = office.engine.tasks(root_key=case.key).items
    for actor in (CLERK, CHIEF, STRANGER, Actor("nobody"), OPERATOR):
        mine = {task.element_id for task in office.engine.tasks(root_key=case.key, candidate_of=actor)}
        assert mine == {task.element_id for task in every if actor.may_work_on(task)}, actor
    assert {t.element_id for t in office.engine.tasks(root_key=case.key, visible_to=CHIEF)} == set(people)
    assert len(office.engine.tasks(root_key=case.key, visible_to=OPERATOR)) == 5
    assert {t.element_id for t in office.engine.tasks(root_key=case.key, unassigned=True)} == {"u1", "u2", "u4"}
    assert {t.element_id for t in office.engine.tasks(root_key=case.key, candidate_group="elsewhere")} == {"u4"}


def test_the_counts_above_the_inbox_agree_with_the_list(office: Office):
    actor = Actor("counter", frozenset({"counters"}))
    tasks = user("u1", people='candidateGroups="counters"') + user("u2", people='assignee="counter"')
    process = office.deploy("s -> p\np -> u1 -> e1\np -> u2 -> e2", tasks)
    office.start(process)
    counts = office.engine.task_counts(actor)
    assert (counts.all, counts.mine, counts.late, counts.soon) == (2, 1, 0, 0)
    assert counts.processes == ((process, ""),) or counts.processes[0][0] == process
    assert {step for step, _ in counts.steps} == {"u1", "u2"}
    assert len(office.engine.tasks(candidate_of=actor)) == 2


def test_who_may_not_see_a_task_is_told_so(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    assert office.engine.task(task.key, actor=CLERK) == task
    with pytest.raises(NotPermitted):
        office.engine.task(task.key, actor=STRANGER)
    with pytest.raises(NotFound):
        office.engine.task(1)


def test_a_called_case_has_its_own_elements_and_variables_and_its_root_has_all(office: Office):
    child = office.deploy("s -> u1 -> e")
    call = f'<callActivity id="call"><extensionElements><zeebe:calledElement processId="{child}"/></extensionElements></callActivity>'
    root = office.start(office.deploy("s -> call -> u2 -> e", call), title="road")
    called = office.engine.instances(parent_key=root.key).items[0]
    assert (called.process_id, called.root_key, called.parent_key) == (child, root.key, root.key)
    assert {e.element_id for e in office.engine.elements(called.key)} == {"s", "u1"}
    assert {e.element_id for e in office.engine.elements(root.key)} == {"s", "call", "u1"}
    assert office.task(root.key).instance_key == called.key
    office.complete(root.key, "u1", note="seen")
    assert office.value(root.key, "note") == "seen"
    assert office.engine.instance(called.key).state == "completed"
    assert {v.name for v in office.engine.variables(root.key)} >= {"title", "note"}


def test_a_task_sees_the_nearest_value_of_each_name(office: Office):
    task = user("u1", extensions=mapping("in: price <- =price * 2"))
    case = office.start(office.deploy("s -> u1 -> e", task), price=10, title="road")
    seen = {v.name: v.value for v in office.engine.visible_variables(office.task(case.key).key)}
    assert seen == {"price": 20, "title": "road"}
    assert office.engine.task_form(office.task(case.key).key, actor=CLERK).context == seen


def test_values_come_back_exactly_as_they_went_in(office: Office):
    from decimal import Decimal

    given = {"money": Decimal("50000.00"), "list": [1, {"a": None}], "text": "五万元 \u2028", "yes": True, "big": 2**60}
    case = office.start(office.deploy("s -> u1 -> e"), **given)
    office.forget()
    stored = {v.name: v.value for v in office.engine.variables(case.key)}
    assert stored == given
    assert str(stored["money"]) == "50000.00"


def test_a_case_with_an_incident_is_found_by_it(office: Office):
    office.operations["broken"] = lambda _: 1 / 0
    service = '<serviceTask id="w"><extensionElements><zeebe:taskDefinition type="broken"/></extensionElements></serviceTask>'
    process = office.deploy("s -> w -> e", service)
    bad = office.start(process)
    good = office.start(office.deploy("s -> u1 -> e"))
    found = {i.key for i in office.engine.instances(has_incident=True, limit=None)}
    assert bad.key in found
    assert good.key not in found
    assert [e.element_id for e in office.engine.elements(bad.key, has_incident=True)] == ["w"]
    active = {i.key for i in office.engine.instances(state="active", limit=None)}
    assert {bad.key, good.key} <= active


def test_variables_are_changed_by_hand_only_by_operators_and_the_history_says_so(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"), price=10)
    with pytest.raises(NotPermitted):
        office.engine.set_variables(case.key, {"price": 11}, actor=CLERK)
    office.engine.set_variables(case.key, {"price": 11}, actor=OPERATOR)
    office.engine.set_variables(office.task(case.key).key, {"price": 12}, actor=OPERATOR, local=True)
    assert office.value(case.key, "price") == 11
    assert {v.value for v in office.engine.visible_variables(office.task(case.key).key) if v.name == "price"} == {12}
    changed = office.engine.history(case.key, kinds=("variables_set",))
    assert [(e.actor, e.data["variables"]) for e in changed] == [("operator", {"price": 11}), ("operator", {"price": 12})]
    with pytest.raises(NotFound):
        office.engine.set_variables(3, {"price": 1}, actor=OPERATOR)


def test_the_hundredth_task_of_a_loop_is_found_like_the_first(office: Office):
    case = office.start(office.deploy("s -> x -> u1 -> x2\nx2 -> x : =again\nx2 -> e : default"), again=True)
    sizes = []
    for number in itertools.count(1):
        office.complete(case.key, note="n")
        if number in {10, 100}:
            with office.engine.database.unit_of_work() as uow:
                statement = "select length(snapshot) from instance_state where root_key = %s"
                sizes.append(uow.driver.execute(statement, (case.key,)).fetchone()[0])
        if number == 100:
            break
    assert sizes[1] <= sizes[0] + 16
