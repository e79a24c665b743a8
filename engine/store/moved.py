"""The rows of an instance that goes on in another version: what is open is told by the new one, what is over stays as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import update

from engine.model import Definition
from engine.store.jobs import OPEN
from engine.store.tables import job, subscription, timer
from engine.store.unit_of_work import UnitOfWork


def rows(uow: UnitOfWork, root_key: int, instance_key: int, definition: Definition, live: Collection[int]) -> None:
    """Timers, subscriptions and open jobs of the instance belong to ``definition``. ``live``: keys of its live elements."""
    for table in (timer, subscription):
        mine = (table.c.root_key == root_key) & (table.c.instance_key == instance_key)
        uow.session.execute(update(table).where(mine).values(definition_key=definition.key))
    j = job.c
    mine = (j.root_key == root_key) & j.element_key.in_(live) & j.state.in_((*OPEN, "failed"))
    uow.session.execute(update(job).where(mine).values(definition_key=definition.key, version=definition.version))


def renamed(uow: UnitOfWork, root_key: int, ids: Mapping[int, str]) -> None:
    """Element ids by key of what is called otherwise now."""
    for key, element_id in ids.items():
        for table in (timer, subscription, job):
            mine = (table.c.root_key == root_key) & (table.c.element_key == key)
            uow.session.execute(update(table).where(mine).values(element_id=element_id))
