"""Locking a case, reading it when memory does not have it, and writing what a command did to it.

These few statements are what every command costs, so they go straight to the driver, and all rows are written by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import select

from engine.model import UserTask
from engine.store import command_log, reading
from engine.store.case import Case, OpenIncident, RunningInstance, Suspension
from engine.store.chain import Head
from engine.store.recorder import Recorder
from engine.store.statement import Statement, add_changes
from engine.store.tables import user_task
from engine.store.unit_of_work import UnitOfWork

# what a command may name a case by
BY_ROOT = "$1::bigint"
BY_TASK = "(select root_key from user_task where key = $1::bigint)"
BY_INSTANCE = "(select root_key from process_instance where key = $1::bigint)"
BY_ELEMENT = "(select root_key from element_instance where key = $1::bigint)"
BY_JOB = "(select root_key from job where key = $1::bigint)"
BY_INCIDENT = "(select root_key from incident where key = $1::bigint)"

_LOCK = (
    "select root_key, version, seq, hash, (select max(generation) from deployment) "
    "from instance_state where root_key = {root} for update"
)


class Overtaken(psycopg.errors.SerializationFailure):
    """Somebody else moved the case on, or deployed something, after this command began."""


@dataclass(frozen=True)
class Locked:
    """The state row as it is now that nobody else may change it; ``answer`` is what the same command said before."""

    root_key: int
    version: int
    head: Head
    generation: int
    answer: dict[str, Any] | None = None


def lock(uow: UnitOfWork, by: str, key: int, command_id: str | None = None, *, wait: bool = True) -> Locked | None:
    """Lock the case and read what its memory is checked against; None when there is none (or, without waiting, it is busy)."""
    statement = _LOCK.format(root=by) + ("" if wait else " skip locked")
    with psycopg.RawCursor(uow.driver) as cursor:
        row = cursor.execute(statement.encode(), (str(key),)).fetchone()
    if row is None:
        return None
    root_key, version, seq, hash_, generation = row
    # a statement of its own: what others committed while this one waited for the lock is seen only by the next
    answer = None if command_id is None else command_log.find(uow, command_id)
    return Locked(root_key, version, Head(seq, hash_), generation or 0, answer)


# a case that memory does not have is read in one round trip: where several processes serve, most commands begin with it
_INSTANCE = ("key", "definition_key", "process_id", "version", "business_key", "started_by", "state")
_SUSPENSION = ("suspended_at", "suspended_by", "suspended_reason")
_TASK = tuple(column.name for column in reading.TASK)
_INCIDENT = ("key", "instance_key", "element_key", "element_id", "job_key", "kind")


def _rows(table: str, columns: tuple[str, ...], condition: str) -> str:
    values = ", ".join(f'"{column}"' for column in columns)
    return f"(select json_agg(json_build_array({values}) order by key) from {table} where root_key = $1::bigint and {condition})"  # noqa: S608 - our own names


_READ = (
    "select snapshot, "  # noqa: S608 - our own names
    + _rows("process_instance", _INSTANCE + _SUSPENSION, "(state in ('active', 'incident') or key = $1::bigint)")
    + ", "
    + _rows("user_task", _TASK, "state = 'created'")
    + ", "
    + _rows("incident", _INCIDENT, "state = 'active'")
    + " from instance_state where root_key = $1::bigint"
)


def read(uow: UnitOfWork, locked: Locked) -> tuple[Case, bytes]:
    """The case's rows and its snapshot, under its lock."""
    root_key = locked.root_key
    with psycopg.RawCursor(uow.driver) as cursor:
        row = cursor.execute(_READ.encode(), (str(root_key),)).fetchone()
    assert row is not None
    snapshot, instances, tasks, incidents = row
    root = next(instance for instance in instances if instance[0] == root_key)
    _, _, process_id, _, business_key, started_by, state, suspended_at, suspended_by, suspended_reason = root
    case = Case(root_key, locked.version, locked.head, business_key, process_id, started_by, state=state)
    if suspended_at is not None:
        case.suspension = Suspension(reading.moment(suspended_at), suspended_by, suspended_reason)
    for key, definition_key, process_id, version, _, _, state, *_ in instances:
        if state in {"active", "incident"}:
            case.instances[key] = RunningInstance(key, definition_key, process_id, version)
    case.tasks = {values[0]: reading.task_of(dict(zip(_TASK, values, strict=True))) for values in tasks or ()}
    case.incidents = {values[0]: OpenIncident(*values) for values in incidents or ()}
    return case, snapshot


def read_task(uow: UnitOfWork, key: int) -> UserTask | None:
    """A task in whatever state."""
    row = uow.session.execute(select(*reading.TASK).where(user_task.c.key == key)).one_or_none()
    return None if row is None else reading.task(row)


def write(
    uow: UnitOfWork, recorder: Recorder, snapshot: bytes | None, generation: int | None = None, *, wait: bool = True
) -> None:
    """Everything the command changed, in one statement. ``snapshot`` is None when it is as it was.

    With no transaction open it commits; else the caller does. ``generation``: the deployments the command took for the newest.
    Raises Overtaken, with nothing written, when the case is not as it was or something was deployed since
    (or, without waiting, somebody has it in hand).
    """
    case = recorder.case
    state: dict[str, object] = {"seq": case.head.seq, "hash": case.head.hash}
    if snapshot is not None:
        state["snapshot"] = "\\x" + snapshot.hex()
    statement = Statement(case.root_key)
    statement.move_on(case.version, state, generation, wait=wait)
    add_changes(statement, recorder.changes, recorder.at)
    if uow.run(statement.text, statement.values) != 1:
        raise Overtaken
    case.version += 1


def hold(uow: UnitOfWork, case: Case, *, wait: bool) -> None:
    """Lock the case as memory knows it. Raises Overtaken when it has gone on (or, without waiting, is busy)."""
    text = "select root_key from instance_state where root_key = $1::bigint and version = $2::integer for update"
    text += "" if wait else " skip locked"
    if uow.run(text, (str(case.root_key), str(case.version))) != 1:
        raise Overtaken
