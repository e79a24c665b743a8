"""The matters of the demo: when each begins, about what, how its people answer, and where it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from engine.facade import ProcessEngine
from engine.model import UserTask
from procurement.demo.answers import as_sent
from procurement.demo.paper import sheet
from procurement.demo.people import People
from procurement.demo.reading import data
from procurement.demo.story import ENDED, RUNNING, Story
from procurement.office import Office
from procurement.registers.matters import Matter

BY_THE_CALENDAR = "procurement_officer"  # whoever stands in for a starter in a matter that nobody began

NAMED_BY_THEMSELVES = ("organisation", "agency")  # the others name a story by its key


@dataclass
class MatterStory:
    """``facts``: the row of data/matters/<process>.yaml, with the facts of the purchase it is about."""

    process_id: str
    facts: dict[str, Any]
    root_key: int = 0
    number: str = ""
    stopped: bool = False

    @property
    def by(self) -> str:
        return str(self.facts["by"])

    @property
    def stop(self) -> str:
        return str(self.facts.get("stop", RUNNING))

    def answers(self, task_id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = as_sent((self.facts.get("answers") or {}).get(task_id, {}))
        return found


def matter_stories() -> list[MatterStory]:
    """All of them, in the order they begin."""
    folder = files("procurement.demo") / "data" / "matters"
    names = (
        sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml"))
        if folder.is_dir()
        else []
    )
    found = [MatterStory(name, dict(row)) for name in names for row in data(f"matters/{name}")]
    return sorted(found, key=lambda story: (story.facts["start"], story.process_id, story.facts["key"]))


class Matters:
    """Begins the stories' matters on their day, and knows whose task is whose."""

    def __init__(
        self,
        office: Office,
        engine: ProcessEngine,
        people: People,
        purchases: Sequence[Story],
        told: Sequence[MatterStory] | None = None,
    ) -> None:
        self._office, self._engine, self._people = office, engine, people
        self._purchases = {story.facts["key"]: story for story in purchases}
        self.stories = [story for story in (matter_stories() if told is None else told) if self._is_told(story)]
        self._by_root: dict[int, MatterStory] = {}
        self._files: dict[int, dict[str, Any]] = {}

    def _is_told(self, story: MatterStory) -> bool:
        """Not when it is about a purchase that is not among those played."""
        about = story.facts.get("about") or {}
        return all(kind in NAMED_BY_THEMSELVES or name in self._purchases for kind, name in about.items())

    def begin(self, day: dt.date) -> None:
        """Whatever should have begun by today and can: a matter about a contract waits until it is signed."""
        for story in self.stories:
            if not story.root_key and story.facts["start"] <= day:
                subject = self._subject(story.facts.get("about") or {})
                if subject is not None:
                    self._begin(story, subject)

    def of(self, task: UserTask) -> MatterStory | None:
        """None for a task of something that is no matter. One that the calendar began has a story without facts."""
        if task.root_key not in self._by_root:
            matter = self._office.matters.of_case(task.root_key)
            if matter is None:
                return None
            purchase = next((s for s in self._purchases.values() if s.purchase_id and s.purchase_id == matter.purchase_id), None)
            facts = {**(purchase.facts if purchase else {}), "answers": {}, "by": self._people.somebody(BY_THE_CALENDAR).user_id}
            self._by_root[task.root_key] = MatterStory(matter.process_id, facts, task.root_key, matter.id)
        return self._by_root[task.root_key]

    def file(self, story: MatterStory) -> dict[str, Any]:
        """A paper to attach, uploaded once for each matter."""
        if story.root_key not in self._files:
            by = self._people.actor(story.by)
            stored = self._office.files.upload([sheet(story.number)], "材料.pdf", actor=by, purchase_id=story.number)
            self._files[story.root_key] = stored.as_variable()
        return self._files[story.root_key]

    def unfinished(self) -> list[str]:
        """Stories that are not where they should be, for the tests."""
        missing = []
        for story in self.stories:
            ended = bool(story.root_key) and self._engine.instance(story.root_key).ended_at is not None
            if not (story.root_key and (story.stopped or story.stop == RUNNING or (story.stop == ENDED and ended))):
                missing.append(f"{story.process_id} {story.facts['key']}")
        return missing

    def _begin(self, story: MatterStory, subject: str) -> None:
        actor = self._people.actor(story.by)
        matter = self._office.matters.start(
            story.process_id, subject, actor=actor, command_id=f"demo {story.process_id} {story.facts['key']}"
        )
        self._know(story, matter)

    def _know(self, story: MatterStory, matter: Matter) -> None:
        about = self._purchases.get(
            (story.facts.get("about") or {}).get("contract") or (story.facts.get("about") or {}).get("purchase")
        )
        story.facts = {**(about.facts if about else {}), **story.facts, **(story.facts.get("facts") or {})}
        story.root_key, story.number = matter.process_key or 0, matter.id
        self._by_root[story.root_key] = story

    def _subject(self, about: Mapping[str, str]) -> str | None:
        """The id of what the matter is about; empty for nothing, None while it is not there yet."""
        for kind, name in about.items():
            if kind in NAMED_BY_THEMSELVES:
                return name
            purchase_id = self._purchases[name].purchase_id
            if not purchase_id:
                return None
            if kind == "purchase":
                return purchase_id
            purchase = self._office.purchases.get(purchase_id)
            return (
                purchase.contract_id
                if purchase.status in ("delivering", "contracted", "accepted", "archived", "terminated")
                else None
            )
        return ""
