"""Compensation: undoing what was completed, the last first; and transactions that are cancelled."""

from __future__ import annotations

from tests.support.oracle.blocks import HOSTS
from tests.support.oracle.live import KINDS, Completed, Live, Locals, Scope, Variables


class Undoable(Live):
    host: Live

    def begin(self) -> None:
        part = self.block.parts[0]
        if part.kind in HOSTS:
            self.host = KINDS[part.kind](self.world, part, self, self.variables)
        else:
            self.host = Scope(self.world, part, self, Variables({}, self.variables))
        self.parts.append(self.host)
        self.host.begin()

    def remember(self, completed: Completed) -> None:
        """What was completed inside is undone by the handler."""

    def part_ended(self, part: Live) -> None:
        assert self.outer is not None
        self.outer.remember(Completed(self.world, dict(part.local()), [], self.block.parts[1]))
        self.end()


class Back(Live):
    """Undoes what was completed before it came here, one after the other, the last first."""

    def begin(self) -> None:
        self.until = next(self.world.order)
        self._next()

    def part_ended(self, part: Live) -> None:
        self._next()

    def lists(self) -> list[list[Completed]]:
        return self.scope().to_undo()

    def _next(self) -> None:
        known = [(one.number, one, found) for found in self.lists() for one in found if one.number < self.until]
        if not known:
            self.all_undone()
            return
        _, one, found = max(known, key=lambda each: each[0])
        found.remove(one)
        variables = Locals(dict(one.own), self.variables)
        if one.handler is not None:
            self.run(one.handler, variables)
        else:
            inside = Inside(self.world, self.block, self, variables)
            inside.undo = one.inside
            self.parts.append(inside)
            inside.begin()

    def all_undone(self) -> None:
        self.end()


class Inside(Back):
    """Undoes what was completed in a sub-process, with the variables it ended with."""

    undo: list[Completed]

    def lists(self) -> list[list[Completed]]:
        return [self.undo]


class Cancelled(Live):
    """A transaction: when the first part is done the rest ends, what was completed is undone, and the third part follows."""

    def begin(self) -> None:
        scope = CancelledScope(self.world, self.block, self, Variables({}, self.variables))
        self.parts.append(scope)
        scope.begin()

    def part_ended(self, part: Live) -> None:
        if isinstance(part, CancelledScope):
            self.run(self.block.parts[2])
        else:
            self.end()


class CancelledScope(Scope):
    remembered = False
    first: Live | None = None

    def begin(self) -> None:
        for part in self.block.parts[:2]:
            self.run(part)
            self.first = self.first or self.parts[0]

    def part_ended(self, part: Live) -> None:
        if part is self.first:
            back = Back(self.world, self.block, self, self.variables)
            self.parts = [back]
            back.begin()
        else:
            super().part_ended(part)
