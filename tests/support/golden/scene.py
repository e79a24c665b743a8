"""What a golden file holds. Run by ``tests.support.golden`` with the version that is to be remembered on the path, so only
what every version offers is used here: the facade, and the demo's registers and play.

Prints one JSON object: what the history said through the facade, and where each case stands. What lies in the file store goes
into a zip beside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import obstore
from obstore.store import MemoryStore

from engine.facade import Database, ProcessEngine
from engine.feel import Feel
from engine.model import SYSTEM, Actor, Resource
from procurement import registers
from procurement.calendar import extensions
from procurement.demo import playing
from procurement.demo.playing import Play
from procurement.demo.registers import RECORDER, load_registers
from procurement.demo.story import stories
from procurement.effects import EFFECTS
from procurement.files import FileStore
from procurement.office import Office
from procurement.operations import OPERATIONS
from procurement.registers.office_calendar import OfficeCalendar

HERE = Path(__file__).parent
ZONE = dt.timezone(dt.timedelta(hours=8))
CLERK = Actor("clerk", frozenset({"office"}))
CHIEF = Actor("chief", frozenset({"office", "leaders"}))
FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "waits",
    "components": [
        {"type": "textfield", "id": "f1", "key": "note", "label": "Note"},
        {"type": "textfield", "id": "f2", "key": "vote", "label": "Vote"},
    ],
}
STORIES = ("wqst", "knwj", "cjzj", "sdb")  # one canteen, one survey, one open comparison, one rectification
UNTIL = dt.datetime(2026, 4, 8, 9, tzinfo=ZONE)


class HandClock:
    """Stands still until it is moved, so that a golden file says the same whenever it is made."""

    def __init__(self, start: dt.datetime) -> None:
        self.moment = start

    def now(self) -> dt.datetime:
        return self.moment

    def set(self, moment: dt.datetime) -> None:
        self.moment = max(self.moment, moment)


def compose(url: str, clock: HandClock, store: MemoryStore) -> tuple[Office, ProcessEngine]:
    database = Database(url)
    feel = Feel(extensions(OfficeCalendar(database)))
    engine = ProcessEngine(database, clock=clock, feel=feel, operations=OPERATIONS, effects=EFFECTS)
    return Office(database, engine, FileStore(store), clock, demo=True), engine


def keep(store: MemoryStore, target: Path) -> None:
    """Write the files of the store into a zip, by their places."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        places = sorted(found["path"] for batch in obstore.list(store) for found in batch)
        for place in places:
            zipped.writestr(zipfile.ZipInfo(place), bytes(obstore.get(store, place).bytes()), zipfile.ZIP_DEFLATED)


def kept(source: Path) -> MemoryStore:
    """The store that a golden file came with; the first three came without."""
    store = MemoryStore()
    if source.exists():
        with zipfile.ZipFile(source) as zipped:
            for place in zipped.namelist():
                obstore.put(store, place, zipped.read(place))
    return store


def newer(engine: ProcessEngine) -> list[Resource]:
    """Waits that not every version knows; nothing where they are refused."""
    drawn = [Resource("waits_newer.bpmn", (HERE / "waits_newer.bpmn").read_bytes()), form()]
    return [] if any(problem.severity == "error" for problem in engine.check(drawn)) else drawn


def form() -> Resource:
    return Resource("waits.form", json.dumps(FORM).encode())


def designed(root: Path) -> list[Resource]:
    """The designers' files of the version that is remembered, and the waits."""
    paths = [path for folder in ("processes", "forms") for path in sorted((root / folder).rglob("*"))]
    found = [Resource(str(p.relative_to(root)), p.read_bytes()) for p in paths if p.suffix in {".bpmn", ".dmn", ".form"}]
    return [*found, Resource("waits.bpmn", (HERE / "waits.bpmn").read_bytes()), form()]


def play(office: Office, engine: ProcessEngine, clock: HandClock) -> None:
    """A few of the demo's purchases, up to a morning on which each is half way."""
    chosen = [story for story in stories() if story.facts["key"] in STORIES]
    playing.stories = lambda: chosen  # type: ignore[assignment]
    first = dt.datetime.combine(chosen[0].start, dt.time(9), ZONE)
    clock.set(first)
    with office.desk.editing(Actor(RECORDER, system=True)) as session:
        load_registers(session, first)
    Play(office, engine, clock.set).until(UNTIL)


