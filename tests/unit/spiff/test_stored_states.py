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
