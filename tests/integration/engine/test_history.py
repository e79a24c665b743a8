"""History: complete, in order, and impossible to alter unnoticed."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import random

import psycopg
import pytest
from psycopg.rows import dict_row

from engine import json_codec
from engine.store import chain
from engine.store.chain import hash_of, hash_of_single, moment_text
from tests.integration.engine.office import Office
from tests.unit.spiff.diagrams import script


@pytest.fixture
def case(office: Office) -> int:
    """Three records: started, u1 handed in, u2 handed in."""
    flows = 's -> u1 -> t -> x\nx -> u2 : =note = "yes"\nx -> e1 : default\nu2 -> e2'
    started = office.start(office.deploy(flows, script("t", "1 + 1", "sum")), title="汉字 and \u2028 more", cost="1.50")
    office.complete(started.key, "u1", note="yes")
    office.forget()
    office.complete(started.key, "u2", note="no")
    return started.key


def stored(office: Office, statement: str, *values: object) -> list[dict]:
    with psycopg.connect(office.engine.database.conninfo, row_factory=dict_row) as connection:
        return connection.execute(statement, values).fetchall()


def records(office: Office, case: int) -> list[dict]:
    return stored(office, "select * from history_record where root_key = %s order by seq", case)


def test_every_step_is_told_in_order_with_what_it_saw(office: Office, case: int):
    entries = office.engine.history(case)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    kinds = [entry.kind for entry in entries]
    assert kinds[0] == "instance_started"
    assert kinds[-1] == "instance_ended"
    order = ["user_task_created", "user_task_completed", "conditions_evaluated", "flow_taken", "user_task_created"]
    rest = iter(kinds)
    assert all(kind in rest for kind in order)
    gateway = office.engine.decisions_of(case)[0]
    assert gateway.element_id == "x"
    assert gateway.data["taken"] == ["x_u2"]
    assert gateway.data["conditions"][0]["inputs"] == {"note": "yes"}


def test_entries_can_be_asked_for_by_kind_and_from_a_point_on(office: Office, case: int):
    assert {e.kind for e in office.engine.history(case, kinds=("flow_taken",))} == {"flow_taken"}
    assert office.engine.history(case, after_seq=5)[0].seq == 6


def test_a_command_is_one_record_that_signs_its_text_and_the_record_before(office: Office, case: int):
    rows = records(office, case)
    assert [(row["first_seq"], row["previous"]) for row in rows] == [
        (1, ""),
        (rows[0]["seq"] + 1, rows[0]["hash"]),
        (rows[1]["seq"] + 1, rows[1]["hash"]),
    ]
    for row in rows:
        lines = [row["previous"], *(str(row[name]) for name in ("root_key", "first_seq", "seq"))]
        lines += [moment_text(row["at"]), row["actor"], row["entries"]]
        assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == row["hash"]


def test_the_database_itself_can_check_the_hash(office: Office, case: int):
    signed = """previous || E'\\n' || root_key || E'\\n' || first_seq || E'\\n' || seq || E'\\n'
        || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') || E'\\n' || actor || E'\\n' || entries"""
    statement = f"select encode(sha256(convert_to({signed}, 'UTF8')), 'hex') = hash as sound from history_record"
    assert all(row["sound"] for row in stored(office, statement))


def test_the_view_shows_the_same_entries_one_a_row(office: Office, case: int):
    rows = stored(office, "select * from history_entry where root_key = %s order by seq", case)
    entries = office.engine.history(case)
    assert len(rows) == len(entries)
    for row, entry in zip(rows, entries, strict=True):
        assert {**row, "data": json_codec.loads(row["data"])} == vars(entry)
    (begun,) = (row for row in rows if row["kind"] == "variables_written" and "cost" in row["data"])
    assert '"cost":"1.50"' in begun["data"]


def test_a_case_older_than_records_is_readable_sound_and_goes_on(office: Office):
    case = office.start(office.deploy("s -> u1 -> u2 -> u3 -> e"), title="old").key
    office.complete(case, "u1", note="yes")
    before = office.engine.history(case)
    rewrite_as_singles(office, case)
    assert [old.hash != entry.hash for old, entry in zip(before, office.engine.history(case), strict=True)]
    office.complete(case, "u2", note="no")
    after = office.engine.history(case)
    assert [told(entry) for entry in after[: len(before)]] == [told(entry) for entry in before]
    assert [entry.seq for entry in after] == list(range(1, len(after) + 1))
    assert records(office, case)[0]["previous"] == after[len(before) - 1].hash
    assert office.engine.verify(case).sound
    assert [e.data["values"]["note"] for e in office.engine.history(case, kinds=("user_task_completed",))] == ["yes", "no"]
    assert [e.seq for e in office.engine.history(case, after_seq=len(before) - 1, limit=3)] == [len(before) + n for n in range(3)]
    change = "update history set actor = %(actor)s where root_key = %(case)s and seq = 4"
    report = altered(office, case, change, actor="somebody")
    assert [(one.seq, one.reason) for one in report.broken] == [(4, "hash")]
    assert altered(office, case, change, actor=after[3].actor).sound


