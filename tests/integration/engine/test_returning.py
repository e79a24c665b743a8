"""Tasks sent back: where to, what stays valid, and what the history says of it."""

from __future__ import annotations

import pytest

from engine.errors import InvalidInput, NotPermitted
from engine.spiff import CannotReturn
from tests.integration.engine.office import CHIEF, CLERK, OPERATOR, STRANGER, Office, form
from tests.unit.spiff.diagrams import ext, loop, user


def targets(office: Office, key: int, element_id: str, actor=CLERK):
    return office.engine.return_targets(office.task(key, element_id).key, actor=actor)


def back(office: Office, key: int, element_id: str, target: str, keep=(), actor=CLERK):
    return office.engine.return_task(office.task(key, element_id).key, target, "look again", keep=keep, actor=actor)


def test_the_targets_name_who_did_what_when_and_what_lies_between(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> u3 -> u4 -> e"))
    for name, actor in (("u1", CLERK), ("u2", CHIEF), ("u3", CLERK)):
        office.clock.move(hours=1)
        office.complete(case.key, name, actor)
    found = targets(office, case.key, "u4")
    assert [(one.element_id, one.completed_by, one.completed_at.hour) for one in found] == [
        ("u3", "clerk", 12),
        ("u2", "chief", 11),
        ("u1", "clerk", 10),
    ]
    assert [one.between for one in found] == [(), (("u3", "u3", "clerk"),), (("u2", "u2", "chief"), ("u3", "u3", "clerk"))]
    with pytest.raises(NotPermitted):
        targets(office, case.key, "u4", STRANGER)
    assert targets(office, case.key, "u4", OPERATOR) == found


def test_straight_back_to_me_keeps_every_step_between_as_it_was_signed(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> u3 -> u4 -> e"))
    office.complete(case.key, "u1", note="first")
    signed = office.task(case.key, "u2")
    office.complete(case.key, "u2", CHIEF, note="agreed")
    office.complete(case.key, "u3", note="third")
    office.put(form("u2", {"type": "number", "id": "n", "key": "n", "label": "N", "validate": {"required": True}}))
    (u1,) = [one for one in targets(office, case.key, "u4") if one.element_id == "u1"]
    back(office, case.key, "u4", "u1", keep=[step.element_id for step in u1.between])
    office.forget()
    assert office.open(case.key) == ["u1"]
    result = office.complete(case.key, "u1", note="mended")
    assert [task.element_id for task in result.open_tasks] == ["u4"]
    assert office.value(case.key, "note") == "third"
    kept = office.engine.history(case.key, kinds=("user_task_kept",))
    assert [entry.element_id for entry in kept] == ["u2", "u3"]
    data = kept[0].data
    assert (data["task_key"], data["completed_by"], data["form_key"], data["values"]) == (
        signed.key,
        "chief",
        signed.form_key,
        {"note": "agreed"},
    )
    (returned,) = office.engine.history(case.key, kinds=("user_task_returned",))
    assert (returned.data["target"], returned.data["reason"], returned.data["kept"]) == ("u1", "look again", ["u2", "u3"])
    assert office.engine.verify(case.key).sound


def test_only_the_approvals_that_are_not_affected_are_kept(office: Office):
    case = office.start(office.deploy("s -> u0 -> p1 -> u1 -> p2 -> u9 -> e\np1 -> u2 -> p2"))
    for name in ("u0", "u1", "u2"):
        office.complete(case.key, name, note=name)
    back(office, case.key, "u9", "u0", keep=["u2"])
    office.complete(case.key, "u0")
    assert office.open(case.key) == ["u1"]
    office.complete(case.key, "u1")
    assert office.open(case.key) == ["u9"]
    again = targets(office, case.key, "u9")
    assert {one.element_id for one in again} == {"u0", "u1", "u2"}


def test_in_a_parallel_block_the_other_branch_is_not_touched(office: Office):
    case = office.start(office.deploy("s -> p1 -> u1 -> u2 -> p2 -> e\np1 -> u3 -> u4 -> p2"))
    for name in ("u1", "u3", "u4"):
        office.complete(case.key, name)
    assert [one.element_id for one in targets(office, case.key, "u2")] == ["u1"]
    back(office, case.key, "u2", "u1")
    assert office.complete(case.key, "u1").open_tasks[0].element_id == "u2"
    assert office.complete(case.key, "u2").state == "completed"


def test_opinions_of_a_list_and_steps_of_a_called_case_are_kept_too(office: Office):
    child = office.deploy("s -> u5 -> u6 -> e")
    call = f'<callActivity id="call">{ext(f"""<zeebe:calledElement processId="{child}"/>""")}</callActivity>'
    votes = user("u2", inside=loop('["a","b"]', "who", output="votes = note").replace('"a","b"', "&quot;a&quot;,&quot;b&quot;"))
    case = office.start(office.deploy("s -> u1 -> u2 -> call -> e", votes + call))
    office.complete(case.key, "u1")
    office.complete(case.key, "u2", CHIEF, note="yes")
    office.complete(case.key, "u2", CLERK, note="no")
    office.complete(case.key, "u5", note="five")
    (first,) = [one for one in targets(office, case.key, "u6") if one.element_id == "u1"]
    assert first.between == (("u2", "u2", "chief, clerk"), ("u5", "u5", "clerk"))
    back(office, case.key, "u6", "u1", keep=["u2", "u5"])
    office.forget()
    office.complete(case.key, "u1")
    assert office.open(case.key) == ["u6"]
    assert office.value(case.key, "votes") == ["yes", "no"]
    assert len(office.engine.history(case.key, kinds=("user_task_kept",))) == 3


def test_what_is_kept_must_have_been_done_between(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> u3 -> e"))
    office.complete(case.key, "u1")
    with pytest.raises(InvalidInput) as refused:
        back(office, case.key, "u2", "u1", keep=["u3"])
    assert str(refused.value.fields[0]).startswith("u3 was not completed between u1 and here")
    with pytest.raises(CannotReturn, match="has not been completed"):
        back(office, case.key, "u2", "u3")
    assert office.open(case.key) == ["u2"]
    assert office.complete(case.key, "u2").open_tasks[0].element_id == "u3"


def test_after_a_round_of_a_loop_only_what_was_done_since_is_offered(office: Office):
    flows = "s -> x1 -> u1 -> u2 -> u3 -> x2\nx2 -> x1 : =again\nx2 -> e : default"
    case = office.start(office.deploy(flows), again=True)
    for name in ("u1", "u2", "u3", "u1", "u2"):
        office.complete(case.key, name)
    found = {one.element_id: [step.element_id for step in one.between] for one in targets(office, case.key, "u3")}
    assert found == {"u2": [], "u1": ["u2"], "u3": ["u1", "u2"]}


def test_a_closed_task_has_no_targets(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    task = office.task(case.key)
    office.complete(case.key, "u1")
    assert office.engine.return_targets(task.key, actor=CLERK) == ()
