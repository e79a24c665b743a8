"""Blocks, and how they grow at random.

One rule keeps every step foreseeable: whatever runs beside something else begins with a user task. So between two steps only one
thread acts, and the order in which an engine serves its threads cannot be seen.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

VARIABLES = ("v0", "v1", "v2")
OUTSIDE = ("timer", "message", "signal", "condition")  # events that come from outside
HOSTS = frozenset(
    {"task", "wrap", "each", "call", "again", "free"}
)  # blocks that are one activity, to which an event can be attached


@dataclass
class Block:
    """``kind``, and what each needs of the rest (see ``Drawing`` and ``oracle``)."""

    kind: str
    name: str
    parts: list[Block] = field(default_factory=list)
    event: str = ""
    code: str = ""
    interrupting: bool = True
    sequential: bool = False
    number: int = 0  # items, turns, or how often a timer comes
    enough: int = 0  # completed items after which the others are ended; 0: all
    tests: list[tuple[str, int]] = field(default_factory=list)  # the condition of each part but the last: variable > limit
    reads: str = ""
    writes: str = ""
    races: tuple[str, ...] = ()
    direct: bool = False  # each: the part itself is the activity that is repeated; throw: by an end event

    def every(self) -> Iterator[Block]:
        yield self
        for part in self.parts:
            yield from part.every()


@dataclass(frozen=True)
class Around:
    """What a block may throw: (error or escalation, code) of the events that catch it further out."""

    caught: tuple[tuple[str, str], ...] = ()
    calls: int = 0

    def catching(self, event: str, code: str) -> Around:
        return Around((*self.caught, (event, code)), self.calls)


class Growth:
    """Grows one process from a seed; ``kinds`` says which blocks may appear, ``outside`` what may come from outside."""

    def __init__(self, seed: int, kinds: tuple[str, ...] = (), outside: tuple[str, ...] = OUTSIDE) -> None:
        self.dice = random.Random(seed)
        self.kinds = kinds or KINDS
        self.outside = outside
        self.made = 0

    def process(self, size: int = 0) -> Block:
        return self.grow(size or self.dice.randint(4, 60))

    def grow(self, size: int, around: Around = Around()) -> Block:
        if size <= 1:
            return self._leaf(around)
        kind = self.dice.choice([kind for kind in self.kinds if kind != "call" or around.calls < 3])
        return getattr(self, f"_{kind}")(size, around)

    def new(self, kind: str, *parts: Block, **options: object) -> Block:
        self.made += 1
        return Block(kind, f"{kind[:2]}{self.made}", list(parts), **options)  # type: ignore[arg-type]

    def beside(self, size: int, around: Around) -> Block:
        """A part that runs beside others."""
        first = self._task()
        return first if size <= 1 else self.new("sequence", first, self.grow(size - 1, around))

    def variable(self) -> str:
        return self.dice.choice(VARIABLES)

    # leaves

    def _leaf(self, around: Around) -> Block:
        odds = self.dice.random()
        if around.caught and odds < 0.2:
            event, code = self.dice.choice(around.caught)
            return self.new("throw", event=event, code=code, direct=self.dice.random() < 0.5)
        if odds < 0.25:
            return self.new("back")
        if odds < 0.35:
            return self.new("calculate", writes=self.variable())
        return self._task()

    def _task(self) -> Block:
        mapped = self.dice.random() < 0.25
        return self.new("task", writes=self.variable(), reads=self.variable() if mapped else "")

    # blocks of blocks

    def _sequence(self, size: int, around: Around) -> Block:
        return self.new("sequence", *(self.grow(part, around) for part in self._shares(size, self.dice.randint(2, 3))))

    def _choice(self, size: int, around: Around, kind: str = "choice") -> Block:
        parts = [self.grow(part, around) for part in self._shares(size, self.dice.randint(2, 3))]
        return self.new(kind, *parts, tests=[(self.variable(), self.dice.randint(0, 5)) for _ in parts[1:]])

    def _inclusive(self, size: int, around: Around) -> Block:
        parts = [self.beside(part, around) for part in self._shares(size, self.dice.randint(2, 3))]
        return self.new("inclusive", *parts, tests=[(self.variable(), self.dice.randint(0, 5)) for _ in parts[1:]])

    def _parallel(self, size: int, around: Around) -> Block:
        return self.new("parallel", *(self.beside(part, around) for part in self._shares(size, self.dice.randint(2, 3))))

    def _repeat(self, size: int, around: Around) -> Block:
        return self.new("repeat", self.grow(size - 1, around), number=self.dice.randint(1, 3))

    def _wrap(self, size: int, around: Around) -> Block:
        inside = self.grow(size - 1, around)
        mapped = self.dice.random() < 0.6
        out = self.variable() if self.dice.random() < 0.5 else ""
        return self.new("wrap", inside, reads=self.variable() if mapped else "", writes=out)

    def _each(self, size: int, around: Around) -> Block:
        number, sequential = self.dice.randint(0, 3), self.dice.random() < 0.5
        inside = self.grow(size - 1, around) if sequential else self.beside(size - 1, around)
        enough = self.dice.randint(1, number) if number and self.dice.random() < 0.4 else 0
        direct = inside.kind in {"task", "call"} and self.dice.random() < 0.7
        return self.new("each", inside, number=number, sequential=sequential, enough=enough, direct=direct)

    def _call(self, size: int, around: Around) -> Block:
        inside = self.grow(size - 1, Around(around.caught, around.calls + 1))
        return self.new("call", inside, reads=self.variable() if self.dice.random() < 0.5 else "", writes=self.variable())

    def _guarded(self, size: int, around: Around) -> Block:
        """An interrupting boundary event from outside: then the second part is done instead."""
        host, then = self._shares(size, 2)
        return self.new("guarded", self.grow(host, around), self.grow(then, around), event=self.dice.choice(self.outside))

    def _beside(self, size: int, around: Around) -> Block:
        """A non-interrupting boundary event from outside: the second part is done beside."""
        host, then = self._shares(size, 2)
        event = self.dice.choice(self.outside)
        number = self.dice.randint(1, 2) if event == "timer" else 0
        return self.new(
            "beside", self.grow(host, around), self.beside(then, around), event=event, number=number, interrupting=False
        )

    def _catching(self, size: int, around: Around) -> Block:
        """A boundary event that catches what is thrown inside; everything (an empty code) or one code."""
        host, then = self._shares(size, 2)
        event = self.dice.choice(("error", "escalation"))
        interrupting = event == "error" or self.dice.random() < 0.5
        code = f"C{self.made}"
        inside = self.new("sequence", self.grow(host, around.catching(event, code)), self.new("throw", event=event, code=code))
        handler = self.grow(then, around) if interrupting else self.beside(then, around)
        caught = code if self.dice.random() < 0.7 else ""
        return self.new("catching", inside, handler, event=event, code=caught, interrupting=interrupting)

    def _listening(self, size: int, around: Around) -> Block:
        """A sub-process with an event sub-process."""
        main, then = self._shares(size, 2)
        event = self.dice.choice((*self.outside, "error", "escalation"))
        interrupting = event == "error" or self.dice.random() < 0.5
        code = f"C{self.made}" if event not in OUTSIDE else ""
        inside = self.grow(main, around.catching(event, code) if code else around)
        handler = self.grow(then, around) if interrupting else self.beside(then, around)
        number = self.dice.randint(1, 2) if event == "timer" and not interrupting else 1
        return self.new("listening", inside, handler, event=event, code=code, interrupting=interrupting, number=number)

    def _again(self, size: int, around: Around) -> Block:
        """A sub-process with a loop marker; ``sequential`` here: the condition is asked before each turn."""
        first = self.dice.random() < 0.5
        return self.new("again", self.grow(size - 1, around), number=self.dice.randint(0 if first else 1, 3), sequential=first)

    def _free(self, size: int, around: Around) -> Block:
        """An ad-hoc sub-process: the first ``number`` parts begin. ``enough``: the first that is done ends it; 2: the others go on."""
        parts = [self.activity(part, around) for part in self._shares(size, self.dice.randint(1, 3))]
        return self.new("free", *parts, number=self.dice.randint(0, len(parts)), enough=self.dice.randint(0, 2))

    def _undoable(self, size: int, around: Around) -> Block:
        """An activity and what undoes it: a task, or a sub-process with a few."""
        handler = self._task()
        if self.dice.random() < 0.4:
            inside = self.new("sequence", handler, self.new("calculate", writes=self.variable()), self._task())
            handler = self.new("wrap", inside, reads=self.variable() if self.dice.random() < 0.5 else "")
        return self.new("undoable", self.grow(size - 1, around), handler)

    def _undone(self, size: int, around: Around) -> Block:
        """A sub-process in which things are done and then undone."""
        done, more = self._shares(size, 2)
        parts = [self._undoable(done, around), self._undoable(more, around), self.new("back")]
        if self.dice.random() < 0.3:
            parts.append(self.grow(done, around))
        kind = "parallel" if self.dice.random() < 0.3 else "sequence"
        if kind == "parallel":
            both = [self.new("sequence", self._task(), part) for part in parts[:2]]
            parts = [self.new("parallel", *both), *parts[2:]]
        return self.new("wrap", self.new("sequence", *parts))

    def _cancelled(self, size: int, around: Around) -> Block:
        """A transaction with two parts at once; after the first it is cancelled, and the third follows."""
        first, second, then = self._shares(size, 3)
        one = self.new("sequence", self._task(), self._undoable(first, around))
        return self.new(
            "cancelled", one, self.new("sequence", self._task(), self._undoable(second, around)), self.grow(then, around)
        )

    def activity(self, size: int, around: Around) -> Block:
        """One activity that runs beside others."""
        inside = self.beside(size, around)
        return inside if inside.kind == "task" else self.new("wrap", inside)

    def _race(self, size: int, around: Around) -> Block:
        """An event-based gateway: part n follows event n, of the kinds that come from outside in turn."""
        parts = [self.grow(part, around) for part in self._shares(size, self.dice.randint(2, 3))]
        return self.new("race", *parts, races=(self.outside * len(parts))[: len(parts)])

    def _stopping(self, size: int, around: Around) -> Block:
        """Two parts at once; when the first is done, a terminate end event ends the sub-process."""
        return self.new("stopping", *(self.beside(part, around) for part in self._shares(size, 2)))

    def _shares(self, size: int, count: int) -> list[int]:
        return [max(1, (size - 1) // count)] * count


KINDS = (
    *("sequence", "sequence", "choice", "inclusive", "parallel", "repeat", "wrap", "each", "call"),
    *("guarded", "beside", "catching", "listening", "race", "stopping", "again", "free", "undone", "undoable", "cancelled"),
)
