"""History, one row per command. What is there stays as it is: the chain of a case goes on in the new table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# the data of an entry is cut out of the record's text as it stands there: numbers keep their digits
ENTRY_BY_ENTRY = """
create view history_entry as
    select root_key, seq, at, kind, instance_key, element_id, element_key, actor, data, previous, hash from history
    union all
    select
        r.root_key, r.first_seq + e.number - 1, r.at, e.entry ->> 0, (e.entry ->> 1)::bigint, e.entry ->> 2,
        (e.entry ->> 3)::bigint, r.actor, (e.entry -> 4)::text, r.previous, r.hash
    from history_record r
    cross join lateral json_array_elements(r.entries::json) with ordinality as e(entry, number)
"""


def upgrade() -> None:
    op.create_table(
        "history_record",
        sa.Column("root_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("elements", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("root_key", "seq", name=op.f("pk_history_record")),
        postgresql_with={"toast_tuple_target": "8160"},
    )
    op.create_index(op.f("ix_history_record_at"), "history_record", ["at"])
    op.create_index(op.f("ix_history_record_actor_at"), "history_record", ["actor", "at"])
    op.create_index("ix_history_record_words", "history_record", ["kinds", "elements"], postgresql_using="gin")
    op.execute(
        "create trigger history_record_append_only before update or delete or truncate on history_record "
        "for each statement execute function refuse_change_of_history()"
    )
    op.execute(ENTRY_BY_ENTRY)


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
