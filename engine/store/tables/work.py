"""What waits: for people, for time, for workers, for somebody who mends a failure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Index, Integer, Table, Text, column, func, literal_column
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from engine.store.types import Json, Moment, key, metadata, text

_OPEN = sql("state = 'created'")
_FREE = sql("state = 'created' and assignee is null")  # what others have claimed is in nobody's inbox but theirs


def nulls_last(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """To sort by a moment that may be missing: written out, so that an index with the same words answers it."""
    return func.coalesce(moment, literal_column("'9999-12-31 00:00:00+00'::timestamp with time zone"), type_=Moment)


user_task = Table(
    "user_task",
    metadata,
    key(primary=True),
    key("root_key", primary=True),
    key("instance_key"),
    key("definition_key"),
    text("process_id"),
    text("business_key"),
    text("element_id"),
    text("name"),
    text("state"),  # created, completed, canceled
    Column("assignee", Text),
    Column("candidate_groups", ARRAY(Text), nullable=False),
    Column("candidate_users", ARRAY(Text), nullable=False),
    # "g:" + group and "u:" + user in one array, so that one index answers "may this person take it?"
    Column("candidates", ARRAY(Text), nullable=False),
    Column("due", Moment),
    Column("follow_up", Moment),
    Column("priority", Integer, nullable=False),
    Column("form_key", BigInteger),
    Column("form_id", Text),
    Column("headers", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("completed_by", Text),
    Column("suspended", Boolean, nullable=False, server_default=sql("false")),  # its case is
    Index(None, "root_key"),
    Index("ix_user_task_free_candidates", "candidates", postgresql_using="gin", postgresql_where=_FREE),
    Index("ix_user_task_open_assignee", "assignee", postgresql_where=_OPEN),
    Index("ix_user_task_open_created_at", "created_at", "key", postgresql_where=_OPEN),
    # a busy group's first page is the first rows of this; the few tasks of a small one are found by their candidates
    Index("ix_user_task_open_due", nulls_last(column("due")), "key", postgresql_where=_OPEN),
    Index("ix_user_task_completed_by", "completed_by", "ended_at", postgresql_where=sql("state = 'completed'")),
    Index(None, "ended_at", postgresql_using="brin"),  # slow steps; next to nothing to keep up
    Index(None, "due", postgresql_using="brin"),  # deadlines met and missed in a year
)

task_draft = Table(
    "task_draft",
    metadata,
    key("task_key", primary=True),
    text("user_id", primary=True),
    key("root_key"),
    Column("values", Json, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

timer = Table(
    "timer",
    metadata,
    key("element_key", primary=True),
    key("root_key", primary=True),  # 0: the start event of a definition
    key("instance_key"),
    key("definition_key"),
    text("element_id"),
    Column("due_at", Moment, nullable=False),
    Column("repetitions_left", Integer),
    Column("interval", Text),  # of a start event: how to reckon its next firing
    Column("anchor", Moment),
    Column("number", Integer),
    Column("suspended", Boolean, nullable=False, server_default=sql("false")),  # failed, or its case is suspended
    Index("ix_timer_due_at", "due_at", "element_key", postgresql_where=sql("not suspended")),
    Index(None, "root_key"),
)

job = Table(
    "job",
    metadata,
    key(primary=True),
    key("root_key", primary=True),
    text("type"),
    key("instance_key"),
    key("element_key"),
    text("element_id"),
    text("process_id"),
    key("definition_key"),
    Column("version", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    text("state"),  # created, activated, completed, failed, error_thrown, canceled
    text("worker"),
    Column("available_at", Moment, nullable=False),  # not before: creation, end of a back-off, or the deadline of the worker
    Column("deadline", Moment),
    Column("headers", Json, nullable=False),
    Column("variables", Json, nullable=False),
    text("error_message"),
    text("error_code"),
    Column("is_effect", Boolean, nullable=False),  # run by our own worker
    Column("is_detached", Boolean, nullable=False),  # asked for by an operation: no token waits for it
    Column("handed_out", Integer, nullable=False, server_default=sql("0")),  # how often; a lease is good for the last time only
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("suspended", Boolean, nullable=False, server_default=sql("false")),  # its case is
    Index(
        "ix_job_available",
        "type",
        "available_at",
        "key",
        postgresql_where=sql("state in ('created', 'activated') and not is_effect and not suspended"),
    ),
    Index("ix_job_unfinished", "type", "key", postgresql_where=sql("state in ('created', 'activated', 'failed')")),
    Index(None, "root_key"),
)

incident = Table(
    "incident",
    metadata,
    key(primary=True),
    key("root_key", primary=True),
    key("instance_key"),
    text("process_id"),
    text("element_id"),
    key("element_key"),
    Column("job_key", BigInteger),
    text("kind"),
    text("message"),
    text("state"),  # active, resolved
    Column("raised_at", Moment, nullable=False),
    Column("resolved_at", Moment),
    Index(None, "root_key"),
    Index("ix_incident_active", "raised_at", "key", postgresql_where=sql("state = 'active'")),
)

demo_clock = Table(
    "demo_clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("offset_us", BigInteger, nullable=False),  # microseconds ahead of the real time
)

command_log = Table(
    "command_log",
    metadata,
    text("command_id", primary=True),
    text("kind"),
    text("target"),
    text("actor"),
    Column("answer", Json),
    Column("at", Moment, nullable=False, server_default=func.now()),
    Index(None, "at"),
)
