"""Sealed bids, their keys and openings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "bid_file_metadata",
    "bid_openings",
    "opening_presences",
    "openings",
    "sealed_parts",
    "key_shares",
    "comparison_keys",
    "opening_keys",
)


def upgrade() -> None:
    _keys()
    _openings()
    _bids()


def _keys() -> None:
    op.create_table(
        "opening_keys",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_keys")),
    )
    op.create_index(
        "uq_opening_keys_one_current", "opening_keys", ["login"], unique=True, postgresql_where=sa.text("replaced_at is null")
    )
    op.create_index(op.f("ix_opening_keys_login"), "opening_keys", ["login"], unique=False)
    op.create_table(
        "comparison_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("cipher", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_keys")),
    )
    op.create_index(op.f("ix_comparison_keys_purchase_id"), "comparison_keys", ["purchase_id"], unique=False)
    op.create_index(
        "uq_comparison_keys_one_current",
        "comparison_keys",
        ["purchase_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "key_shares",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("comparison_key_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("opening_key_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("share", sa.Text(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["comparison_key_id"], ["comparison_keys.id"], name=op.f("fk_key_shares_comparison_key_id")),
        sa.ForeignKeyConstraint(["opening_key_id"], ["opening_keys.id"], name=op.f("fk_key_shares_opening_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_shares")),
        sa.UniqueConstraint("comparison_key_id", "login", name=op.f("uq_key_shares_comparison_key_id_login")),
        sa.UniqueConstraint("comparison_key_id", "number", name=op.f("uq_key_shares_comparison_key_id_number")),
    )
    op.create_table(
        "sealed_parts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bid_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("wrapped_key", sa.Text(), nullable=True),
        sa.Column("data_key", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_sealed_parts_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_parts")),
        sa.UniqueConstraint("bid_id", "number", name=op.f("uq_sealed_parts_bid_id_number")),
    )
    op.create_index(op.f("ix_sealed_parts_bid_id"), "sealed_parts", ["bid_id"], unique=False)


def _openings() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("comparison_key_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("host_name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("minutes_sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["comparison_key_id"], ["comparison_keys.id"], name=op.f("fk_openings_comparison_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_purchase_id"), "openings", ["purchase_id"], unique=False)
    op.create_table(
        "opening_presences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_opening_presences_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_presences")),
        sa.UniqueConstraint("opening_id", "login", name=op.f("uq_opening_presences_opening_id_login")),
    )
    op.create_table(
        "bid_openings",
        sa.Column("bid_id", sa.Text(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("failures", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("hand_in_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_openings_bid_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_bid_openings_opening_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_openings")),
    )
    op.create_index(op.f("ix_bid_openings_opening_id"), "bid_openings", ["opening_id"], unique=False)
    op.create_index(op.f("ix_bid_openings_purchase_id"), "bid_openings", ["purchase_id"], unique=False)
    op.create_table(
        "bid_file_metadata",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("bid_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("last_modified_by", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_file_metadata_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_file_metadata")),
        sa.UniqueConstraint("bid_id", "number", name=op.f("uq_bid_file_metadata_bid_id_number")),
    )
    op.create_index(op.f("ix_bid_file_metadata_purchase_id"), "bid_file_metadata", ["purchase_id"], unique=False)


def _bids() -> None:
    op.add_column("bids", sa.Column("comparison_key_id", sa.BigInteger(), nullable=True))
    op.add_column("bids", sa.Column("command_sha256", sa.Text(), nullable=True))
    op.add_column("bids", sa.Column("sender_address", sa.Text(), nullable=False, server_default=""))
    op.add_column("bids", sa.Column("user_agent", sa.Text(), nullable=False, server_default=""))
    op.alter_column("bids", "sender_address", server_default=None)
    op.alter_column("bids", "user_agent", server_default=None)
    op.create_foreign_key(op.f("fk_bids_comparison_key_id"), "bids", "comparison_keys", ["comparison_key_id"], ["id"])
    op.create_unique_constraint(op.f("uq_bids_command_sha256"), "bids", ["command_sha256"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_bids_command_sha256"), "bids")
    op.drop_constraint(op.f("fk_bids_comparison_key_id"), "bids")
    for column in ("user_agent", "sender_address", "command_sha256", "comparison_key_id"):
        op.drop_column("bids", column)
    for table in TABLES:
        op.drop_table(table)
