"""Who waits for a message or a signal: elements of running cases, and start events of definitions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from engine.model import Definition
from engine.store.tables import process_instance, subscription
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Subscription:
    """Somebody who waits; ``root_key`` 0: a start event of a definition."""

    element_key: int
    root_key: int
    instance_key: int
    definition_key: int
    process_id: str
    element_id: str
    name: str
    correlation_key: str
    suspended: bool = False  # its case is: a message is kept for it as long as it lives, a signal until it is resumed


COLUMNS = tuple(
    subscription.c[name]
    for name in (
        "element_key",
        "root_key",
        "instance_key",
        "definition_key",
        "process_id",
        "element_id",
        "name",
        "correlation_key",
        "suspended",
    )
)
_WAITING = (  # noqa: S608 - our own names
    "select {columns} from (select * from message_subscription where kind = 'message' and name = $1 and correlation_key = $2 "
    "and root_key <> 0 union all select * from message_subscription where kind = 'message' and name = $1 and root_key = 0) as s "
    "order by root_key = 0, created_at, element_key"
).format(columns=", ".join(column.name for column in COLUMNS))


def waiting_for_message(uow: UnitOfWork, name: str, correlation_key: str) -> list[Subscription]:
    """As ``waiting``, in one round trip where nothing else is asked of the database."""
    found = uow.rows(_WAITING, (name, correlation_key))
    if found is None:
        return waiting(uow, "message", name, correlation_key)
    return [
        Subscription(int(element), int(root), int(instance), int(definition), process, place, waited, key, asleep == "t")
        for element, root, instance, definition, process, place, waited, key, asleep in found
    ]


def waiting(uow: UnitOfWork, kind: str, name: str, correlation_key: str = "") -> list[Subscription]:
    """Everybody waiting for it: running cases first, the one that waits longest first, then start events."""
    s = subscription.c
    mine = (s.kind == kind) & (s.name == name)
    if kind == "message":
        mine &= (s.correlation_key == correlation_key) | (s.root_key == 0)
    statement = select(*COLUMNS).where(mine).order_by(s.root_key == 0, s.created_at, s.element_key)
    return [Subscription(*row) for row in uow.session.execute(statement)]


def awake(found: list[Subscription]) -> list[Subscription]:
    """Those that can take a message now. While one of a process waits suspended, no new case of it is started instead."""
    asleep = {each.process_id for each in found if each.suspended}
    return [each for each in found if not each.suspended and (each.root_key or each.process_id not in asleep)]


def one_per_process(found: list[Subscription]) -> list[Subscription]:
    """A message goes to one instance of each process, and starts one only when none of that process waits for it."""
    chosen: dict[str, Subscription] = {}
    for each in found:
        chosen.setdefault(each.process_id, each)
    return list(chosen.values())


def still_waits(uow: UnitOfWork, wanted: Subscription) -> bool:
    """To be asked under the case's lock."""
    s = subscription.c
    return uow.holds((s.element_key == wanted.element_key) & (s.root_key == wanted.root_key))


def keep_start(uow: UnitOfWork, kind: str, name: str, definition: Definition, element_id: str, at: dt.datetime) -> None:
    """A start event of the newest version of a process waits for a message or signal."""
    row = {"element_key": uow.new_key(), "root_key": 0, "kind": kind, "instance_key": 0, "definition_key": definition.key}
    row |= {"process_id": definition.id, "element_id": element_id, "name": name, "correlation_key": ""}
    uow.session.execute(insert(subscription).values(**row, interrupting=True, created_at=at))


def forget_starts(uow: UnitOfWork, definition_keys: list[int]) -> None:
    uow.session.execute(
        delete(subscription).where(subscription.c.root_key == 0, subscription.c.definition_key.in_(definition_keys))
    )


def was_started_by(uow: UnitOfWork, process_id: str, started_by: str) -> bool:
    """A running case of the process was started by a message of this name and correlation key."""
    p = process_instance.c
    running = p.state.in_(("active", "incident"))
    return uow.holds((p.process_id == process_id) & running & (p.started_by_message == started_by))


def find(uow: UnitOfWork, root_key: int, element_key: int) -> Subscription | None:
    s = subscription.c
    row = uow.session.execute(select(*COLUMNS).where(s.element_key == element_key, s.root_key == root_key)).one_or_none()
    return None if row is None else Subscription(*row)
