"""Red flags and who looked at them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "red_flags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("organisations", sa.ARRAY(TEXT), nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.Column("rule_id", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_red_flags")),
        sa.UniqueConstraint("purchase_id", "fingerprint", name=op.f("uq_red_flags_purchase_id_fingerprint")),
    )
    op.create_index(op.f("ix_red_flags_purchase_id"), "red_flags", ["purchase_id"])
    op.create_index(op.f("ix_red_flags_state_id"), "red_flags", ["state", "id"])
    op.create_index(op.f("ix_red_flags_kind_id"), "red_flags", ["kind", "id"])
    op.create_table(
        "red_flag_looks",
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["red_flags.id"], name=op.f("fk_red_flag_looks_flag_id")),
        sa.PrimaryKeyConstraint("flag_id", "login", name=op.f("pk_red_flag_looks")),
    )
    op.create_table(
        "red_flag_verdicts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["red_flags.id"], name=op.f("fk_red_flag_verdicts_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_red_flag_verdicts")),
    )
    op.create_index(op.f("ix_red_flag_verdicts_flag_id"), "red_flag_verdicts", ["flag_id"])
    for table in ("red_flag_looks", "red_flag_verdicts"):
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change_of_record()"
        )


def downgrade() -> None:
    op.drop_table("red_flag_verdicts")
    op.drop_table("red_flag_looks")
    op.drop_table("red_flags")
