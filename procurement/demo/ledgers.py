"""What stands in the demo office's ledgers from before: ``data/ledgers/<id>.yaml``, a list of {values, valid_from, valid_until, purchase}."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from engine.model import Actor
from procurement.demo.reading import data
from procurement.demo.registers import RECORDER
from procurement.demo.story import stories
from procurement.ledgers import NewEntry
from procurement.office import Office

DEMO = Actor(RECORDER, system=True)


@cache
def seeded() -> tuple[str, ...]:
    """Ids of the ledgers with something in them."""
    folder = files("procurement.demo") / "data" / "ledgers"
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml")))


def fill_ledgers(office: Office) -> None:
    """Before the purchases are played: what belongs to none of them. The processes and forms must be deployed."""
    for id_ in seeded():
        _seed(office, id_, [row for row in data(f"ledgers/{id_}") if not row.get("purchase")], lambda _row: None)


def fill_ledgers_of_purchases(office: Office) -> None:
    """After the purchases were played: what belongs to one of them."""
    titles = {story.facts["key"]: story.facts["title"] for story in stories()}
    numbers = {purchase.title: purchase.id for purchase in office.purchases.search(limit=500).items}

    for id_ in seeded():
        rows = [row for row in data(f"ledgers/{id_}") if row.get("purchase")]
        there = [row for row in rows if titles[row["purchase"]] in numbers]  # a demo may play some of its stories only
        _seed(office, id_, there, lambda row: numbers[titles[row["purchase"]]])


def _seed(office: Office, id_: str, rows: list[Mapping[str, Any]], number: Callable[[Mapping[str, Any]], str | None]) -> None:
    entries = [_entry(row, number(row)) for row in rows]
    if entries:
        office.ledgers.seed(id_, entries, at=office.desk.now(), actor=DEMO)


def _entry(row: Mapping[str, Any], purchase: str | None) -> NewEntry:
    from_, until = _day(row["valid_from"]), row.get("valid_until")
    return NewEntry(row["values"], from_, _day(until) if until else None, purchase)


def _day(value: str | dt.date) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
