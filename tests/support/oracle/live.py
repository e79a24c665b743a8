"""What runs: blocks that are alive, the scopes they run in, what they wait for, and their variables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.support.oracle.blocks import Block

if TYPE_CHECKING:
    from tests.support.oracle.events import Listening
    from tests.support.oracle.flows import Task

KINDS: dict[str, type[Live]] = {}  # filled by oracle.py


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
        return sorted((live for live in self.root.walk() if live.is_task), key=lambda live: live.born)

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

    is_task = False
    hears_what_can_be_undone = True

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
        if self.undo and self.remembered and self.outer is not None and self.outer.hears_what_can_be_undone:
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


class Completed:
    """Something that was completed and can be undone: by ``handler``, or by undoing what was completed inside."""

    def __init__(self, world: World, own: dict[str, Any], inside: list[Completed], handler: Block | None = None) -> None:
        self.own, self.inside, self.handler = own, inside, handler
        self.number = next(world.order)
