"""The worker's round of the timers: fire what is due, several cases side by side, and say when to look again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

from engine.commands.fire_timers import fire
from engine.commands.workshop import Workshop
from engine.store import timers
from engine.store.timers import Due

AT_ONCE = 100  # timers read in one round
SHORTEST_S = 0.1  # between two rounds: timers that fall due meanwhile share a reading
BUSY_S = 0.25  # everything due is in other hands

# like the built-in: applies a function to each, in any order it likes
Spread = Callable[[Callable[[list[Due]], int], Iterable[list[Due]]], Iterable[int]]


def attend_timers(workshop: Workshop, *, ahead_s: float, spread: Spread = map) -> float:
    """Fire what is due; returns the seconds until the next timer that is known, at most ``ahead_s``, 0 when more is due."""
    now = workshop.clock.now()
    with workshop.database.unit_of_work() as uow:
        found = timers.due_within(uow, now, ahead_s, AT_ONCE)
    ready = [one for one in found if one.due_at <= now]
    fired = sum(spread(lambda group: sum(fire(workshop, one) for one in group), _by_case(ready)))
    if len(ready) == AT_ONCE:
        return 0 if fired else BUSY_S
    if fired < len(ready):
        return min(ahead_s, BUSY_S)
    wait = (found[len(ready)].due_at - workshop.clock.now()).total_seconds() if len(found) > len(ready) else ahead_s
    return min(ahead_s, max(SHORTEST_S, wait))


def _by_case(due: list[Due]) -> list[list[Due]]:
    """The timers of one case stay in order; the cases are mixed, so that several workers do not all begin with the same."""
    groups: dict[Any, list[Due]] = {}
    for one in due:
        groups.setdefault(one.root_key or (0, one.element_key), []).append(one)
    mixed = list(groups.values())
    random.shuffle(mixed)
    return mixed
