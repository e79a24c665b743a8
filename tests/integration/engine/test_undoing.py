"""Compensation, cancelled transactions and conditions, kept in the database between all steps."""

from __future__ import annotations

import pytest

from tests.integration.engine.office import OPERATOR, Office
from tests.unit.spiff.diagrams import mapping, service, user
from tests.unit.spiff.test_compensation import by, pair, sub, throw, undone
from tests.unit.spiff.test_conditions import boundary, catch
from tests.unit.spiff.test_transactions import CANCEL, cancelled, deal


@pytest.fixture(params=["live", "forgotten between steps"])
def done(request: pytest.FixtureRequest, office: Office):
    """Complete a task; the second time every case is dropped from memory before."""

    def complete(key: int, element_id: str, **values: object) -> list[str]:
        if request.param != "live":
            office.forget()
        office.complete(key, element_id, **values)
        return office.open(key)

    return complete


def test_what_was_done_is_undone_with_its_own_variables_and_the_history_tells(office: Office, done):
    told: list[dict] = []
    office.operations["pay_back"] = lambda call: told.append(dict(call.inputs)) or {}
    inside = sub("part", user("a") + undone("a", "back") + by(service("back", "pay_back")), extensions=mapping("in: n <- =0"))
    process = office.deploy("s -> c -> part -> undo -> u9 -> e\nstart_part -> a", pair("c") + inside + throw("undo"))
    case = office.start(process, price=5)
    done(case.key, "c")
    assert done(case.key, "a", note="x") == ["undo_c"]
    assert [(row["n"], row["price"]) for row in told] == [(0, 5)]
    assert done(case.key, "undo_c") == ["u9"]
    entries = [e for e in office.engine.history(case.key) if e.kind == "compensation_triggered"]
    assert [(e.element_id, e.data["activity_id"], e.data["handler_id"]) for e in entries] == [
        ("undo", "part", "part"),
        ("part", "a", "back"),
        ("undo", "c", "undo_c"),
    ]
    assert done(case.key, "u9") == []
    assert office.engine.instance(case.key).state == "completed"
    assert not office.engine.verify(case.key).broken


def test_a_cancelled_transaction_leaves_by_its_boundary_event(office: Office, done):
    flows = "s -> deal -> u9\nstart_deal -> a -> off\ngone -> u8 -> e"
    case = office.start(office.deploy(flows, deal(pair("a") + CANCEL) + cancelled()))
    assert done(case.key, "a") == ["undo_a"]
    assert done(case.key, "undo_a") == ["u8"]


def test_variables_changed_by_hand_or_by_a_task_move_conditions(office: Office, done):
    elements = user("u1") + boundary("high", "u1", "=x &gt; 10", interrupting=False) + catch("calm", "=x = 0")
    case = office.start(office.deploy("s -> p1 -> u1 -> e\nhigh -> u2\np1 -> calm -> u3", elements), x=1)
    assert office.open(case.key) == ["u1"]
    office.engine.set_variables(case.key, {"x": 11}, actor=OPERATOR)
    assert office.open(case.key) == ["u1", "u2"]
    assert done(case.key, "u2") == ["u1"]
    office.engine.set_variables(case.key, {"x": 0}, actor=OPERATOR)
    assert office.open(case.key) == ["u1", "u3"]
    met = [e for e in office.engine.history(case.key) if e.kind == "condition_met"]
    assert [(e.element_id, e.data["inputs"]) for e in met] == [("high", {"x": 11}), ("calm", {"x": 0})]
