"""All cases of a replay together: how many go where, for which reason, and who would have had how much to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procurement.studio.replay.model import DETAILS, ELSEWHERE, IMPOSSIBLE, OPEN, SAME, Outcome, Reason, Work

RAN = (ELSEWHERE, DETAILS, SAME, OPEN)


@dataclass(frozen=True)
class Shift:
    """One band of the picture: so many cases were decided ``before`` so and are ``after`` so."""

    before: str
    after: str
    cases: int


@dataclass(frozen=True)
class Summary:
    """``reasons``: the most frequent first, for how many cases each. ``dimensions``: what can be pictured, with how many cases
    change in it, the most first. ``flows``: times each flow was taken, before and after; ``load``: by role.
    """

    total: int
    by_status: dict[str, int]
    reasons: tuple[tuple[Reason, int], ...]
    dimensions: tuple[tuple[str, int], ...]
    flows: dict[str, tuple[int, int]]
    load: dict[str, tuple[Work, Work]]


def summary(outcomes: Sequence[Outcome]) -> Summary:
    ran = [one for one in outcomes if one.status in RAN]
    reasons = Counter(reason for one in ran for reason in one.reasons)
    return Summary(
        len(outcomes),
        {status: sum(one.status == status for one in outcomes) for status in (*RAN, IMPOSSIBLE)},
        tuple(sorted(reasons.items(), key=lambda item: (-item[1], not item[0].leads_elsewhere, repr(item[0])))),
        _dimensions(ran),
        _flows(ran),
        _load(ran),
    )


def shifts(outcomes: Iterable[Outcome], dimension: str) -> list[Shift]:
    """The most cases first. A case without the dimension on one side is put under "-"."""
    pairs = Counter(
        (one.before.ways.get(dimension, "-"), one.after.ways.get(dimension, "-")) for one in outcomes if one.status in RAN
    )
    pairs.pop(("-", "-"), None)
    return [Shift(before, after, cases) for (before, after), cases in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]


def _dimensions(outcomes: Sequence[Outcome]) -> tuple[tuple[str, int], ...]:
    """Only what is on both sides or new on one; that in which nothing ever differs comes last."""
    every = dict.fromkeys(name for one in outcomes for side in (one.before, one.after) for name in side.ways)
    found = {name: sum(one.before.ways.get(name) != one.after.ways.get(name) for one in outcomes) for name in every}
    rank = {"decision": 0, "end": 1, "gateway": 2}
    return tuple(sorted(found.items(), key=lambda item: (item[1] == 0, rank[item[0].partition(":")[0]], -item[1], item[0])))


def _flows(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    before, after = Counter[str](), Counter[str]()
    for one in outcomes:
        before.update(one.before.flows)
        after.update(one.after.flows)
    return {flow: (before[flow], after[flow]) for flow in sorted(before.keys() | after.keys())}


def _load(outcomes: Sequence[Outcome]) -> dict[str, tuple[Work, Work]]:
    found: dict[str, tuple[Work, Work]] = {}
    for one in outcomes:
        for role in one.before.load.keys() | one.after.load.keys():
            old, new = found.get(role, (Work(0, 0), Work(0, 0)))
            found[role] = (_plus(old, one.before.load.get(role)), _plus(new, one.after.load.get(role)))
    return dict(sorted(found.items(), key=lambda item: (-item[1][1].days, item[0])))


def _plus(work: Work, more: Work | None) -> Work:
    return Work(work.tasks + more.tasks, work.days + more.days) if more else work
