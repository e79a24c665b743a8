"""What a test says about an engine: deploy this, start that, do the task called so."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Mapping
from typing import Any

from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Actor, CommandResult, Deployment, ProcessInstance, Resource, UserTask
from tests.unit.spiff.diagrams import diagram

CLERK = Actor("clerk", frozenset({"office"}))
CHIEF = Actor("chief", frozenset({"office", "leaders"}))
STRANGER = Actor("stranger", frozenset({"elsewhere"}))
OPERATOR = Actor("operator", frozenset({"operator"}))
DESIGNER = Actor("designer", frozenset({"designer"}))

_numbers = itertools.count(1)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, start: dt.datetime) -> None:
        self.moment = start

    def now(self) -> dt.datetime:
        return self.moment

    def move(self, **by: int) -> None:
        self.moment += dt.timedelta(**by)


def form(form_id: str, *components: Mapping[str, Any]) -> Resource:
    """A form with the given components; a text field ``note`` when there are none."""
    given = list(components) or [{"type": "textfield", "id": "f", "key": "note", "label": "Note"}]
    content = {"type": "default", "schemaVersion": 19, "id": form_id, "components": given}
    return Resource(f"{form_id}.form", json.dumps(content).encode())


class Office:
    """One engine and its operations; ``forget`` drops every case from memory."""

    def __init__(self, database: Database, clock: HandClock) -> None:
        self.clock = clock
        self.operations: dict[str, Any] = {}
        self.effects: dict[str, Any] = {}
        self.engine = ProcessEngine(database, clock=clock, operations=self.operations, effects=self.effects)

    def deploy(self, flows: str, elements: str = "", *more: Resource, roots: str = "", process_id: str = "") -> str:
        """A process of its own id; every user task gets a form that takes a note. Returns the process id."""
        process_id = process_id or f"process_{next(_numbers)}"
        content = diagram(flows, elements, process_id=process_id, roots=roots)
        given = {one.name.removesuffix(".form") for one in more}
        names = {name for name in _user_tasks(content) if name not in given}
        self.put(Resource(f"{process_id}.bpmn", content), *(form(name) for name in sorted(names)), *more)
        return process_id

    def put(self, *resources: Resource) -> Deployment:
        return self.engine.deploy(resources, actor=DESIGNER)

    def start(self, process_id: str, actor: Actor = CLERK, *, business_key: str = "", **variables: Any) -> ProcessInstance:
        return self.engine.start_process(process_id, variables, actor=actor, business_key=business_key)

    def task(self, root_key: int, element_id: str | None = None) -> UserTask:
        """The open task of that name; the only one without a name."""
        found = [t for t in self.engine.tasks(root_key=root_key) if element_id in (None, t.element_id)]
        assert found, f"no open task {element_id}: {[t.element_id for t in self.engine.tasks(root_key=root_key)]}"
        return found[0]

    def complete(self, root_key: int, element_id: str | None = None, actor: Actor = CLERK, **values: Any) -> CommandResult:
        return self.engine.complete_task(self.task(root_key, element_id).key, values, actor=actor)

    def open(self, root_key: int) -> list[str]:
        return sorted(task.element_id for task in self.engine.tasks(root_key=root_key))

    def value(self, root_key: int, name: str) -> Any:
        found = [v.value for v in self.engine.variables(root_key, name=name, scope_key=root_key)]
        return found[0] if found else None

    def kinds(self, root_key: int) -> list[str]:
        return [entry.kind for entry in self.engine.history(root_key)]

    def forget(self) -> None:
        self.engine._workshop.cases.forget()

    def fire(self, **by: int) -> int:
        """Move the clock and fire what is due."""
        self.clock.move(**by)
        return self.engine.fire_due_timers()


def _user_tasks(content: bytes) -> set[str]:
    import re

    return set(re.findall(r'formId="([^"=]+)"', content.decode()))


__all__ = ["CHIEF", "CLERK", "DESIGNER", "OPERATOR", "STRANGER", "SYSTEM", "HandClock", "Office", "form"]
