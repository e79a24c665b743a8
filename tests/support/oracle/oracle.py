"""What a process of blocks does, step by step."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tests.support.oracle.blocks import HOSTS, OUTSIDE, VARIABLES, Block


class Variables:
    """The variables of one scope. Reading takes the nearest scope that has the name; writing too, else the root."""

    def __init__(self, own: dict[str, Any], outer: Variables | None = None) -> None:
        self.own, self.outer = own, outer

    def visible(self) -> dict[str, Any]:
        return {**(self.outer.visible() if self.outer else {}), **self.own}

    def write(self, name: str, value: Any) -> None:
        if name in self.own or self.outer is None:
            self.own[name] = value
        else:
            self.outer.write(name, value)


class Locals(Variables):
    """Variables an activity was begun with: they are its own, so what its output mapping writes leaves them."""


class World:
    """What all live blocks of one instance share."""

    def __init__(self, block: Block, variables: dict[str, Any]) -> None:
        self.order = itertools.count()
        self.variables = Variables(dict(variables))
        self.root = Scope(self, block, None, self.variables)
        self.root.begin()

    @property
    def ended(self) -> bool:
        return self.root.done

    def tasks(self) -> list[Task]:
        """Open tasks, oldest first."""
        return sorted((live for live in self.root.walk() if isinstance(live, Task)), key=lambda live: live.born)

    def waits(self) -> list[Wait]:
        """What is waited for from outside, oldest first."""
        return sorted((wait for live in self.root.walk() for wait in live.waiting()), key=lambda wait: wait.born)


class Wait:
    """``name`` is the id of the event; ``left`` says how often it may still come (None: always)."""

    def __init__(self, live: Live, name: str, left: int | None, index: int = 0) -> None:
        self.live, self.name, self.left, self.index = live, name, left, index
        self.born = next(live.world.order)

    @property
    def variables(self) -> dict[str, Any]:
        return self.live.seen_by_waits().visible()

    def come(self) -> None:
        if self.left is not None:
            self.left -= 1
        self.live.came(self)


class Live:
    """A running block: ``parts`` run inside it; ``part_ended`` is told when one of them is done."""

    def __init__(self, world: World, block: Block, outer: Live | None, variables: Variables) -> None:
        self.world, self.block, self.outer, self.variables = world, block, outer, variables
        self.parts: list[Live] = []
        self.done = False

    def begin(self) -> None:
        raise NotImplementedError

    def part_ended(self, part: Live) -> None:
        self.end()

    def walk(self) -> Iterator[Live]:
        yield self
        for part in list(self.parts):
            yield from part.walk()

    def waiting(self) -> list[Wait]:
        return []

    def came(self, wait: Wait) -> None:
        """What ``wait`` stands for has happened."""

    def catches(self, event: str, code: str, thrower: Live) -> bool:
        """Whether this block catches what its part ``thrower`` lets out."""
        return False

    def catch(self) -> None:
        """Go on after what it caught."""

    def seen_by_waits(self) -> Variables:
        return self.variables

    def local(self) -> dict[str, Any]:
        """The variables of the activity itself, when it is over: what undoes it sees them."""
        return {}

    def run(self, block: Block, variables: Variables | None = None) -> None:
        """Start ``block`` as a part of this one."""
        live = KINDS[block.kind](self.world, block, self, variables or self.variables)
        self.parts.append(live)
        live.begin()

    def run_scope(self, block: Block, variables: Variables) -> None:
        """Start ``block`` in a scope of its own, as a part of this one."""
        scope = Scope(self.world, block, self, variables)
        self.parts.append(scope)
        scope.begin()

    def end(self) -> None:
        self.done = True
        outer = self.outer
        if outer is not None and self in outer.parts:
            outer.parts.remove(self)
            outer.part_ended(self)

    def remember(self, completed: Completed) -> None:
        """Something was completed in here that can be undone; it is for the nearest scope to know."""
        assert self.outer is not None
        self.outer.remember(completed)

    def scope(self) -> Scope:
        """The nearest scope round this block."""
        place = self.outer
        while not isinstance(place, Scope):
            assert place is not None
            place = place.outer
        return place

    def throw(self, event: str, code: str) -> None:
        part, place = self, self.outer
        while place is not None:
            if place.catches(event, code, part):
                place.catch()
                return
            part, place = place, place.outer

    def is_alive(self) -> bool:
        return self.outer is None or (self in self.outer.parts and self.outer.is_alive())


class Scope(Live):
    """The inside of a process or sub-process: done when all that was started in it is done. What listens in it waits here.

    ``undo``: what was completed in it and can be undone.
    """

    listener: Listening | None = None
    interrupted = False
    remembered = True  # by the scope round it, when it is completed

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.undo: list[Completed] = []

    def remember(self, completed: Completed) -> None:
        self.undo.append(completed)

    def end(self) -> None:
        if self.undo and self.remembered and self.outer is not None and not isinstance(self.outer, Call):
            self.outer.remember(Completed(self.world, dict(self.variables.own), self.undo))
        super().end()

    def local(self) -> dict[str, Any]:
        return self.variables.own

    def to_undo(self) -> list[list[Completed]]:
        """What a throw event here undoes: an event sub-process undoes what the scope round it has done, too."""
        return [self.undo]

    def begin(self) -> None:
        if self.listener is not None:
            self.listener.arm(self)
        self.run(self.block)

    def part_ended(self, part: Live) -> None:
        if not self.parts:
            self.end()

    def waiting(self) -> list[Wait]:
        return [] if self.listener is None else self.listener.armed

    def came(self, wait: Wait) -> None:
        self.catch()

    def catches(self, event: str, code: str, thrower: Live) -> bool:
        if self.listener is None or self.interrupted or isinstance(thrower, Handler):
            return False
        return (self.listener.block.event, self.listener.block.code) == (event, code)

    def catch(self) -> None:
        assert self.listener is not None
        if self.listener.block.interrupting:
            self.interrupted = True
            self.parts = []
            self.listener.armed = []
        self.listener.armed = [wait for wait in self.listener.armed if wait.left != 0]
        handler = Handler(self.world, self.listener.block.parts[1], self, Variables({}, self.variables))
        self.parts.append(handler)
        handler.begin()


class Handler(Scope):
    """An event sub-process that was started."""

    def to_undo(self) -> list[list[Completed]]:
        return [self.undo, *self.scope().to_undo()]


class Task(Live):
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


class Call(Live):
    """The called process has variables of its own: copies of what it is given (and of its item, when it is one of many)."""

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


class Race(Live):
    def begin(self) -> None:
        self.armed = [Wait(self, f"{self.block.name}_{index}", 1, index) for index in range(len(self.block.parts))]

    def waiting(self) -> list[Wait]:
        return self.armed

    def came(self, wait: Wait) -> None:
        self.armed = []
        self.run(self.block.parts[wait.index])


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


class Completed:
    """Something that was completed and can be undone: by ``handler``, or by undoing what was completed inside."""

    def __init__(self, world: World, own: dict[str, Any], inside: list[Completed], handler: Block | None = None) -> None:
        self.own, self.inside, self.handler = own, inside, handler
        self.number = next(world.order)


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


KINDS: dict[str, type[Live]] = {
    "task": Task,
    "calculate": Calculate,
    "throw": Throw,
    "sequence": Sequence,
    "choice": Branches,
    "inclusive": Branches,
    "parallel": Branches,
    "repeat": Repeat,
    "wrap": Wrap,
    "each": Each,
    "call": Call,
    "guarded": Hosting,
    "beside": Hosting,
    "catching": Hosting,
    "listening": Listening,
    "race": Race,
    "stopping": Stopping,
    "again": Again,
    "free": Free,
    "undoable": Undoable,
    "back": Back,
    "cancelled": Cancelled,
}
