"""What happened, for ever. A trigger refuses every change and removal (migration 0002)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from engine.store.types import Moment, key, metadata, text

history = Table(
    "history",
    metadata,
    key("root_key", primary=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("kind"),
    key("instance_key"),
    text("element_id"),
    key("element_key"),
    text("actor"),
    Column("data", Text, nullable=False),  # canonical JSON, byte for byte as it was hashed
    text("previous"),
    text("hash"),
    Index(None, "at", postgresql_using="brin"),  # for audit searches over all cases; next to nothing to keep up
)
