"""Messages and signals: who waits for which, and what was published before anybody waited."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table
from sqlalchemy import text as sql

from engine.store.types import Json, Moment, key, metadata, text

subscription = Table(
    "message_subscription",
    metadata,
    key("element_key", primary=True),
    key("root_key", primary=True),  # 0: the start event of a definition
    text("kind"),  # message, signal
    key("instance_key"),
    key("definition_key"),
    text("process_id"),
    text("element_id"),
    text("name"),
    text("correlation_key"),
    Column("interrupting", Boolean, nullable=False),
    Column("suspended", Boolean, nullable=False, server_default=sql("false")),  # its case is
    Column("created_at", Moment, nullable=False),
    Index(None, "name", "correlation_key"),
    Index(None, "root_key"),
)

message = Table(
    "message",
    metadata,
    key(primary=True),
    text("name"),
    text("correlation_key"),
    text("message_id"),
    Column("variables", Json, nullable=False),
    text("published_by"),
    Column("published_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "name", "correlation_key", "published_at"),
    Index(None, "expires_at"),
    Index(
        "uq_message_message_id",
        "name",
        "correlation_key",
        "message_id",
        unique=True,
        postgresql_where=sql("message_id <> ''"),
    ),
)

# a message goes to one instance of each process, once
message_correlation = Table(
    "message_correlation",
    metadata,
    key("message_key", primary=True),
    text("process_id", primary=True),
    key("root_key"),
    key("instance_key"),
)

# a signal thrown in one case on its way to others; removed by the transaction that delivers it
delivery = Table(
    "signal_delivery",
    metadata,
    key(primary=True),
    key("element_key"),
    key("root_key"),
    text("name"),
    Column("variables", Json, nullable=False),
    Column("thrown_at", Moment, nullable=False),
)
