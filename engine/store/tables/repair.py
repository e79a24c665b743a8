"""Work on many cases at once, and what is needed to take a migration back."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from engine.store.types import Json, Moment, key, metadata, text

batch_operation = Table(
    "batch_operation",
    metadata,
    key(primary=True),
    text("kind"),  # migration
    text("state"),  # created, running, completed, canceled
    key("source_key"),
    key("target_key"),
    Column("mapping", Json, nullable=False),
    text("reason"),
    text("started_by"),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("total", Integer, nullable=False),
)

batch_item = Table(
    "batch_item",
    metadata,
    key("batch_key", primary=True),
    key("instance_key", primary=True),
    key("root_key"),
    text("business_key"),
    text("state"),  # pending, done, failed, canceled
    text("template"),  # the sentence it was refused with
    Column("params", Json, nullable=False),
    Column("ended_at", Moment),
    Index(None, "batch_key", "state", "instance_key"),
)

# the state before each migration that can still be taken back: nothing happened since ``version`` was written
migration_undo = Table(
    "migration_undo",
    metadata,
    key("root_key", primary=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    key("instance_key"),
    key("source_key"),
    key("target_key"),
    Column("snapshot", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
