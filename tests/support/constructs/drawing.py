"""Short ways to draw and drive a construct."""

from __future__ import annotations

from typing import Any

from tests.support.constructs import Construct, Drive, Stage
from tests.unit.spiff.diagrams import diagram, message
from tests.unit.spiff.office import Case

ROOTS = (
    message("news")
    + '<signal id="sig" name="bell"/><error id="err" name="bad" errorCode="BAD"/><escalation id="esc" name="up" escalationCode="UP"/>'
)


def construct(
    group: str, name: str, flows: str, elements: str = "", drive: Drive | None = None, *, roots: str = "", told: str = ""
) -> Construct:
    return Construct(group, name, diagram(flows, elements, roots=ROOTS + roots), drive, told=told)


def opens(*open_tasks: str, **variables: Any) -> Drive:
    """The process is started and stands at these user tasks."""

    def drive(stage: Stage) -> None:
        case = stage.start(**variables)
        assert sorted(case.open) == sorted(open_tasks), case.open
        finish(case)

    return drive


def finish(case: Case) -> None:
    """Complete whatever is open; nothing may be left behind."""
    for _ in range(50):
        if case.state != "active":
            return
        assert not case.incidents, case.incidents
        assert case.open, f"active, but nobody can do anything: {case.waiting_for()}"
        case.complete(case.open[0])
    raise AssertionError("it never ends")
