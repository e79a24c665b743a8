"""History: complete, in order, and impossible to alter unnoticed."""

from __future__ import annotations

import itertools
import random

import psycopg
import pytest

from engine import json_codec
from engine.store.chain import hash_of, moment_text
from tests.integration.engine.office import Office
from tests.unit.spiff.diagrams import script


@pytest.fixture
def case(office: Office) -> int:
    flows = 's -> u1 -> t -> x\nx -> u2 : =note = "yes"\nx -> e1 : default\nu2 -> e2'
    started = office.start(office.deploy(flows, script("t", "1 + 1", "sum")), title="汉字 and \u2028 more")
    office.complete(started.key, "u1", note="yes")
    office.forget()
    office.complete(started.key, "u2", note="no")
    return started.key


def test_every_step_is_told_in_order_with_what_it_saw(office: Office, case: int):
    entries = office.engine.history(case)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [a.hash for a in entries[:-1]] == [b.previous for b in entries[1:]]
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


def test_the_hash_signs_the_canonical_form_of_everything_else(office: Office, case: int):
    for entry in office.engine.history(case):
        rest = {
            name: getattr(entry, name)
            for name in ("root_key", "seq", "kind", "instance_key", "element_id", "element_key", "actor", "data")
        }
        rest["at"] = moment_text(entry.at)
        import hashlib

        signed = entry.previous.encode() + json_codec.canonical(rest)
        assert hashlib.sha256(signed).hexdigest() == entry.hash
        assert hash_of({**rest, "data": json_codec.canonical(entry.data).decode(), "previous": entry.previous}) == entry.hash


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
        ("kind = 'user_task_claimed'", "hash"),
        ("actor = 'somebody'", "hash"),
        ("data = replace(data, '}', ' }')", "hash"),
        ("at = at + interval '1 microsecond'", "hash"),
        ("element_id = element_id || 'x'", "hash"),
        ("instance_key = instance_key + 1", "hash"),
        ("element_key = element_key + 1", "hash"),
        ("previous = repeat('0', 64)", "link"),
        ("hash = repeat('0', 64)", "hash"),
    ],
)
def test_any_changed_column_is_found_and_named(office: Office, case: int, change: str, reason: str):
    report = altered(office, case, f"update history set {change} where root_key = %(case)s and seq = 7")
    assert [(one.root_key, one.seq, one.reason) for one in report.broken] == [(case, 7, reason)]


def test_a_removed_entry_is_missed_in_the_middle_and_at_the_end(office: Office, case: int):
    last = office.engine.history(case)[-1].seq
    assert (
        altered(office, case, "delete from history where root_key = %(case)s and seq = %(n)s", n=last).broken[0].reason == "tail"
    )
    report = altered(office, case, "delete from history where root_key = %(case)s and seq = 4")
    assert (report.broken[0].seq, report.broken[0].reason) == (5, "missing")
    report = altered(office, case, "delete from history where root_key = %(case)s")
    assert report.broken[0].reason == "tail"


def test_random_single_bytes_changed_in_the_data_are_all_found(office: Office, case: int):
    chance = random.Random(7)
    entries = office.engine.history(case)
    with psycopg.connect(office.engine.database.conninfo) as connection:
        connection.execute("set session_replication_role = replica")
        for _ in range(60):
            entry = chance.choice(entries)
            row = connection.execute("select data from history where root_key = %s and seq = %s", (case, entry.seq)).fetchone()
            where = chance.randrange(len(row[0]))
            letter = next(c for c in itertools.chain("x", "y") if c != row[0][where])
            damaged = row[0][:where] + letter + row[0][where + 1 :]
            place = (case, entry.seq)
            connection.execute("update history set data = %s where root_key = %s and seq = %s", (damaged, *place))
            connection.commit()
            assert office.engine.verify(case).broken[0].seq == entry.seq
            connection.execute("update history set data = %s where root_key = %s and seq = %s", (row[0], *place))
            connection.commit()
    assert office.engine.verify(case).sound
