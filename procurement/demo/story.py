"""One purchase of the demo: what is known about it beforehand, and how it reaches the place where it stops."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from procurement.demo.reading import data

ENDED = "ended"  # the story goes on to its end
RUNNING = "running"  # it never stops


@dataclass
class Story:
    """``facts`` is what answers see as ``p``; the rest is found out while it is played."""

    facts: dict[str, Any]
    purchase_id: str = ""
    stopped: bool = False
    applied: set[str] = field(default_factory=set)
    bid: set[str] = field(default_factory=set)
    objected: bool = False  # to the publicised result
    reported: bool = False  # the problem of a rectification

    @property
    def start(self) -> dt.date:
        day: dt.date = self.facts["start"]
        return day

    @property
    def initiator(self) -> str:
        return str(self.facts["by"])

    @property
    def stop(self) -> str:
        return str(self.facts["stop"])

    @property
    def bidders(self) -> list[str]:
        return list(self.facts["bidders"])


def stories() -> list[Story]:
    """All purchases of the demo in the order they start."""
    known = data("purchases")
    return [Story(_complete(facts, known["fields"])) for facts in known["purchases"]]


def present() -> dt.datetime:
    """The demo's now, once everything is played."""
    moment: dt.datetime = data("purchases")["present"]
    return moment


def _complete(facts: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    staged = facts.get("staged", False)
    empty = {
        "community": None,
        "excluded": "",
        "answers": {},
        "agency": "agy-01",
        "staged": staged,
        "months": 3 if staged else 12,
    }
    by_code = fields.get(facts["code"][:3]) or fields[facts["code"][:1]]
    return {**empty, **by_code, **facts}
