"""Runs the numbered revisions on the connection ``engine.store.migrate`` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from engine.store.migrate import VERSION_TABLE
from engine.store.tables import metadata
from engine.store.types import Json, Moment


def own_tables(name: str | None, type_: str, _parents: Any) -> bool:
    """The job queue and the applications on top have their own tables in the same schema."""
    return type_ != "table" or name in metadata.tables


def plain_types(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Revisions name database types, not ours, so that they stay as written when ours change."""
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    include_name=own_tables,
    render_item=plain_types,
)
with context.begin_transaction():
    context.run_migrations()
