"""All of the engine's rules over a set of files, and the variables known at one element."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.checks import callers, catalogue, deploying, drawing, fields, variables, ways_out
from engine.checks.finding import Finding
from engine.checks.world import World

Check = Callable[[World], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (drawing.findings, variables.findings, ways_out.findings, fields.findings, callers.findings)


def findings(world: World, more: Iterable[Check] = ()) -> list[Finding]:
    """Everything found, in the files' order. ``more``: the application's own checks."""
    found = [*_deploying(world), *(one for check in (*CHECKS, *more) for one in check(world))]
    unique = {(one.order, one.cell): one for one in found}
    return sorted(unique.values(), key=lambda one: one.order)


def _deploying(world: World) -> Iterator[Finding]:
    """That a gateway has no default flow is said better, or not at all, where its conditions have been looked at: at once, or
    when the errors of the file are mended.
    """
    looked_at = {model.file for model in world.processes.values()}
    looked_at |= {path for path, read in world.reads.items() if any(one.severity == "error" for one in read.problems)}
    for one in deploying.findings(world):
        if one.rule != catalogue.NO_WAY_OUT.code or one.file not in looked_at:
            yield one
