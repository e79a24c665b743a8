"""A thing with an id and properties, and what is different between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.comparing.model import ADDED, CHANGED, MOVED, REMOVED, Change, Difference
from engine.comparing.words import element_word

Property: TypeAlias = tuple[str, str]  # word and detail


@dataclass
class Thing:
    """``layout``: where it is drawn, as one text. ``refers``: which properties hold ids of other things."""

    id: str
    kind: str
    name: str = ""
    place: str = ""
    properties: dict[Property, str] = field(default_factory=dict)
    layout: str = ""
    refers: set[Property] = field(default_factory=set)

    def put(self, word: str, value: str | None, detail: str = "") -> None:
        """Keep a property that has a value; a second one of the same name goes below the first."""
        if value is None or value == "":
            return
        known = self.properties.get((word, detail))
        self.properties[word, detail] = value if known is None else f"{known}\n{value}"

    def refer(self, word: str, to: str | None, detail: str = "") -> None:
        self.put(word, to, detail)
        if to:
            self.refers.add((word, detail))


Things: TypeAlias = Mapping[str, Thing]
Shown: TypeAlias = Callable[[str], str]


def changes(before: Things, after: Things, same: Mapping[str, str]) -> list[Change]:
    """``same``: old id → new id of what is the same thing. In the order of the new file; what is gone comes last, as it stood."""
    old_of = {new: old for old, new in same.items()}
    found = []
    for id_, thing in after.items():
        if id_ not in old_of:
            found.append(_whole(thing, ADDED, shown_in(after)))
        elif (change := changed(before[old_of[id_]], thing, same, shown_in(before), shown_in(after))) is not None:
            found.append(change)
    return [*found, *(_whole(thing, REMOVED, shown_in(before)) for id_, thing in before.items() if id_ not in same)]


def changed(old: Thing, new: Thing, same: Mapping[str, str], shown_before: Shown, shown_after: Shown) -> Change | None:
    """None when they are the same."""
    found = list(_differences(old, new, same, shown_before, shown_after))
    if not found and old.id == new.id:
        return None
    kind = MOVED if found and all(one.is_layout for one in found) and old.id == new.id else CHANGED
    name = new.name or old.name or _between({p: shown_after(v) for p, v in new.properties.items() if p[0] in {"from", "to"}})
    return Change(kind, element_word(new.kind), new.id, old.id, name, new.place, differences=tuple(found))


def _differences(
    old: Thing, new: Thing, same: Mapping[str, str], shown_before: Shown, shown_after: Shown
) -> Iterable[Difference]:
    if old.kind != new.kind:
        yield Difference("type", element_word(old.kind), element_word(new.kind))
    for place in dict.fromkeys((*new.properties, *old.properties)):
        before, after = old.properties.get(place), new.properties.get(place)
        as_now = same.get(before, before) if before is not None and place in old.refers else before
        if as_now != after:
            word, detail = place
            yield Difference(
                word,
                shown_before(before) if before is not None and place in old.refers else before,
                shown_after(after) if after is not None and place in new.refers else after,
                detail,
            )
    if old.layout != new.layout:
        yield Difference("layout", old.layout, new.layout, is_layout=True)


def shown_in(things: Things) -> Shown:
    """An id as people know it: the name of the thing."""

    def shown(id_: str) -> str:
        found = things.get(id_)
        return found.name or id_ if found else id_

    return shown


def _whole(thing: Thing, kind: str, shown: Shown) -> Change:
    """A new or vanished thing with its main properties: what it is, not where."""
    is_new = kind == ADDED
    told = {
        place: shown(value) if place in thing.refers else value
        for place, value in thing.properties.items()
        if place[0] not in {"name", "inside", "other"}
    }
    differences = tuple(
        Difference(word, None if is_new else value, value if is_new else None, detail) for (word, detail), value in told.items()
    )
    now, was = (thing.id, None) if is_new else (None, thing.id)
    name = thing.name or _between(told)
    return Change(kind, element_word(thing.kind), now, was, name, thing.place, differences=differences)


def _between(told: Mapping[Property, str]) -> str:
    """A flow without a name is known by its ends."""
    ends = [told.get((word, ""), "") for word in ("from", "to")]
    return " → ".join(ends) if all(ends) else ""
