"""Incidents that belong to no case: what should have started one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from engine.store.system_chain import ROOT
from engine.store.tables import incident
from engine.store.timers import FAILED
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class StartFailed:
    element_id: str
    element_key: int
    state: str


def raise_start_failed(
    uow: UnitOfWork, key: int, process_id: str, element_id: str, element_key: int, message: str, now: dt.datetime
) -> None:
    uow.session.execute(
        insert(incident).values(
            key=key,
            root_key=ROOT,
            instance_key=ROOT,
            process_id=process_id,
            element_id=element_id,
            element_key=element_key,
            kind=FAILED,
            message=message,
            state="active",
            raised_at=now,
        )
    )


def lock_start_failed(uow: UnitOfWork, key: int) -> StartFailed | None:
    """None when there is no such incident, or it belongs to a case."""
    i = incident.c
    statement = select(i.element_id, i.element_key, i.state).where(i.key == key, i.root_key == ROOT).with_for_update()
    row = uow.session.execute(statement).one_or_none()
    return None if row is None else StartFailed(*row)


def resolve(uow: UnitOfWork, key: int, now: dt.datetime) -> None:
    changed = update(incident).where(incident.c.key == key, incident.c.root_key == ROOT)
    uow.session.execute(changed.values(state="resolved", resolved_at=now))