class Waits:
    """Cases that stand at every kind of wait, by name."""

    def __init__(self, engine: ProcessEngine, clock: HandClock) -> None:
        self.engine, self.clock = engine, clock
        self.cases: dict[str, int] = {}

    def start(self, name: str, process_id: str, **variables: Any) -> int:
        found = self.engine.start_process(process_id, variables, actor=CLERK, business_key=name, command_id=f"start {name}")
        self.cases[name] = found.key
        return found.key

    def complete(self, name: str, element_id: str, **values: Any) -> None:
        tasks = [t for t in self.engine.tasks(root_key=self.cases[name]) if t.element_id == element_id]
        self.engine.complete_task(tasks[0].key, values, actor=CLERK, command_id=f"{name} {element_id} {tasks[0].key}")

    def make(self) -> None:
        self._tasks()
        self._many()
        self._outside()
        self._stopped()
        self._over()
        if any(self.engine.definitions(kind="process", id="waits_undo")):
            self._newer()
        if hasattr(self.engine, "suspend_instance"):
            key = self.start("suspended", "waits_task")
            self.engine.suspend_instance(key, actor=SYSTEM, reason="wait for a decision")

    def _tasks(self) -> None:
        self.start("open", "waits_task")
        key = self.start("claimed with a draft", "waits_task", amount=1)
        task = next(iter(self.engine.tasks(root_key=key)))
        self.engine.claim_task(task.key, actor=CLERK)
        self.engine.save_draft(task.key, {"note": "half written"}, actor=CLERK)
        key = self.start("sent back", "waits_task")
        self.complete("sent back", "first", note="so")
        task = next(iter(self.engine.tasks(root_key=key)))
        self.engine.return_task(task.key, "first", "not like this", actor=CLERK)
        self.start("old", "waits_task")
        for _ in range(60):
            self.complete("old", "first", note="turn")
            self.complete("old", "second", note="again")
        self.complete("old", "first", note="last")

    def _many(self) -> None:
        self.start("votes", "waits_votes", people=["a", "b", "c", "d", "e"])
        self.complete("votes", "vote", vote="yes")
        self.complete("votes", "vote", vote="no")
        self.start("turns", "waits_turns")
        self.complete("turns", "one")

    def _outside(self) -> None:
        self.start("time", "waits_time")
        self.start("outside", "waits_outside", key="K-1")
        self.engine.broadcast_signal("golden_bell", {"rang": 1}, actor=SYSTEM)
        self.start("outside too", "waits_outside", key="K-2")
        self.start("inside", "waits_inside", key="K-3")
        self.engine.correlate_message("golden_news", "K-3", {"heard": "once"}, actor=CLERK)
        self.clock.set(self.clock.now() + dt.timedelta(days=1, minutes=1))
        while self.engine.fire_due_timers():
            pass
        self.start("called", "waits_called", amount=21)
        self.engine.publish_message(
            "golden_news", "K-later", {"kept": True}, actor=CLERK, time_to_live=dt.timedelta(days=400), message_id="golden 1"
        )

    def _stopped(self) -> None:
        self.start("failed", "waits_failed")
        self.start("incident", "waits_incident", mended="no number")
        for name in ("job open", "job taken", "job given up"):
            self.start(name, "waits_job", key=name)
        jobs = self.engine.activate_jobs("golden_paint", "painter", timeout=dt.timedelta(minutes=5), max_jobs=10)
        for job in jobs:
            if job.root_key == self.cases["job open"]:
                self.engine.fail_job(job.key, retries=1, message="no brush", back_off=dt.timedelta(hours=1), actor=SYSTEM)
            elif job.root_key == self.cases["job given up"]:
                self.engine.fail_job(job.key, retries=0, message="no paint left", actor=SYSTEM)

    def _over(self) -> None:
        self.start("completed", "waits_task")
        self.complete("completed", "first", note="a")
        self.complete("completed", "second", note="b")
        key = self.start("cancelled", "waits_task")
        self.engine.cancel_instance(key, actor=SYSTEM, reason="not needed")
        key = self.start("changed by hand", "waits_task", amount=1)
        self.engine.set_variables(key, {"amount": 2, "object": {"a": [1, 2.5, None, "文"]}}, actor=SYSTEM)
        self.engine.correlate_message("golden_begin", "", {"by": "message"}, actor=CLERK)

    def _newer(self) -> None:
        self.start("condition", "waits_condition", mended=0)
        self.start("undo", "waits_undo")
        self.complete("undo", "one", note="a")
        self.complete("undo", "two", note="b")
        self.start("cancel", "waits_cancel")
        self.complete("cancel", "pay", note="a")
        self.start("loop", "waits_loop")
        self.complete("loop", "turn_again", note="a")
        self.start("free", "waits_free")
        self.complete("free", "this", note="a")


def said(engine: ProcessEngine, root_key: int) -> dict[str, Any]:
    """What the history of a case says, without how it is kept: number of entries and a digest of their content."""
    digest = hashlib.sha256()
    entries = engine.history(root_key)
    for e in entries:
        line = [e.at.astimezone(dt.UTC).isoformat(), e.kind, e.instance_key, e.element_id, e.element_key, e.actor, e.data]
        digest.update(json.dumps(line, sort_keys=True, default=str).encode())
    return {"entries": len(entries), "digest": digest.hexdigest()}


def main() -> None:
    clock = HandClock(dt.datetime(2026, 1, 5, 9, tzinfo=ZONE))
    store = MemoryStore()
    office, engine = compose(os.environ["DATABASE_URL"], clock, store)
    engine.database.migrate()
    registers.migrate(engine.database)
    engine.deploy([*designed(Path(sys.argv[1])), *newer(engine)[:1]], actor=SYSTEM, note="golden")
    play(office, engine, clock)
    waits = Waits(engine, clock)
    waits.make()
    roots = [0, *(found.key for found in engine.instances(roots_only=True, limit=None))]
    facts = {
        "moment": clock.now().isoformat(),
        "cases": waits.cases,
        "history": {str(root): said(engine, root) for root in roots},
        "sound": engine.verify().sound,
    }
    engine.database.dispose()
    keep(store, Path(sys.argv[2]))
    json.dump(facts, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
