"""Tasks, and what follows what."""

from __future__ import annotations

from typing import Any

from tests.support.oracle.blocks import Block
from tests.support.oracle.live import Live, Locals, Variables, Wait


class Task(Live):
    is_task = True

    def begin(self) -> None:
        self.born = next(self.world.order)
        if self.block.reads:
            own = {"own": self.variables.visible()[self.block.reads] + 1}
            begun_with = isinstance(self.variables, Locals)
            outer = self.variables.outer if begun_with else self.variables
            self.variables = Variables({**(self.variables.own if begun_with else {}), **own}, outer)

    def values(self, step: int) -> dict[str, int]:
        """What a person would enter."""
        return {"got": step} if self.block.reads else {self.block.writes: step, f"done_{self.block.name}": step}

    def complete(self, step: int) -> None:
        if self.block.reads:
            assert self.variables.outer is not None
            self.variables.outer.write(self.block.writes, step + self.variables.own["own"])
        else:
            for name, value in self.values(step).items():
                self.variables.write(name, value)
        self.end()

    def local(self) -> dict[str, Any]:
        return self.variables.own if self.block.reads else {}


class Calculate(Live):
    def begin(self) -> None:
        self.variables.write(self.block.writes, self.variables.visible()[self.block.writes] + 1)
        self.end()


class Throw(Live):
    def begin(self) -> None:
        self.throw(self.block.event, self.block.code)
        if self.block.event == "escalation" and self.is_alive():
            self.end()


class Sequence(Live):
    turn = 0

    def begin(self) -> None:
        self.run(self.block.parts[0])

    def part_ended(self, part: Live) -> None:
        self.turn += 1
        if self.turn < len(self.block.parts):
            self.run(self.block.parts[self.turn])
        else:
            self.end()


class Branches(Live):
    """Choice, inclusive or parallel: done when all chosen parts are."""

    def begin(self) -> None:
        seen = self.variables.visible()
        chosen = [part for part, (name, limit) in zip(self.block.parts, self.block.tests, strict=False) if seen[name] > limit]
        if self.block.kind == "parallel":
            chosen = self.block.parts
        elif self.block.kind == "choice":
            chosen = chosen[:1]
        for part in chosen or self.block.parts[-1:]:
            self.run(part)

    def part_ended(self, part: Live) -> None:
        if not self.parts:
            self.end()


class Repeat(Live):
    """Its sub-process stays open over all turns, with whatever was started beside in any of them."""

    def begin(self) -> None:
        turns = Block("sequence", "", self.block.parts * self.block.number)
        self.run_scope(turns, Variables({}, self.variables))


class Race(Live):
    def begin(self) -> None:
        self.armed = [Wait(self, f"{self.block.name}_{index}", 1, index) for index in range(len(self.block.parts))]

    def waiting(self) -> list[Wait]:
        return self.armed

    def came(self, wait: Wait) -> None:
        self.armed = []
        self.run(self.block.parts[wait.index])