def rewrite_as_singles(office: Office, case: int) -> None:
    """Make the history of a case what version 0.1 would have written: one row and one link for each entry."""
    previous = ""
    with psycopg.connect(office.engine.database.conninfo) as connection:
        connection.execute("set session_replication_role = replica")
        for entry in office.engine.history(case):
            text = json_codec.canonical(entry.data).decode()
            row = {**vars(entry), "at": moment_text(entry.at), "data": text, "previous": previous}
            previous = row["hash"] = hash_of_single(row)
            connection.execute(
                "insert into history (root_key, seq, at, kind, instance_key, element_id, element_key, actor, data, previous, hash) "
                "values (%(root_key)s, %(seq)s, %(at)s, %(kind)s, %(instance_key)s, %(element_id)s, %(element_key)s, %(actor)s, "
                "%(data)s, %(previous)s, %(hash)s)",
                row,
            )
        connection.execute("delete from history_record where root_key = %s", (case,))
        connection.execute("update instance_state set hash = %s where root_key = %s", (previous, case))
        connection.commit()
    office.forget()


def told(entry) -> tuple:
    return entry.seq, entry.at, entry.kind, entry.instance_key, entry.element_id, entry.element_key, entry.actor, entry.data


def test_a_command_that_does_very_much_makes_several_records(office: Office, monkeypatch):
    monkeypatch.setattr(chain, "MAX_ENTRIES", 4)
    case = office.start(office.deploy("s -> u1 -> e")).key
    rows = records(office, case)
    assert len(rows) > 1
    assert all(row["seq"] - row["first_seq"] < 4 for row in rows)
    assert office.engine.verify(case).sound
    office.complete(case)
    assert office.engine.verify(case).entries == len(office.engine.history(case))


def test_entries_can_be_asked_for_by_element_and_time(office: Office, case: int):
    task = next(e for e in office.engine.history(case) if e.kind == "user_task_created" and e.element_id == "u2")
    mine = office.engine.history(case, element_key=task.element_key)
    assert {entry.element_id for entry in mine} == {"u2", "u2_e2"}
    assert office.engine.history(case, since=task.at + dt.timedelta(seconds=1)) == []


def test_an_untouched_history_is_sound(office: Office, case: int):
    report = office.engine.verify(case)
    assert (report.cases, report.sound) == (1, True)
    assert report.entries == len(office.engine.history(case))
    assert office.engine.verify().sound


def altered(office: Office, case: int, statement: str, **values: object):
    """What the verifier says after somebody with all rights changed the table behind the trigger's back."""
    with psycopg.connect(office.engine.database.conninfo) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statement, {"case": case, **values})
        connection.commit()
    return office.engine.verify(case)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("actor = 'somebody'", "hash"),
        ("entries = replace(entries, '}', ' }')", "hash"),
        ("at = at + interval '1 microsecond'", "hash"),
        ("kinds = kinds[2:]", "words"),
        ("elements = array_append(elements, 'u9')", "words"),
        ("first_seq = first_seq + 1", "missing"),
        ("seq = seq + 1000", "missing"),
        ("previous = repeat('0', 64)", "link"),
        ("hash = repeat('0', 64)", "hash"),
    ],
)
def test_any_changed_column_is_found_and_named(office: Office, case: int, change: str, reason: str):
    second = records(office, case)[1]["first_seq"]
    report = altered(office, case, f"update history_record set {change} where root_key = %(case)s and first_seq = {second}")
    assert [(one.root_key, one.seq, one.reason) for one in report.broken] == [(case, second, reason)]


def test_a_removed_record_is_missed_in_the_middle_and_at_the_end(office: Office, case: int):
    _, second, last = (row["first_seq"] for row in records(office, case))
    remove = "delete from history_record where root_key = %(case)s and first_seq = %(n)s"
    report = altered(office, case, remove, n=last)
    assert (report.broken[0].seq, report.broken[0].reason) == (last - 1, "tail")
    report = altered(office, case, remove, n=1)
    assert (report.broken[0].seq, report.broken[0].reason) == (1, "missing")
    report = altered(office, case, remove, n=second)
    assert report.broken[0].reason == "tail"


def test_random_single_bytes_changed_in_the_text_are_all_found(office: Office, case: int):
    chance = random.Random(7)
    rows = records(office, case)
    with psycopg.connect(office.engine.database.conninfo) as connection:
        connection.execute("set session_replication_role = replica")
        for _ in range(60):
            row, text = (one := chance.choice(rows)), one["entries"]
            where = chance.randrange(len(text))
            letter = next(c for c in itertools.chain("x", "y") if c != text[where])
            place = (case, row["seq"])
            change = "update history_record set entries = %s where root_key = %s and seq = %s"
            connection.execute(change, (text[:where] + letter + text[where + 1 :], *place))
            connection.commit()
            assert office.engine.verify(case).broken[0].seq == row["first_seq"]
            connection.execute(change, (text, *place))
            connection.commit()
    assert office.engine.verify(case).sound
    assert [hash_of({**row, "at": moment_text(row["at"])}) for row in rows] == [row["hash"] for row in rows]
