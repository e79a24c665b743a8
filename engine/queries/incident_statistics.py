"""How many running instances stopped for the same reason."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.model.reasons import DefinitionsWithError, InstancesWithError
from engine.store.tables import incident, process_instance

_I, _P = incident.c, process_instance.c
_HASH: ColumnElement[int] = func.hashtext(_I.message)  # the reason's number; stable within one major version of PostgreSQL
_COUNT = func.count(_I.instance_key.distinct())


def by_error(session: Session) -> list[InstancesWithError]:
    """The most frequent first."""
    statement = select(_HASH, _I.message, _COUNT).where(_I.state == "active").group_by(_I.message)
    rows = session.execute(statement.order_by(_COUNT.desc(), _I.message))
    return [InstancesWithError(*row) for row in rows]


def by_definition(session: Session, error_hash: int) -> list[DefinitionsWithError]:
    """Of one reason; the most frequent definition first."""
    columns = (_P.definition_key, _P.process_id, _P.process_name, _P.version)
    statement = select(*columns, _COUNT).join(process_instance, _P.key == _I.instance_key)
    statement = statement.where(_I.state == "active", _HASH.in_([error_hash])).group_by(*columns)
    rows = session.execute(statement.order_by(_COUNT.desc(), _P.definition_key))
    return [DefinitionsWithError(*row) for row in rows]
