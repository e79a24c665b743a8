"""Events at the border of an activity, in a sub-process, and what ends everything."""

from __future__ import annotations

from tests.support.oracle.blocks import HOSTS, OUTSIDE
from tests.support.oracle.live import KINDS, Live, Scope, Variables, Wait


class Hosting(Live):
    """An activity with a boundary event: the first part, and what follows the event."""

    host: Live

    def begin(self) -> None:
        part = self.block.parts[0]
        self.armed: list[Wait] = []
        if self.block.event in OUTSIDE:
            often = 1 if self.block.interrupting else (self.block.number or None)
            self.armed = [Wait(self, f"{self.block.name}_event", often)]
        if part.kind in HOSTS:
            live = KINDS[part.kind](self.world, part, self, self.variables)
        else:
            live = Scope(self.world, part, self, Variables({}, self.variables))
        self.host = live
        self.parts.append(live)
        live.begin()

    def waiting(self) -> list[Wait]:
        return self.armed

    def seen_by_waits(self) -> Variables:
        return self.host.seen_by_waits()

    def came(self, wait: Wait) -> None:
        self.catch()

    def catches(self, event: str, code: str, thrower: Live) -> bool:
        return thrower is self.host and self.block.event == event and self.block.code in {"", code}

    def catch(self) -> None:
        if self.block.interrupting:
            self.armed = []
            self.parts = []
            self.run(self.block.parts[1])
            return
        self.armed = [wait for wait in self.armed if wait.left != 0]
        scope = self.scope()
        scope.run_scope(self.block.parts[1], Variables({}, scope.variables))


class Listening(Live):
    """A sub-process with an event sub-process in it."""

    def begin(self) -> None:
        self.armed: list[Wait] = []
        scope = Scope(self.world, self.block.parts[0], self, Variables({}, self.variables))
        scope.listener = self
        self.parts.append(scope)
        scope.begin()

    def arm(self, scope: Scope) -> None:
        if self.block.event in OUTSIDE:
            often = 1 if self.block.interrupting else (self.block.number if self.block.event == "timer" else None)
            self.armed = [Wait(scope, f"{self.block.name}_event", often)]


class Stopping(Live):
    """Its sub-process ends with everything in it when the first part is done."""

    def begin(self) -> None:
        scope = StoppedScope(self.world, self.block, self, Variables({}, self.variables))
        self.parts.append(scope)
        scope.begin()


class StoppedScope(Scope):
    def begin(self) -> None:
        for part in self.block.parts:
            self.run(part)
        self.first = self.parts[0]

    def part_ended(self, part: Live) -> None:
        if part is self.first:
            self.parts = []
        super().part_ended(part)
