"""What the checks say of variables, against what really runs: random processes, every element that is entered.

What is called surely written must be there each time; what is there must have been called possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from engine.checks import Facts, Known, Library, World
from engine.feel import Feel
from engine.spiff.runner.token import Token
from engine.spiff.specs.element import Element
from tests.support.oracle.blocks import VARIABLES
from tests.support.oracle.driving import Drive

SEEDS = range(60)
LIBRARY = Library(Feel())
Visit = tuple[str, str, frozenset[str]]  # process, node, names that were there before its input mappings


@contextmanager
def watched() -> Iterator[set[Visit]]:
    seen: set[Visit] = set()
    run = Element._run_hook

    def watch(self: Element, my_task: Token) -> Any:
        if not my_task.memo.get("entered") and my_task.parent is not None:
            seen.add((my_task.workflow.model.id, self.name, frozenset(my_task.visible())))
        return run(self, my_task)

    with patch.object(Element, "_run_hook", watch):
        yield seen


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_sure_is_there_and_what_is_there_was_possible(seed: int) -> None:
    drive = Drive(seed, stored=False)
    with watched() as seen:
        drive.run()
    files = {f"processes/p{n}/p{n}.bpmn": content for n, content in enumerate(drive.drawing.files())}
    tasks = {block.name: (Known(f"done_{block.name}"),) for block in drive.block.every()}  # what the drive enters everywhere
    facts = Facts(starts={"p": tuple(map(Known, VARIABLES))}, tasks=tasks)
    world = World(LIBRARY, files, facts)
    for process, name, names in seen:
        flow = world.flow(process)
        node = flow.model.nodes[name]
        state, own = flow.before[node], flow.locals(node)
        for known in flow.names:
            if flow.is_sure(state, known):
                assert known in names, f"seed {seed}: {process} {name} was said to have {known} for sure"
        for there in {one for one in names - own if not one.startswith("c_")}:  # those are set from outside
            assert flow.is_possible(state, there) or flow.is_open(state), (
                f"seed {seed}: nothing was said to write {there} before {name}"
            )
