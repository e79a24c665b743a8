"""Sub-processes, repeated activities and called processes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.support.oracle.blocks import VARIABLES
from tests.support.oracle.live import Completed, Live, Scope, Variables


class Wrap(Live):
    def begin(self) -> None:
        own = {"v0": self.variables.visible()[self.block.reads] + 1} if self.block.reads else {}
        self.inner = Variables(own, self.variables)
        self.run_scope(self.block.parts[0], self.inner)

    def local(self) -> dict[str, Any]:
        return self.inner.own

    def seen_by_waits(self) -> Variables:
        return self.inner

    def part_ended(self, part: Live) -> None:
        if self.block.writes:
            self.variables.write(self.block.writes, part.variables.visible()["v0"] + 10)
        self.end()


class Repeated(Live):
    """One activity many times: what was completed in its turns is undone when all are over, the last first."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.undo: list[Completed] = []

    def remember(self, completed: Completed) -> None:
        self.undo.append(completed)

    def end(self) -> None:
        if self.undo and self.outer is not None:
            self.outer.remember(Completed(self.world, {}, self.undo))
        super().end()


class Each(Repeated):
    begun = 0

    def begin(self) -> None:
        self.out: list[int | None] = [None] * self.block.number
        self.completed = 0
        for _ in range(1 if self.block.sequential else self.block.number):
            self._one()
        if self.block.number == 0:
            self._all_done()

    def _one(self) -> None:
        if self.begun < self.block.number:
            self.begun += 1
            own = {"loopCounter": self.begun, f"item_{self.block.name}": self.begun}
            start = self.run if self.block.direct else self.run_scope
            start(self.block.parts[0], Variables(own, self.variables))

    def part_ended(self, part: Live) -> None:
        number = part.variables.visible()[f"item_{self.block.name}"]
        self.out[number - 1] = number * 10
        self.completed += 1
        if self.block.enough and self.completed >= self.block.enough:
            self.parts = []
        elif self.block.sequential:
            self._one()
        if not self.parts and not self.done:
            self._all_done()

    def _all_done(self) -> None:
        self.variables.write(f"out_{self.block.name}", list(self.out))
        self.end()


class Again(Repeated):
    """A new sub-process for each turn. ``block.sequential``: asked before the first turn, too."""

    turn = 0

    def begin(self) -> None:
        if self.block.sequential and self.block.number == 0:
            self.end()
        else:
            self._turn()

    def _turn(self) -> None:
        self.turn += 1
        self.run_scope(self.block.parts[0], Variables({"loopCounter": self.turn}, self.variables))

    def part_ended(self, part: Live) -> None:
        if self.turn < self.block.number:
            self._turn()
        else:
            self.end()


class Call(Live):
    """The called process has variables of its own: copies of what it is given (and of its item, when it is one of many)."""

    hears_what_can_be_undone = False  # compensation does not go into called processes
    given: Mapping[str, Any] = MappingProxyType({})

    def begin(self) -> None:
        seen = self.variables.visible()
        if self.block.reads:
            given = {name: seen[self.block.reads if name == "v0" else name] for name in VARIABLES}
            if isinstance(self.outer, Each):
                given |= self.variables.own
            self.given = given
        self.run_scope(self.block.parts[0], Variables(dict(self.given or seen)))

    def seen_by_waits(self) -> Variables:
        return Variables(dict(self.given), self.variables)

    def local(self) -> dict[str, Any]:
        return dict(self.given)

    def part_ended(self, part: Live) -> None:
        if self.block.reads:
            self.variables.write(self.block.writes, part.variables.own["v0"] + 100)
        else:
            for name, value in part.variables.own.items():
                self.variables.write(name, value)
        self.end()


class Free(Live):
    def begin(self) -> None:
        scope = FreeScope(self.world, self.block, self, Variables({}, self.variables))
        self.inner = scope.variables
        self.parts.append(scope)
        scope.begin()

    def seen_by_waits(self) -> Variables:
        return self.inner

    def local(self) -> dict[str, Any]:
        return self.inner.own


class FreeScope(Scope):
    def begin(self) -> None:
        for part in self.block.parts[: self.block.number]:
            self.run(part)
        if self.block.number == 0:
            self.end()

    def part_ended(self, part: Live) -> None:
        if self.block.enough == 1:
            self.parts = []
        super().part_ended(part)
