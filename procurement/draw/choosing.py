"""Who is drawn: the shuffled list from its front, after the minimum of each stratum was taken (财库〔2016〕198号, by field)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from procurement.draw.sampling import shuffled


class TooFew(ValueError):
    """{available} candidates are there for {needed} seats, or a stratum has too few of its own."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{available} candidates for {needed} seats")
        self.available = available


@dataclass(frozen=True)
class Stratum:
    """At least so many of the drawn carry the mark ``name``."""

    name: str
    at_least: int


@dataclass(frozen=True)
class Chosen:
    """Both in the order the seed gave; alternates are called in that order."""

    drawn: tuple[str, ...]
    alternates: tuple[str, ...]


def chosen(
    seed: str, marks: Mapping[str, Collection[str]], seats: int, alternates: int, strata: Sequence[Stratum] = ()
) -> Chosen:
    """``marks``: candidate → its strata. Raises TooFew."""
    order = shuffled(seed, marks)
    picked = _picked(order, marks, seats, strata)
    drawn = tuple(key for key in order if key in picked)
    return Chosen(drawn, tuple(key for key in order if key not in picked)[:alternates])


def check(marks: Mapping[str, Collection[str]], seats: int, strata: Sequence[Stratum] = ()) -> None:
    """Whether a draw can succeed at all, whatever the seed. Raises TooFew."""
    _picked(sorted(marks), marks, seats, strata)


def next_alternate(
    waiting: Sequence[str], panel: Collection[str], marks: Mapping[str, Collection[str]], strata: Sequence[Stratum], seats: int
) -> str | None:
    """The first alternate with whom the strata can still be kept; None when nobody is left who could."""
    for key in waiting:
        filled = {*panel, key}
        free = seats - len(filled)
        if sum(max(0, s.at_least - _count(filled, marks, s.name)) for s in strata) <= max(free, 0):
            return key
    return None


def _picked(order: Sequence[str], marks: Mapping[str, Collection[str]], seats: int, strata: Sequence[Stratum]) -> set[str]:
    if seats > len(order) or sum(s.at_least for s in strata) > seats:
        raise TooFew(seats, len(order))
    picked: set[str] = set()
    for stratum in strata:
        own = [key for key in order if stratum.name in marks[key] and key not in picked]
        missing = stratum.at_least - _count(picked, marks, stratum.name)
        if missing > len(own):
            raise TooFew(seats, len(picked) + len(own))
        picked.update(own[: max(missing, 0)])
    picked.update([key for key in order if key not in picked][: seats - len(picked)])
    return picked


def _count(keys: Collection[str], marks: Mapping[str, Collection[str]], name: str) -> int:
    return sum(name in marks[key] for key in keys)
