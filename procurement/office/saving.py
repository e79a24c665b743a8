"""Finding and saving one row of a register: assign, check, refuse doubles, keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.office.desk import Desk
from procurement.registers.row import KeptRow

R = TypeVar("R", bound=KeptRow)


class AlreadyRegistered(Conflict):
    """{what} is in the register already, as {key}. Change that entry instead."""


def found(desk: Desk, table: type[R], key: str) -> R:
    """Raises NotFound."""
    with desk.reading() as session:
        row = session.get(table, key)
        if row is None:
            raise NotFound(kind=table.__name__, key=key)
        return row


def saved(
    desk: Desk,
    row: R,
    values: Mapping[str, Any],
    *,
    check: Callable[[R], Sequence[FieldError]],
    unique: Sequence[str] = (),
    actor: Actor,
) -> R:
    """Change the stored row with the same key as ``row``, or store ``row`` itself; then ``values`` are assigned and checked.

    Raises InvalidInput, AlreadyRegistered.
    """
    table = type(row)
    (key_name,) = (column.name for column in table.__mapper__.primary_key)
    key = getattr(row, key_name)
    with desk.editing(actor) as session, session.no_autoflush:
        row = session.get(table, key, with_for_update=True) or row
        assign(row, values)
        refuse(check(row))
        for name in unique:
            _refuse_double(session, row, key_name, name)
        session.add(row)
        session.flush()
        return row


def assign(row: KeptRow, values: Mapping[str, Any]) -> None:
    """Raises InvalidInput for a column the register does not have."""
    for name, value in values.items():
        if name not in row.__mapper__.column_attrs:
            raise InvalidInput(fields=(FieldError(name, "This register has no column {name}.", {"name": name}),))
        setattr(row, name, value)


def refuse(errors: Sequence[FieldError]) -> None:
    """Raises InvalidInput when there is an error."""
    if errors:
        raise InvalidInput(fields=tuple(errors))


def _refuse_double(session: Session, row: KeptRow, key_name: str, name: str) -> None:
    table, own = type(row), getattr(row, name)
    key = getattr(table, key_name)
    other = session.scalar(select(key).where(getattr(table, name) == own, key != getattr(row, key_name)))
    if other is not None:
        raise AlreadyRegistered(what=own, key=other)
