"""Random processes, stopped at a random point, edited at random and migrated: what is judged safe runs to its end as the
new diagram says, told by the oracle, whose live state gets the same edits; what is refused goes on untouched.
"""

from __future__ import annotations

import copy
import os
import random
from collections import Counter
from collections.abc import Iterator
from unittest import mock

from engine.spiff import CannotMove
from tests.support.oracle import driving
from tests.support.oracle.blocks import Block
from tests.support.oracle.drawing import Drawing
from tests.support.oracle.driving import Drive
from tests.support.oracle.flows import Sequence
from tests.support.oracle.live import World
from tests.unit.spiff.diagrams import HEAD

RUNS = int(os.environ.get("BIXUAN_FUZZ", "120"))
EDITED = frozenset({"sequence", "choice", "wrap", "repeat"})  # whose parts may be put beside something new


class StableDrawing(Drawing):
    """Gives every block the ids it had when it was drawn before."""

    def __init__(self, block: Block, known: dict[tuple[str, str, int], str]) -> None:
        self.known, self.owners, self.asked = known, [""], Counter[tuple[str, str]]()
        super().__init__(block)

    def block(self, block: Block) -> tuple[str, str, str]:
        self.owners.append(block.name)
        drawn = super().block(block)
        self.owners.pop()
        return drawn

    def id(self, prefix: str) -> str:
        owner = self.owners[-1]
        self.asked[owner, prefix] += 1
        return self.known.setdefault((owner, prefix, self.asked[owner, prefix]), f"{prefix}_{len(self.known) + 1}")

    def main(self) -> bytes:
        return f"{HEAD}{self.process}{''.join(self.roots.values())}</definitions>".encode()


class Editor:
    """Changes a tree of blocks, and what is live of it, in the same way. Called processes have versions of their own."""

    def __init__(self, dice: random.Random, block: Block, world: World, made: int) -> None:
        self.dice, self.block, self.world, self.made = dice, block, world, made
        self.lost = False  # the part a live sequence stands at is gone

    def edit(self) -> None:
        kind = self.dice.choice(["insert", "insert", "remove", "swap", "branch", "wrap", "prune"])
        getattr(self, f"_{kind}")()

    def _task(self) -> Block:
        self.made += 1
        return Block("task", f"new{self.made}", writes="v0")

    def _blocks(self) -> Iterator[Block]:
        open_blocks = [self.block]
        while open_blocks:
            block = open_blocks.pop()
            yield block
            if block.kind != "call":
                open_blocks += block.parts

    def _some(self, kind: str, least: int) -> Block | None:
        found = [block for block in self._blocks() if block.kind == kind and len(block.parts) >= least]
        return self.dice.choice(found) if found else None

    def _live(self) -> list[Sequence]:
        return [live for live in self.world.root.walk() if isinstance(live, Sequence)]

    def _sequence(self, least: int, change) -> None:
        """Each live one goes on after the part it stands at, wherever that is now. The first part stays (see ``blocks``)."""
        block = self._some("sequence", least)
        if block is None:
            return
        live = [(one, one.parts[0].block) for one in self._live() if one.block is block]
        change(block.parts)
        for one, current in live:
            places = [n for n, part in enumerate(block.parts) if part is current]
            self.lost |= not places
            one.turn = places[0] if places else 0

    def _insert(self) -> None:
        self._sequence(1, lambda parts: parts.insert(self.dice.randrange(1, len(parts) + 1), self._task()))

    def _remove(self) -> None:
        self._sequence(2, lambda parts: parts.pop(self.dice.randrange(1, len(parts))))

    def _swap(self) -> None:
        def swap(parts: list[Block]) -> None:
            one, other = self.dice.sample(range(1, len(parts)), 2)
            parts[one], parts[other] = parts[other], parts[one]

        self._sequence(3, swap)

    def _branch(self) -> None:
        block = self._some("parallel", 1)
        if block is not None:
            block.parts.append(self._task())

    def _prune(self) -> None:
        block = self._some("parallel", 3)
        if block is not None:
            block.parts.pop()

    def _wrap(self) -> None:
        """A new task beside a task."""
        places = [part for parent in self._blocks() if parent.kind in EDITED for part in parent.parts if part.kind == "task"]
        if not places:
            return
        old = self.dice.choice(places)
        new = Block("parallel", f"beside_{old.name}_{self.made}", [old, self._task()])
        for owner in [*self._blocks(), *(live.block for live in self._live())]:
            if owner is not new:
                owner.parts[:] = [new if part is old else part for part in owner.parts]


class Migrating(Drive):
    """A run in which the case is migrated, or is refused to be, at two of its first steps."""

    def __init__(self, seed: int, seen: Counter[str]) -> None:
        self.seen, self.known = seen, {}
        with mock.patch.object(driving, "Drawing", lambda block: StableDrawing(block, self.known)):
            super().__init__(seed, stored=seed % 2 == 0)
        self.moves = set(self.dice.sample(range(1, 9), 2))

    def step(self) -> None:
        super().step()
        if self.steps in self.moves and not self.world.ended:
            self.migrate()

    def migrate(self) -> None:
        block, world = copy.deepcopy((self.block, self.world))
        editor = Editor(self.dice, block, world, 1000 * self.steps)
        edits = self.dice.randint(0, 2)
        for _ in range(edits):
            editor.edit()
        target = self.case.office.deploy(StableDrawing(block, self.known).main())
        before = self.case.execution.snapshot()
        try:
            self.case.do(lambda run: run.migrate(run.root_key, target, {}))
        except CannotMove as refused:
            self.seen.update(finding.code for finding in refused.findings)
            self._same("edits that can be refused", edits > 0, True)
            self._same("what was refused", self.case.execution.snapshot(), before)
            return
        self._same("what was judged safe", editor.lost, False)
        self.seen["safe"] += 1
        self.block, self.world = block, world
        self.items = [f"item_{one.name}" for one in block.every() if one.kind == "each"]


def test_what_is_judged_safe_runs_as_the_new_diagram_says_and_what_is_refused_is_untouched():
    seen: Counter[str] = Counter()
    for seed in range(RUNS):
        Migrating(seed, seen).run()
    assert seen["safe"] > RUNS / 4, seen
    assert seen["element_removed"], seen
    assert seen["join_would_hang"], seen
