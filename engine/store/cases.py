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
from engine.store.tables import incident, instance_state, process_instance, user_task
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


def read_snapshot(uow: UnitOfWork, root_key: int) -> bytes:
    statement = select(instance_state.c.snapshot).where(instance_state.c.root_key == root_key)
    return bytes(uow.session.execute(statement).scalar_one())


def read(uow: UnitOfWork, locked: Locked) -> Case:
    """The case's rows, under its lock."""
    session, root_key = uow.session, locked.root_key
    p = process_instance.c
    suspension = (p.suspended_at, p.suspended_by, p.suspended_reason)
    rows = session.execute(
        select(p.key, p.definition_key, p.process_id, p.version, p.business_key, p.started_by, p.state, *suspension)
        .where(p.root_key == root_key, (p.state.in_(("active", "incident"))) | (p.key == root_key))
    ).all()  # fmt: skip
    root = next(row for row in rows if row.key == root_key)
    case = Case(root_key, locked.version, locked.head, root.business_key, root.process_id, root.started_by, state=root.state)
    if root.suspended_at is not None:
        case.suspension = Suspension(root.suspended_at, root.suspended_by, root.suspended_reason)
    for row in rows:
        if row.state in {"active", "incident"}:
            case.instances[row.key] = RunningInstance(row.key, row.definition_key, row.process_id, row.version)
    open_tasks = select(*reading.TASK).where(user_task.c.root_key == root_key, user_task.c.state == "created")
    case.tasks = {task.key: task for task in map(reading.task, session.execute(open_tasks))}
    i = incident.c
    active = select(i.key, i.instance_key, i.element_key, i.element_id, i.job_key, i.kind).where(
        i.root_key == root_key, i.state == "active"
    )
    case.incidents = {row.key: OpenIncident(*row) for row in session.execute(active)}
    return case


def read_task(uow: UnitOfWork, key: int) -> UserTask | None:
    """A task in whatever state."""
    row = uow.session.execute(select(*reading.TASK).where(user_task.c.key == key)).one_or_none()
    return None if row is None else reading.task(row)


def write(uow: UnitOfWork, recorder: Recorder, snapshot: bytes | None, generation: int | None = None) -> None:
    """Everything the command changed, in one statement. ``snapshot`` is None when it is as it was.

    With no transaction open it commits; else the caller does. ``generation``: the deployments the command took for the newest.
    Raises Overtaken, with nothing written, when the case is not as it was or something was deployed since.
    """
    case = recorder.case
    state: dict[str, object] = {"seq": case.head.seq, "hash": case.head.hash}
    if snapshot is not None:
        state["snapshot"] = "\\x" + snapshot.hex()
    statement = Statement(case.root_key)
    statement.move_on(case.version, state, generation)
    add_changes(statement, recorder.changes, recorder.at)
    if uow.run(statement.text, statement.values) != 1:
        raise Overtaken
    case.version += 1


def hold(uow: UnitOfWork, case: Case) -> None:
    """Lock the case as memory knows it. Raises Overtaken when it has gone on."""
    text = "select root_key from instance_state where root_key = $1::bigint and version = $2::integer for update"
    if uow.run(text, (str(case.root_key), str(case.version))) != 1:
        raise Overtaken
