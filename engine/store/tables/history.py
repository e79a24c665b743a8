"""What happened, for ever. Triggers refuse every change and removal (migrations 0002 and 0004).

One row of ``history_record`` tells all that one command did. Cases that are older than migration 0004 begin with rows of
``history``, one for each entry; the chain goes on from the last of these. The view ``history_entry`` shows both one entry a
row, for people who ask in SQL; ``seq`` numbers the entries of a case through both.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

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

history_record = Table(
    "history_record",
    metadata,
    key("root_key", primary=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # of its last entry
    Column("first_seq", BigInteger, nullable=False),  # of its first entry
    Column("at", Moment, nullable=False),
    text("actor"),
    Column("kinds", ARRAY(Text), nullable=False),  # those of its entries, each once: what a search finds it by
    Column("elements", ARRAY(Text), nullable=False),  # element ids of its entries, each once
    Column("entries", Text, nullable=False),  # JSON, byte for byte as it was hashed: [[kind, instance, element id, key, data], …]
    text("previous"),
    text("hash"),
    Index(None, "at"),
    Index(None, "actor", "at"),
    Index("ix_history_record_words", "kinds", "elements", postgresql_using="gin"),
    postgresql_with={"toast_tuple_target": "8160"},  # a record of some kilobytes stays in one piece
)
