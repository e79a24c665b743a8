"""Drives one random process through the whole engine: every step is a command on the database, with the case dropped from memory
before each. What the oracle says must be what the tables say.
"""

from __future__ import annotations

import random
from typing import Any

from engine.model import SYSTEM, Resource, UserTask
from engine.store.tables import metadata
from tests.integration.engine.office import CLERK, Office
from tests.support.oracle.blocks import VARIABLES, Growth
from tests.support.oracle.drawing import Drawing
from tests.support.oracle.driving import plain
from tests.support.oracle.live import Wait
from tests.support.oracle.oracle import World

OUTSIDE = ("message", "signal")
STEPS = 60
WORKING = ("message_subscription", "timer", "job", "signal_delivery")


class DriveOnDatabase:
    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.engine = office, office.engine
        self.dice = random.Random(f"drive {seed}")
        self.block = Growth(seed, outside=OUTSIDE).process(self.dice.randint(4, 30))
        self.process_id = f"random_{seed}"
        files = Drawing(self.block, self.process_id).files()
        office.put(*(Resource(f"{self.process_id}_{n}.bpmn", file) for n, file in enumerate(files)))
        variables = {name: self.dice.randint(0, 5) for name in VARIABLES}
        self.world = World(self.block, variables)
        self.root = office.start(self.process_id, **variables).key
        self.items = [f"item_{block.name}" for block in self.block.every() if block.kind == "each"]

    def run(self) -> bool:
        """True when the process came to its end; False when only something that cannot be told apart may still come."""
        for step in range(1, STEPS):
            self.compare()
            if self.world.ended:
                self.ended()
                return True
            self.office.forget()
            tasks, waits = self.world.tasks(), self.single()
            if waits and (not tasks or self.dice.random() < 0.3):
                self.come(self.dice.choice(waits))
            elif tasks:
                self.complete(self.dice.randrange(len(tasks)), step)
            else:
                return False
        return False

    def single(self) -> list[Wait]:
        """What can be addressed by its name alone."""
        waits = self.world.waits()
        return [wait for wait in waits if [other.name for other in waits].count(wait.name) == 1]

    def complete(self, index: int, step: int) -> None:
        tasks = self.world.tasks()
        marks = [(task.block.name, self.shown(task.variables.visible())) for task in tasks]
        same = [task for task, mark in self.open() if mark == marks[index]]
        values = tasks[index].values(step)
        self.engine.complete_task(same[marks[:index].count(marks[index])].key, values, actor=CLERK)
        tasks[index].complete(step)

    def come(self, wait: Wait) -> None:
        kinds = {block.name: block.event for block in self.block.every()}
        races = {f"{block.name}_{n}": event for block in self.block.every() for n, event in enumerate(block.races)}
        name = wait.name.removesuffix("_event")
        if races.get(name, kinds.get(name)) == "message":
            self.engine.correlate_message(name, self.process_id, {}, actor=CLERK)
        else:
            self.engine.broadcast_signal(f"{self.process_id} {name}", {}, actor=SYSTEM)
        wait.come()

    def compare(self) -> None:
        assert not self.engine.incidents(root_key=self.root).items
        expected = [(task.block.name, self.shown(task.variables.visible())) for task in self.world.tasks()]
        assert sorted(mark for _, mark in self.open()) == sorted(expected), self.process_id

    def open(self) -> list[tuple[UserTask, tuple[str, str]]]:
        """Open tasks with what they see, oldest first."""
        tasks = sorted(self.engine.tasks(root_key=self.root, limit=500), key=lambda task: task.key)
        return [(task, (task.element_id, self.shown(self.seen(task.key)))) for task in tasks]

    def seen(self, element_key: int) -> dict[str, Any]:
        return {variable.name: variable.value for variable in self.engine.visible_variables(element_key)}

    def shown(self, visible: dict[str, Any]) -> str:
        return ", ".join(f"{name}={int(visible[name])}" for name in (*VARIABLES, "own", *self.items) if name in visible)

    def ended(self) -> None:
        """The tables say that it is over, and the history is sound."""
        assert self.engine.instance(self.root).state == "completed"
        found = {one.name: one.value for one in self.engine.variables(self.root, scope_key=self.root)}
        assert plain(found) == plain(self.world.variables.own)
        assert self.engine.elements(self.root, state="active").total == 0
        assert self.engine.verify(self.root).sound
        with self.engine.database.unit_of_work() as uow:
            for name in WORKING:
                table = metadata.tables[name]
                assert not uow.session.execute(table.select().where(table.c.root_key == self.root)).all(), name
