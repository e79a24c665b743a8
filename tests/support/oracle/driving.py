"""Drives one random process in the engine and in the oracle, and compares them after every step."""

from __future__ import annotations

import random
from typing import Any

from engine.events import MessageAwaited, SignalAwaited, TimerScheduled
from engine.spiff import Execution
from tests.support.oracle.blocks import VARIABLES, Growth
from tests.support.oracle.drawing import Drawing
from tests.support.oracle.oracle import World
from tests.unit.spiff.office import Case, Office

STEPS = 400
COMINGS = 8  # how often something comes that does not interrupt, in one run


class Disagreement(AssertionError):
    """The engine and the oracle disagree about the process of a seed."""


class Drive:
    def __init__(self, seed: int, stored: bool, kinds: tuple[str, ...] = (), size: int = 0) -> None:
        self.seed = seed
        self.dice = random.Random(f"drive {seed}")
        self.block = Growth(seed, kinds).process(size)
        self.items = [f"item_{block.name}" for block in self.block.every() if block.kind == "each"]
        self.drawing = Drawing(self.block)
        variables = {name: self.dice.randint(0, 5) for name in VARIABLES}
        office = Office()
        for file in self.drawing.files():
            office.deploy(file)
        self.world = World(self.block, variables)
        self.case = Case(office, stored).start("p", None, **variables)
        self.comings = 0
        self.steps = 0

    def run(self) -> int:
        """Returns the number of steps; raises Disagreement. Nested loops may be longer than ``STEPS``: then it stops there."""
        self.compare()
        while not self.world.ended:
            if self.steps == STEPS:
                return self.steps
            self.step()
            self.compare()
        self._same("state", self.case.state, "completed")
        self._same("final variables", plain(self.case.variables), plain(self.world.variables.own))
        return self.steps

    def step(self) -> None:
        self.steps += 1
        tasks, waits = self.world.tasks(), self.world.waits()
        may_come = [wait for wait in waits if wait.left is not None or self.comings < COMINGS]
        if may_come and (not tasks or self.dice.random() < 0.3):
            wait = self.dice.choice(may_come)
            self.comings += 1
            self._come(waits.index(wait))
        else:
            self._complete(self.dice.randrange(len(tasks)))

    def _complete(self, index: int) -> None:
        tasks = self.world.tasks()
        task = tasks[index]
        mark = (task.block.name, self._shown(task.variables.visible()))
        nth = [(t.block.name, self._shown(t.variables.visible())) for t in tasks[: index + 1]].count(mark) - 1
        key = [key for key, found in self._engine_tasks() if found == mark][nth]
        values = task.values(self.steps)
        self.case.do(lambda run: run.complete_user_task(key, values))
        task.complete(self.steps)

    def _come(self, index: int) -> None:
        waits = self.world.waits()
        wait = waits[index]
        mark = (wait.name, self._shown(wait.variables))
        nth = [(w.name, self._shown(w.variables)) for w in waits[: index + 1]].count(mark) - 1
        key = [key for key, found in self._engine_waits() if found == mark][nth]
        self.case.do(lambda run: self._arrive(run, key))
        wait.come()

    def _arrive(self, run: Execution, key: int) -> None:
        awaited = self.case.waits[key]
        if isinstance(awaited, TimerScheduled):
            run.fire_timer(key)
        elif isinstance(awaited, MessageAwaited):
            run.deliver_message(key, {})
        elif isinstance(awaited, SignalAwaited):
            run.deliver_signal(key, {})
        else:  # a condition becomes true for this one only: its variable is local
            name = f"c_{awaited.element_id.removesuffix('_event')}"
            for true in (False, True):
                run.set_variables(run._runner.waits[key].owner.key, {name: true}, local=True)

    # comparing

    def compare(self) -> None:
        self._same("incidents", [str(one) for one in self.case.incidents.values()], [])
        expected = [(task.block.name, self._shown(task.variables.visible())) for task in self.world.tasks()]
        self._same("open tasks", sorted(found for _, found in self._engine_tasks()), sorted(expected))
        awaited = [(wait.name, self._shown(wait.variables)) for wait in self.world.waits()]
        self._same("waits", sorted(found for _, found in self._engine_waits()), sorted(awaited))

    def _engine_tasks(self) -> list[tuple[int, tuple[str, str]]]:
        return [
            (key, (task.element_id, self._shown(self.case.execution.variables(key)))) for key, task in self.case.tasks.items()
        ]

    def _engine_waits(self) -> list[tuple[int, tuple[str, str]]]:
        return [
            (key, (wait.element_id, self._shown(self.case.execution.variables(key)))) for key, wait in self.case.waits.items()
        ]

    def _shown(self, visible: dict[str, Any]) -> str:
        """The variables both sides must see alike at a task or wait."""
        return ", ".join(f"{name}={int(visible[name])}" for name in (*VARIABLES, "own", *self.items) if name in visible)

    def _same(self, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            raise Disagreement(f"seed {self.seed}, step {self.steps}: {what}\n  engine: {found}\n  oracle: {expected}")


def plain(variables: dict[str, Any]) -> dict[str, Any]:
    """Without what only the engine's way of counting needs."""
    return {name: value for name, value in variables.items() if name.split("_")[0] in {*VARIABLES, "done", "out"}}
