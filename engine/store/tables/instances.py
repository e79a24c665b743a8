"""Cases: the live state that is locked by every command, and the rows people look at.

No foreign keys between them: all rows of one command are written by one statement of the unit of work, and each
foreign key would be looked up again for each row.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy import text as sql

from engine.store.types import Json, Moment, key, metadata, text

_RUNNING = sql("state in ('active', 'incident')")

# One row per case: the lock, the snapshot, the head of the history chain. Apart from process_instance so that what is
# rewritten by every command is small and has no other index. Root 0 is the chain of deployments.
instance_state = Table(
    "instance_state",
    metadata,
    key("root_key", primary=True),
    Column("version", Integer, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    text("hash"),
    postgresql_with={"fillfactor": "50"},
)

process_instance = Table(
    "process_instance",
    metadata,
    key(primary=True),
    key("root_key", primary=True),
    Column("parent_key", BigInteger),
    Column("parent_element_key", BigInteger),
    key("definition_key"),
    text("process_id"),
    text("process_name"),
    Column("version", Integer, nullable=False),
    text("business_key"),
    text("state"),  # active, incident, completed, terminated
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    text("started_by"),
    Column("started_by_message", Text),  # "name\ncorrelation key" of the message a root was started by
    Column("suspended_at", Moment),  # of every running instance of a suspended case
    Column("suspended_by", Text),
    Column("suspended_reason", Text),
    Index(None, "root_key"),
    Index(None, "business_key"),
    Index(None, "process_id", "state", "started_at"),
    Index(None, "started_at", "key"),
    Index("ix_process_instance_running_definition", "definition_key", "key", postgresql_where=_RUNNING),
)

element_instance = Table(
    "element_instance",
    metadata,
    key(primary=True),
    key("root_key", primary=True),
    key("instance_key"),
    key("scope_key"),
    text("element_id"),
    text("element_type"),
    text("name"),
    text("state"),  # active, incident, completed, terminated
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "root_key", "key"),
    Index("ix_element_instance_running", "instance_key", postgresql_where=_RUNNING),
    Index(None, "ended_at", postgresql_using="brin"),  # how long things took lately; next to nothing to keep up
)

variable = Table(
    "variable",
    metadata,
    key("root_key", primary=True),
    key("scope_key", primary=True),
    text("name", primary=True),
    key(),
    key("instance_key"),
    Column("value", Json, nullable=False),
    Index(None, "key"),
)
