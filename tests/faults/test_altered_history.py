"""Every change of one character in a stored history is found, in the database and in an exported file."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.facade import Database, ProcessEngine
from engine.facade.evidence import verify_history_file
from engine.queries import history
from engine.store.chain import Head, hash_of_single
from tests.integration.engine.office import HandClock, Office

CHANGES = 1_000
SINGLES = 4  # entries of the time before records


@pytest.fixture(scope="module")
def told(new_database: Callable[..., str], migrated: str) -> Iterator[ProcessEngine]:
    """A few cases with a history in both formats."""
    import datetime as dt

    database = Database(new_database(migrated))
    office = Office(database, HandClock(dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))))
    process = office.deploy("s -> u1 -> u2 -> e")
    for number in range(3):
        case = office.start(process, title=f"居家照护 {number}")
        office.complete(case.key, "u1", note='好的 \\ "quoted"')
        if number:
            office.complete(case.key, "u2", note="done")
    with database.engine.begin() as connection, Session(connection) as session:
        _age(session)
    yield office.engine
    database.dispose()


def _age(session: Session) -> None:
    """A case as migration 0004 found it: its rows hold one entry each."""
    root, head = 77, Head(0, "")
    for number in range(1, SINGLES + 1):
        row: dict[str, Any] = {
            "root_key": root, "seq": number, "at": "2026-01-05T01:02:03.000004+00:00", "kind": "element_completed",
            "instance_key": root, "element_id": f"step_{number}", "element_key": number, "actor": "clerk",
            "data": '{"said":"好"}', "previous": head.hash,
        }  # fmt: skip
        row["hash"] = hash_of_single(row)
        head = Head(number, row["hash"])
        columns = ", ".join(row)
        session.execute(text(f"insert into history ({columns}) values ({', '.join(':' + name for name in row)})"), row)
    values = {"root": root, "seq": head.seq, "hash": head.hash}
    session.execute(
        text("insert into instance_state (root_key, version, snapshot, seq, hash) values (:root, 1, '', :seq, :hash)"), values
    )
    session.commit()


COLUMNS = {
    "history": ("root_key", "seq", "at", "kind", "instance_key", "element_id", "element_key", "actor", "data", "previous", "hash"),
    "history_record": (
        "root_key", "seq", "first_seq", "at", "actor", "kinds", "elements", "entries", "previous", "hash",
    ),
    "instance_state": ("seq", "hash"),
}  # fmt: skip


def changed(value: Any, chance: random.Random) -> Any:
    """The same value with one character, or one bit, that is another."""
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(6, 20))  # not the number of a neighbour, which the table itself refuses
    if isinstance(value, list):
        place = chance.randrange(len(value)) if value else 0
        return [*value[:place], changed(value[place] if value else "", chance), *value[place + 1 :]]
    if isinstance(value, str):
        place = chance.randrange(len(value)) if value else 0
        other = chance.choice([c for c in 'abc0189 .:{}[]",\\n好' if c != value[place : place + 1]])
        return value[:place] + other + value[place + 1 :]
    import datetime as dt

    return value + dt.timedelta(microseconds=1 << chance.randrange(30))


def test_a_thousand_changes_in_the_database_are_found(told: ProcessEngine):
    chance = random.Random(20260302)
    assert told.verify().sound
    missed = []
    columns = [(table, column) for table, names in COLUMNS.items() for column in names]
    with told.database.engine.connect() as connection, Session(connection) as session:
        session.execute(text("set session_replication_role = replica"))  # as somebody may who owns the database
        keys = {
            table: session.execute(text(f"select root_key, seq from {table} where seq > 0 order by 1, 2")).all()
            for table in COLUMNS
        }
        for number in range(CHANGES):
            table, column = columns[number % len(columns)]
            root, seq = chance.choice(keys[table])
            place = f"where root_key = {root} and seq = {seq}"
            before = session.execute(text(f"select {column} from {table} {place}")).scalar_one()
            after = changed(before, chance)
            savepoint = session.begin_nested()
            session.execute(text(f"update {table} set {column} = :after {place}"), {"after": after})
            if history.verify(session).sound:
                missed.append((table, column, before, after))
            savepoint.rollback()
        assert history.verify(session).sound
    assert missed == []


def test_the_first_altered_record_is_named(told: ProcessEngine):
    with told.database.engine.connect() as connection, Session(connection) as session:
        session.execute(text("set session_replication_role = replica"))
        session.execute(text("update history set actor = 'somebody else' where root_key = 77 and seq >= 3"))
        broken = history.verify(session).broken
    assert [(one.root_key, one.seq, one.reason) for one in broken] == [(77, 3, "hash")]
    assert str(broken[0]) == "case 77, entry 3: its content was altered"


def test_the_database_itself_refuses_a_change(told: ProcessEngine):
    with psycopg.connect(told.database.conninfo) as connection, pytest.raises(psycopg.Error):
        connection.execute("update history_record set actor = 'somebody else'")


def test_a_thousand_changes_in_an_exported_file_are_found(told: ProcessEngine):
    chance = random.Random(20260303)
    content = b"".join(told.export_history())
    report = verify_history_file(content.splitlines(keepends=True))
    assert report.sound
    assert (report.cases, report.entries) == (told.verify().cases, told.verify().entries)
    missed = []
    for _ in range(CHANGES):
        place = chance.randrange(len(content))
        other = bytes([content[place] ^ (1 << chance.randrange(8))])
        try:
            if verify_history_file((content[:place] + other + content[place + 1 :]).splitlines(keepends=True)).sound:
                missed.append((place, content[place : place + 1], other))
        except EngineError:
            continue
    assert missed == []


def test_a_file_cut_short_or_with_a_line_taken_out_is_found(told: ProcessEngine):
    lines = b"".join(told.export_history()).splitlines(keepends=True)
    for taken in range(len(lines)):
        try:
            assert not verify_history_file(lines[:taken] + lines[taken + 1 :]).sound, taken
        except EngineError:
            continue


def test_a_chain_rewritten_as_a_whole_is_torn_from_its_anchor(told: ProcessEngine):
    anchored = told.heads()
    assert told.torn_from(anchored) == ()
    with told.database.engine.begin() as connection, Session(connection) as session:
        session.execute(text("set session_replication_role = replica"))
        rewrite(session, 77, "somebody else")
        session.commit()
    assert told.verify().sound, "its own hashes fit"
    assert [(one.root_key, one.reason) for one in told.torn_from(anchored)] == [(77, "anchor")]
    lines = list(told.export_history())
    assert verify_history_file(lines).sound
    assert [one.reason for one in verify_history_file(lines, anchored).broken] == ["anchor"]


def rewrite(session: Session, root: int, actor: str) -> None:
    """What somebody does who may write to the database and knows how the chain is made."""
    previous = ""
    for row in session.execute(text(f"select * from history where root_key = {root} order by seq")).mappings().all():
        values = {**row, "actor": actor, "previous": previous, "at": "2026-01-05T01:02:03.000004+00:00"}
        previous = hash_of_single(values)
        session.execute(
            text(
                "update history set actor = :actor, previous = :previous, hash = :fresh where root_key = :root_key and seq = :seq"
            ),
            {**values, "fresh": previous},
        )
    session.execute(text(f"update instance_state set hash = '{previous}' where root_key = {root}"))


def own_program(folder: Path) -> Path:
    """The program of the how-to, as a reader would copy it."""
    page = (Path(__file__).parents[2] / "docs/how-to/verify-the-history.md").read_text(encoding="utf-8")
    program = folder / "check.py"
    program.write_text(page.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    return program


def test_the_program_in_the_how_to_finds_the_same_without_anything_of_ours(told: ProcessEngine, tmp_path: Path):
    program = own_program(tmp_path)
    file = tmp_path / "history.jsonl"

    def checked(content: bytes) -> subprocess.CompletedProcess[str]:
        file.write_bytes(content)
        return subprocess.run([sys.executable, "-I", program, file], capture_output=True, text=True, check=False)

    content = b"".join(told.export_history())
    right = checked(content)
    assert right.returncode == 0, right.stderr
    assert f"{told.verify().cases} cases" in right.stdout
    wrong = checked(content.replace("好的".encode(), "坏的".encode(), 1))
    assert wrong.returncode == 1
    assert "entry" in wrong.stdout


def test_the_commands_export_verify_and_anchor(told: ProcessEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from web.commands import evidence
    from web.installation import OFFICE

    monkeypatch.setenv("BIXUAN_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", told.database.url.render_as_string(hide_password=False))
    anchor = tmp_path / "heads.jsonl"
    assert evidence.verified(OFFICE, None, anchor).sound
    first = anchor.read_text()
    assert evidence.verified(OFFICE, None, anchor).sound
    assert anchor.read_text() == first, "nothing has changed, so nothing is added"
    for name in ("all.jsonl", "all.jsonl.zst"):
        assert evidence.export(OFFICE, None, tmp_path / name) > 5
        assert evidence.verified_file(tmp_path / name, anchor).sound
    assert evidence.export(OFFICE, "77", tmp_path / "one.jsonl") == SINGLES + 3
    assert evidence.verified_file(tmp_path / "one.jsonl", anchor).cases == 1
    packed = tmp_path / "all.jsonl.zst"
    content = bytearray(packed.read_bytes())
    content[len(content) // 2] ^= 1
    packed.write_bytes(content)
    with pytest.raises(EngineError, match="cannot be read"):
        evidence.verified_file(packed, None)
    anchor.write_text(first.replace('"heads"', '"necks"'))
    with pytest.raises(EngineError, match="no anchor file"):
        evidence.verified(OFFICE, None, anchor)
