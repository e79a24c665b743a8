"""Processes made of nested blocks, drawn as BPMN and, separately, interpreted by a few obvious lines of Python.

The oracle knows nothing of tokens: a block is a small live object that says which tasks are open and what completing one
does. It and the runner must agree after every step.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.unit.spiff.diagrams import ext, mapping, timer

Path = tuple[int, ...]  # the loop counters round a task


@dataclass
class Block:
    """``kind``: task, sequence, choice, parallel, inclusive, repeat, each, guarded, failing, beside."""

    kind: str
    parts: list[Block] = field(default_factory=list)
    flags: list[bool] = field(default_factory=list)
    number: int = 0
    name: str = ""
    event: str = ""
    item: str = ""


# the diagram


class Drawing:
    """Writes elements and flows; every block has one element in and one out."""

    def __init__(self) -> None:
        self.names = itertools.count(1)
        self.variables: dict[str, Any] = {}

    def name(self, prefix: str) -> str:
        return f"{prefix}{next(self.names)}"

    def process(self, block: Block) -> str:
        return f'<process id="p" isExecutable="true">{self.scope(block)}</process>'

    def scope(self, block: Block) -> str:
        start, end = self.name("s"), self.name("e")
        xml, first, last = self.block(block)
        return f'<startEvent id="{start}"/>{xml}<endEvent id="{end}"/>' + self.flow(start, first) + self.flow(last, end)

    def flow(self, source: str, target: str, condition: str = "", name: str = "") -> str:
        inner = f"<conditionExpression>={condition}</conditionExpression>" if condition else ""
        return f'<sequenceFlow id="{name or self.name("f")}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'

    def block(self, block: Block) -> tuple[str, str, str]:
        return getattr(self, f"_{block.kind}")(block)

    def _task(self, block: Block) -> tuple[str, str, str]:
        name = self.name("u")
        block.name = name
        people = '<zeebe:assignmentDefinition candidateGroups="office"/>'
        return f'<userTask id="{name}">{ext(people)}</userTask>', name, name

    def _sequence(self, block: Block) -> tuple[str, str, str]:
        drawn = [self.block(part) for part in block.parts]
        joints = "".join(self.flow(left[2], right[1]) for left, right in itertools.pairwise(drawn))
        return "".join(xml for xml, _, _ in drawn) + joints, drawn[0][1], drawn[-1][2]

    def _branches(self, block: Block, gateway: str, conditions: list[str | None]) -> tuple[str, str, str]:
        split, join = self.name("g"), self.name("g")
        xml, default = "", ""
        for part, condition in zip(block.parts, conditions, strict=True):
            inner, first, last = self.block(part)
            name = self.name("f")
            if condition is None:
                default = f' default="{name}"'
            xml += inner + self.flow(split, first, condition or "", name) + self.flow(last, join)
        return f'<{gateway} id="{split}"{default}/><{gateway} id="{join}"/>' + xml, split, join

    def _flags(self, block: Block) -> list[str | None]:
        names: list[str | None] = []
        for flag in block.flags:
            names.append(self.name("flag"))
            self.variables[str(names[-1])] = flag
        return [*names, None]

    def _choice(self, block: Block) -> tuple[str, str, str]:
        return self._branches(block, "exclusiveGateway", self._flags(block))

    def _inclusive(self, block: Block) -> tuple[str, str, str]:
        return self._branches(block, "inclusiveGateway", self._flags(block))

    def _parallel(self, block: Block) -> tuple[str, str, str]:
        split, join = self.name("g"), self.name("g")
        xml = f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>'
        for part in block.parts:
            inner, first, last = self.block(part)
            xml += inner + self.flow(split, first) + self.flow(last, join)
        return xml, split, join

    def _repeat(self, block: Block) -> tuple[str, str, str]:
        """A loop with a counter of its own: in a sub-process, so that concurrent loops do not share it."""
        name, counter, again, step, check = (self.name(prefix) for prefix in ("sub", "n", "g", "calc", "g"))
        inner, first, last = self.block(block.parts[0])
        start, end, default = self.name("s"), self.name("e"), self.name("f")
        script = ext(f'<zeebe:script expression="={counter} + 1" resultVariable="{counter}"/>')
        xml = f'<startEvent id="{start}"/><exclusiveGateway id="{again}"/>{inner}<scriptTask id="{step}">{script}</scriptTask>'
        xml += f'<exclusiveGateway id="{check}" default="{default}"/><endEvent id="{end}"/>'
        xml += self.flow(start, again) + self.flow(again, first) + self.flow(last, step) + self.flow(step, check)
        xml += self.flow(check, again, f"{counter} &lt; {block.number}") + self.flow(check, end, name=default)
        return f'<subProcess id="{name}">{ext(mapping(f"in: {counter} <- =0"))}{xml}</subProcess>', name, name

    def _each(self, block: Block) -> tuple[str, str, str]:
        name, item = self.name("sub"), self.name("item")
        block.name, block.item = name, item
        flag = ' isSequential="true"' if block.flags[0] else ""
        output = f'outputCollection="out_{name}" outputElement="={item} * 10"'
        items = f"[{', '.join(str(n + 1) for n in range(block.number))}]"
        marker = ext(f'<zeebe:loopCharacteristics inputCollection="={items}" inputElement="{item}" {output}/>')
        loop = f"<multiInstanceLoopCharacteristics{flag}>{marker}</multiInstanceLoopCharacteristics>"
        return f'<subProcess id="{name}">{loop}{self.scope(block.parts[0])}</subProcess>', name, name

    def _guarded(self, block: Block) -> tuple[str, str, str]:
        """A sub-process that a timer may interrupt: then the second part is done instead."""
        name, event, join = self.name("sub"), self.name("late"), self.name("g")
        block.name, block.event = name, event
        inner, first, last = self.block(block.parts[1])
        xml = f'<subProcess id="{name}">{self.scope(block.parts[0])}</subProcess><exclusiveGateway id="{join}"/>'
        xml += f'<boundaryEvent id="{event}" attachedToRef="{name}">{timer("duration", "P1D")}</boundaryEvent>{inner}'
        xml += self.flow(event, first) + self.flow(last, join) + self.flow(name, join)
        return xml, name, join

    def _beside(self, block: Block) -> tuple[str, str, str]:
        """A sub-process beside which a timer may start the second part, up to two times.

        The second part is a sub-process too: tokens of two firings in one scope would meet at the same joins.
        """
        name, event, end, first = self.name("sub"), self.name("tick"), self.name("e"), self.name("sub")
        block.name, block.event = name, event
        inner = f'<subProcess id="{first}">{self.scope(block.parts[1])}</subProcess>'
        xml = f'<subProcess id="{name}">{self.scope(block.parts[0])}</subProcess><endEvent id="{end}"/>'
        xml += f'<boundaryEvent id="{event}" attachedToRef="{name}" cancelActivity="false">{timer("cycle", "R2/PT1H")}</boundaryEvent>{inner}'
        return xml + self.flow(event, first) + self.flow(first, end), name, name

    def _failing(self, block: Block) -> tuple[str, str, str]:
        """A sub-process in which one branch throws an error after its part: the others are interrupted, the last part is done."""
        name, event, join, split = self.name("sub"), self.name("oops"), self.name("g"), self.name("g")
        start, bad, end = self.name("s"), self.name("bad"), self.name("e")
        bad_xml, bad_first, bad_last = self.block(block.parts[0])
        good_xml, good_first, good_last = self.block(block.parts[1])
        then_xml, then_first, then_last = self.block(block.parts[2])
        inner = f'<startEvent id="{start}"/><parallelGateway id="{split}"/>{bad_xml}{good_xml}<endEvent id="{end}"/>'
        inner += f'<endEvent id="{bad}"><errorEventDefinition errorRef="err"/></endEvent>'
        inner += self.flow(start, split) + self.flow(split, bad_first) + self.flow(bad_last, bad)
        inner += self.flow(split, good_first) + self.flow(good_last, end)
        xml = f'<subProcess id="{name}">{inner}</subProcess><exclusiveGateway id="{join}"/>{then_xml}'
        xml += f'<boundaryEvent id="{event}" attachedToRef="{name}"><errorEventDefinition errorRef="err"/></boundaryEvent>'
        xml += self.flow(event, then_first) + self.flow(then_last, join) + self.flow(name, join)
        return xml, name, join


# the oracle


class World:
    """What all live blocks of one instance share."""

    def __init__(self, block: Block) -> None:
        self.written: dict[str, Any] = {}
        self.order = itertools.count()
        self.root = Scope(self, ())
        self.root.begin([block])

    def tasks(self) -> list[LiveTask]:
        """Open tasks, oldest first."""
        return sorted(
            (found for found in self.root.walk() if isinstance(found, LiveTask) and not found.done), key=lambda t: t.created
        )

    def timers(self) -> list[Guarded]:
        return [found for found in self.root.walk() if isinstance(found, Guarded) and found.armed]

    def settle(self) -> None:
        while self.root.settle():
            pass


class Live:
    """``parts`` are what runs inside; ``settle`` goes one step further if it can and says whether it did."""

    def __init__(self, world: World, block: Block, path: Path, scope: Scope) -> None:
        self.world, self.block, self.path, self.scope = world, block, path, scope
        self.parts: list[Live] = []
        self.done = False
        self.turn = 0

    def walk(self) -> Iterator[Live]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def settle(self) -> bool:
        if self.done:
            return False
        if any(part.settle() for part in self.parts):
            return True
        if all(part.done for part in self.parts):
            self.parts = self.following()
            self.turn += 1
            self.done = not self.parts
            if self.done:
                self.ends()
            return True
        return False

    def following(self) -> list[Live]:
        return []

    def ends(self) -> None:
        pass

    def start(self, block: Block, scope: Scope | None = None) -> Live:
        kinds = {
            "task": LiveTask,
            "sequence": Sequence,
            "repeat": Repeat,
            "each": Each,
            "guarded": Guarded,
            "beside": Beside,
            "failing": Failing,
        }
        return kinds.get(block.kind, Branches)(self.world, block, self.path, scope or self.scope)


class Scope(Live):
    """The inside of a process or sub-process: done when its main part and everything started beside it are done."""

    def __init__(self, world: World, path: Path) -> None:
        super().__init__(world, Block("scope"), path, self)

    def begin(self, blocks: list[Block]) -> Scope:
        self.parts = [self.start(block, self) for block in blocks]
        return self

    def settle(self) -> bool:
        if self.done:
            return False
        if any(part.settle() for part in list(self.parts)):
            return True
        self.done = all(part.done for part in self.parts)
        return self.done


class LiveTask(Live):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.created = next(self.world.order)

    def settle(self) -> bool:
        return False

    def complete(self, step: int) -> None:
        self.done = True
        self.world.written[f"done_{self.block.name}"] = step


class Sequence(Live):
    def following(self) -> list[Live]:
        return [self.start(self.block.parts[self.turn])] if self.turn < len(self.block.parts) else []


class Branches(Live):
    def following(self) -> list[Live]:
        if self.turn:
            return []
        true = [part for part, flag in zip(self.block.parts, self.block.flags, strict=False) if flag]
        chosen = {"parallel": self.block.parts, "choice": true[:1], "inclusive": true}[self.block.kind]
        return [self.start(part) for part in chosen or self.block.parts[-1:]]


class Repeat(Live):
    """Its sub-process stays open over all turns, with whatever was started beside in any of them."""

    def following(self) -> list[Live]:
        if self.turn:
            return []
        return [Scope(self.world, self.path).begin([Block("sequence", self.block.parts * self.block.number)])]


class Each(Live):
    def following(self) -> list[Live]:
        if self.block.flags[0]:
            return [self._one(self.turn)] if self.turn < self.block.number else []
        return [] if self.turn else [self._one(index) for index in range(self.block.number)]

    def _one(self, index: int) -> Live:
        return Scope(self.world, (*self.path, index + 1)).begin(self.block.parts)

    def ends(self) -> None:
        self.world.written[f"out_{self.block.name}"] = [10 * (index + 1) for index in range(self.block.number)]


class Guarded(Live):
    """Interrupted by its timer, the second part follows."""

    left = 1

    @property
    def armed(self) -> bool:
        return self.turn == 1 and self.left > 0 and not self.done

    def following(self) -> list[Live]:
        return [] if self.turn else [Scope(self.world, self.path).begin(self.block.parts[:1])]

    def fire(self) -> None:
        self.left = 0
        self.parts = [self.start(self.block.parts[1])]


class Beside(Guarded):
    """Its timer starts the second part beside it, in the scope around, up to two times."""

    left = 2

    def fire(self) -> None:
        self.left -= 1
        self.scope.parts.append(Scope(self.world, self.path).begin(self.block.parts[1:]))


class Failing(Live):
    """When the first part is done the error interrupts the second, and the third follows."""

    def following(self) -> list[Live]:
        return [] if self.turn else [Scope(self.world, self.path).begin(self.block.parts[:2])]

    def settle(self) -> bool:
        if self.turn == 1 and not self.done and self.parts[0].parts[0].done:
            self.parts = [self.start(self.block.parts[2])]
            self.turn = 2
            return True
        return super().settle()
