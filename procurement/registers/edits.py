"""The append-only edit history of the registers: who changed which row when, what it said before and what it says now.

A listener on every session writes it, so no service can forget: changing a kept row without naming an editor is an error.
Bulk statements (``session.execute(update(…))``) pass the listener by and are not used on kept rows, except for columns that
say nothing about the matter (the time of the last login).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, event, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from procurement.registers.row import KeptRow, Row

EDITOR = "procurement.editor"
HIDDEN = "•••"


class RegisterEdit(Row):
    """One change of one row; ``before`` is None for a new row, ``after`` for a deleted one. Only changed columns are held."""

    __tablename__ = "register_edits"
    __table_args__ = (Index(None, "register", "row_key", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    register: Mapped[str]  # table name
    row_key: Mapped[str]
    at: Mapped[dt.datetime]
    editor: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class EditorUnknown(RuntimeError):
    """A register row was changed without saying who changes it: a mistake in the program."""


def edit_as(session: Session, editor: str, now: dt.datetime) -> None:
    """Name who changes register rows in ``session`` from here on, and when."""
    session.info[EDITOR] = (editor, now)


def edits_of(session: Session, register: str, row_key: str, limit: int = 200) -> Sequence[RegisterEdit]:
    """The history of one row, newest first."""
    query = select(RegisterEdit).where(RegisterEdit.register == register, RegisterEdit.row_key == str(row_key))
    return session.scalars(query.order_by(RegisterEdit.id.desc()).limit(limit)).all()


@event.listens_for(Session, "after_flush")
def _write_edits(session: Session, _context: UOWTransaction) -> None:
    edits = [
        *(_edit(row, None, _values(row)) for row in session.new if isinstance(row, KeptRow)),
        *(_edit(row, *_changes(row)) for row in session.dirty if isinstance(row, KeptRow) and session.is_modified(row)),
        *(_edit(row, _values(row), None) for row in session.deleted if isinstance(row, KeptRow)),
    ]
    edits = [edit for edit in edits if edit["before"] != {} or edit["after"] != {}]
    if not edits:
        return
    if EDITOR not in session.info:
        raise EditorUnknown(f"{edits[0]['register']} {edits[0]['row_key']}: call edit_as() first")
    editor, now = session.info[EDITOR]
    session.execute(insert(RegisterEdit), [edit | {"at": now, "editor": editor} for edit in edits])


def _edit(row: KeptRow, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    identity = inspect(type(row)).primary_key_from_instance(row)
    return {"register": row.__tablename__, "row_key": "/".join(map(str, identity)), "before": before, "after": after}


def _values(row: KeptRow) -> dict[str, Any]:
    names = inspect(type(row)).column_attrs.keys()
    return {name: HIDDEN if name in row.hidden_columns else getattr(row, name) for name in names}


def _changes(row: KeptRow) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        old = history.deleted[0] if history.deleted else None
        if not history.has_changes() or old == attribute.value:
            continue
        hidden = attribute.key in row.hidden_columns
        before[attribute.key] = HIDDEN if hidden else old
        after[attribute.key] = HIDDEN if hidden else attribute.value
    return before, after
