"""Notices to people by mail and in the pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_messages")),
        sa.UniqueConstraint("login", "source", name=op.f("uq_messages_login_source")),
    )
    op.create_index(op.f("ix_messages_login_key"), "messages", ["login", "key"], unique=False)
    op.create_index("ix_messages_mail", "messages", ["login", "key"], unique=False, postgresql_where=sa.text("mail = 'waiting'"))
    op.create_index("ix_messages_unread", "messages", ["login"], unique=False, postgresql_where=sa.text("read_at is null"))
    op.create_table(
        "mails",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    op.create_index("ix_mails_due", "mails", ["next_at", "key"], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_index(op.f("ix_mails_login_created_at"), "mails", ["login", "created_at"], unique=False)
    op.create_index(op.f("ix_mails_state_key"), "mails", ["state", "key"], unique=False)
    op.create_table(
        "mail_wishes",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("modes", sa.Text(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=False),
        sa.Column("quiet_until", sa.Text(), nullable=False),
        sa.Column("quiet_days_off", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("stopped_reason", sa.Text(), nullable=False),
        sa.Column("digested_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_mail_wishes")),
    )
    op.create_table(
        "address_confirmations",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_address_confirmations")),
    )
    op.create_index(
        op.f("ix_address_confirmations_address_made_at"), "address_confirmations", ["address", "made_at"], unique=False
    )
    op.create_index(op.f("ix_address_confirmations_login_made_at"), "address_confirmations", ["login", "made_at"], unique=False)
    op.create_table(
        "feed_positions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed_positions")),
    )
    op.create_table(
        "deadlines",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("root_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("holders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("next_group", sa.Text(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deadlines")),
    )
    op.create_index("ix_deadlines_next", "deadlines", ["next_at", "key"], unique=False, postgresql_where=sa.text("is_open"))
    op.create_index(op.f("ix_deadlines_root_key"), "deadlines", ["root_key"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("to", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reminders")),
        sa.UniqueConstraint("deadline", "act", "level", name=op.f("uq_reminders_deadline_act_level")),
    )
    op.create_index(op.f("ix_reminders_purchase_id_key"), "reminders", ["purchase_id", "key"], unique=False)
    op.execute(
        "create trigger reminders_append_only before update or delete or truncate on reminders "
        "for each statement execute function refuse_change_of_record()"
    )


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("deadlines")
    op.drop_table("feed_positions")
    op.drop_table("address_confirmations")
    op.drop_table("mail_wishes")
    op.drop_table("mails")
    op.drop_table("messages")
