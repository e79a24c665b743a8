"""States stored by every earlier format can still be loaded and driven to their end."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import pytest

from engine.spiff import Execution

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("number", [1])
def test_a_state_of_each_format_goes_on(office, number):
    """It holds a called instance in multi-instance, a join that misses flows, an incident, a repeating timer and a message."""
    office.deploy((DATA / "parent.bpmn").read_bytes())
    office.deploy((DATA / "child.bpmn").read_bytes())
    office.keys = itertools.count(9000)
    case = Execution.load(office, (DATA / f"format_{number}.snapshot").read_bytes())
    places = {element: key for key, element, _ in case.waiting_tokens()}
    assert set(places) == {"u5", "u6", "p2", "x1", "vote"}
    assert case.variables(case.root_key)["amount"] == Decimal("10.50")
    case.set_variables(case.root_key, {"broken": True}, local=False)
    case.retry(places["x1"])
    for element in ("vote", "u5", "u6"):
        case.complete_user_task(places[element], {"vote": "no"})
    assert case.state == "completed"


def test_a_state_in_the_midst_of_undoing_goes_on(office):
    """Of format 1 with the fields that came later: a cancelled transaction, remembered work, conditions, a loop, an ad-hoc list."""
    office.deploy((DATA / "undoing.bpmn").read_bytes())
    office.keys = itertools.count(9000)
    case = Execution.load(office, (DATA / "format_1_undoing.snapshot").read_bytes())
    places = {element: key for key, element, _ in case.waiting_tokens()}
    assert set(places) == {"undo_b", "off", "turn", "u1", "z", "calm", "p2"}
    assert case.variables(places["undo_b"])["n"] == 7
    case.complete_user_task(places["undo_b"], {})
    undo_a = next(key for key, element, _ in case.waiting_tokens() if element == "undo_a")
    case.complete_user_task(undo_a, {})
    case.complete_user_task(places["u1"], {})
    case.set_variables(case.root_key, {"x": 12}, local=False)  # the condition was true already
    assert "u1" not in {element for _, element, _ in case.waiting_tokens()}
    case.set_variables(case.root_key, {"x": -1}, local=False)
    case.complete_user_task(places["turn"], {"more": False})
    case.complete_user_task(places["z"], {"done": ["y", "z"]})
    (undo_c,) = (key for key, element, _ in case.waiting_tokens() if element == "undo_c")
    case.complete_user_task(undo_c, {})
    assert case.state == "completed"
