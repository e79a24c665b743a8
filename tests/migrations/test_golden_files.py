"""What every earlier landed version stored can be taken over: nothing is lost, the history stays proven, every case goes on.

The files are made by ``python -m tests.support.golden`` and never changed afterwards.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import zstandard
from psycopg import sql
from sqlalchemy.engine import make_url

from engine.facade import ProcessEngine
from engine.model import SYSTEM
from procurement import registers
from procurement.demo import playing
from procurement.demo.playing import Play
from procurement.demo.story import present, stories
from procurement.office import Office
from tests.migrations import going_on
from tests.support.golden.scene import CLERK, STORIES, HandClock, compose, kept, said

DATA = Path(__file__).parent / "data"
GOLDEN = sorted(file.name.removesuffix(".sql.zst") for file in DATA.glob("*.sql.zst"))

# Tables whose rows an upgrade may write differently, as long as the facade says the same: looked at through the facade.
REWRITTEN = {"history", "alembic_version_engine", "alembic_version_procurement"}
# Where history is kept: entry by entry before migration 0004, command by command since.
CHAINS = ("history", "history_record")
# Columns an upgrade may fill in anew, because they follow from the rest of the row or of the history.
DERIVED = {"instance_state": {"seq", "hash", "version"}}
# What later versions store, too: the tasks that are completed in all
NEWER = {
    "undo": ["one", "two", "undo_two", "undo_one"],
    "cancel": ["pay", "pay_back"],
    "loop": ["turn_again"] * 3,
    "free": ["this", "that"],
    "suspended": ["first", "second"],
}


@dataclass
class Installation:
    """One golden file, restored and brought up to date. ``before`` are the rows as they were stored."""

    facts: dict[str, Any]
    office: Office
    engine: ProcessEngine
    clock: HandClock
    url: str
    before: dict[str, tuple[list[str], list[tuple[Any, ...]]]]

    @property
    def cases(self) -> dict[str, int]:
        return dict(self.facts["cases"])


def restored(new_database: Callable[..., str], name: str) -> str:
    """The address of a database as the earlier version left it."""
    url = new_database()
    statements = zstandard.ZstdDecompressor().decompress((DATA / f"{name}.sql.zst").read_bytes(), max_output_size=1 << 28)
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(statements)
    return url


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def rows(url: str, known: dict[str, list[str]] | None = None) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """All rows by table, with the names of the columns; ``known`` names the columns to read."""
    with psycopg.connect(plain(url)) as connection:
        listed = "select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, ordinal_position"
        tables: dict[str, list[str]] = {}
        for table, column in connection.execute(listed).fetchall():
            tables.setdefault(table, []).append(column)
        found = {}
        for table, columns in (known or tables).items():
            read = sql.SQL("select {} from {}").format(sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table))
            found[table] = (columns, sorted(connection.execute(read).fetchall(), key=repr))
        return found


@pytest.fixture(scope="module", params=GOLDEN)
def installation(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> Iterator[Installation]:
    facts = json.loads((DATA / f"{request.param}.json").read_text(encoding="utf-8"))
    url = restored(new_database, request.param)
    before = rows(url)
    clock = HandClock(dt.datetime.fromisoformat(facts["moment"]))
    office, engine = compose(url, clock, kept(DATA / f"{request.param}.files.zip"))
    engine.database.migrate()
    registers.migrate(engine.database)
    yield Installation(facts, office, engine, clock, url, before)
    engine.database.dispose()


def test_there_is_a_golden_file_of_every_landed_version():
    assert GOLDEN == ["landed-0001", "landed-0002", "landed-0003", "landed-0004"]


def test_every_stored_row_is_still_there_as_it_was(installation: Installation):
    watched = {table: columns for table, (columns, _) in installation.before.items() if table not in REWRITTEN}
    watched = {table: [name for name in columns if name not in DERIVED.get(table, ())] for table, columns in watched.items()}
    after = rows(installation.url, watched)
    for table, (columns, stored) in installation.before.items():
        if table not in REWRITTEN:
            kept = [index for index, name in enumerate(columns) if name in watched[table]]
            assert after[table][1] == sorted((tuple(row[i] for i in kept) for row in stored), key=repr), table
    filled = {table for table, (_, stored) in installation.before.items() if stored}
    assert filled >= {
        "user_task",
        "task_draft",
        "timer",
        "job",
        "incident",
        "message",
        "variable",
        "stored_files",
        "bid_contents",
        "purchases",
        "users",
    }


def test_the_history_says_what_it_said_and_is_proven_still(installation: Installation):
    assert installation.facts["sound"]
    report = installation.engine.verify()
    assert [str(one) for one in report.broken] == []
    for root_key, told in installation.facts["history"].items():
        assert said(installation.engine, int(root_key)) == told, root_key


def test_a_change_in_the_taken_over_history_is_found(installation: Installation):
    root_key = installation.cases["old"]
    with psycopg.connect(plain(installation.url), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for table in CHAINS:
            fifth = connection.execute(f"select seq from {table} where root_key = %s order by seq offset 4 limit 1", (root_key,))
            for (seq,) in fifth.fetchall():
                where = f"where root_key = {root_key} and seq = {seq}"
                connection.execute(f"update {table} set actor = actor || 'x' {where}")
                broken = installation.engine.verify(root_key).broken
                connection.execute(f"update {table} set actor = left(actor, -1) {where}")
                assert [(one.root_key, one.seq <= seq) for one in broken] == [(root_key, True)]
    assert installation.engine.verify(root_key).sound


def test_drafts_claims_and_answers_given_before_the_upgrade_are_kept(installation: Installation):
    engine, cases = installation.engine, installation.cases
    (task,) = engine.tasks(root_key=cases["claimed with a draft"])
    assert task.assignee == CLERK.user_id
    assert engine.draft(task.key, CLERK) == {"note": "half written"}
    assert engine.task_form(task.key, actor=CLERK).values["note"] == "half written"
    again = engine.start_process("waits_task", {}, actor=CLERK, business_key="open", command_id="start open")
    assert again.key == cases["open"], "a command sent again after the upgrade happens once"
    assert going_on.value(engine, cases["changed by hand"], "object") == {"a": [1, Decimal("2.5"), None, "文"]}


def test_every_case_goes_on_to_its_end_with_todays_engine(installation: Installation):
    engine, cases = installation.engine, installation.cases
    going_on.finish(engine, installation.clock, cases)
    assert {name: engine.instance(key).state for name, key in cases.items()} == {
        **dict.fromkeys(cases, "completed"),
        "cancelled": "terminated",
    }
    assert going_on.value(engine, cases["votes"], "votes") == ["yes", "no", "yes", "yes", None]
    assert going_on.value(engine, cases["turns"], "numbers") == [Decimal("10.5"), 21, Decimal("31.5")]
    assert going_on.value(engine, cases["inside"], "counted_inside") == 1
    assert going_on.done(engine, cases["inside"]).count("remind") == 3
    assert going_on.value(engine, cases["called"], "child_said") == "42after child_task"
    assert going_on.value(engine, cases["outside"], "rang") == 1
    assert engine.elements(cases["incident"], element_id="incident_e", state="completed").total == 1
    assert going_on.value(engine, cases["job given up"], "painted") == "red"
    for name, tasks in NEWER.items():
        assert name not in cases or going_on.done(engine, cases[name]) == tasks
    assert engine.verify().sound


def test_what_waits_without_a_case_is_still_awaited(installation: Installation):
    engine = installation.engine
    started = engine.instances(process_id="waits_start").total
    engine.correlate_message("golden_begin", "", {}, actor=CLERK)
    assert engine.instances(process_id="waits_start").total == started + 1
    installation.clock.set(installation.clock.now() + dt.timedelta(days=8))
    while engine.fire_due_timers():
        pass
    assert engine.instances(process_id="waits_start").total >= started + 2
    case = engine.start_process("waits_outside", {"key": "K-later"}, actor=CLERK)
    assert going_on.value(engine, case.key, "kept") is True, "a message that was kept for later"


def test_the_purchases_go_on_to_where_their_stories_stop(installation: Installation, monkeypatch: pytest.MonkeyPatch):
    office, engine, clock = installation.office, installation.engine, installation.clock
    chosen = [story for story in stories() if story.facts["key"] in STORIES]
    monkeypatch.setattr(playing, "stories", lambda: chosen)
    clock.moment = dt.datetime.fromisoformat(installation.facts["moment"])  # the other cases went on for weeks
    play = Play(office, engine, clock.set, matters=[])  # what is stored came before the matters
    play.until(present())
    assert play.unfinished() == []
    assert engine.incidents(state="active").total == 0
    for story in chosen:
        purchase = next(p for p in office.purchases.search(limit=100).items if p.title == story.facts["title"])
        waiting = {task.element_id for task in engine.tasks(business_key=purchase.id, limit=100).items}
        assert purchase.ended_at is not None if story.stop == "ended" else story.stop in waiting
        assert engine.verify(purchase.process_key).sound
    budget = office.planning.budgets(2026)
    assert sum(b.committed for b in budget) > 0


def test_new_cases_of_the_stored_definitions_start_as_before(installation: Installation):
    engine = installation.engine
    case = engine.start_process("waits_task", {}, actor=CLERK)
    (task,) = engine.tasks(root_key=case.key)
    engine.complete_task(task.key, {"note": "new"}, actor=CLERK)
    engine.cancel_instance(case.key, actor=SYSTEM, reason="enough")
    assert engine.verify(case.key).sound
