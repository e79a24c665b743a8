"""Case files as archives; who signed a contract, who refused one, and contracts that supplement another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("volume", sa.Integer(), server_default="1", nullable=False),
        sa.Column("previous_id", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="listed", nullable=False),
        sa.Column("root", sa.Text(), server_default="", nullable=False),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("archive_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("archive_size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("built_at", MOMENT, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("accepted_by", sa.Text(), server_default="", nullable=False),
        sa.Column("disposed_at", MOMENT, nullable=True),
        sa.Column("disposed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("disposal_reason", sa.Text(), server_default="", nullable=False),
    ):
        op.add_column("case_files", column)
    op.create_index(op.f("ix_case_files_keep_until"), "case_files", ["keep_until"])
    for column in (
        sa.Column("supplements_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("papers", sa.Text(), server_default="[]", nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("filed_with", sa.Text(), server_default="", nullable=False),
    ):
        op.add_column("contracts", column)
    op.create_foreign_key(op.f("fk_contracts_supplements_id"), "contracts", "contracts", ["supplements_id"], ["id"])
    op.create_table(
        "contract_signatures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("scans", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_signatures_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_signatures")),
        sa.UniqueConstraint("contract_id", "party", name=op.f("uq_contract_signatures_contract_id_party")),
    )
    op.create_table(
        "contract_refusals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_refusals")),
    )
    op.create_index(op.f("ix_contract_refusals_purchase_id"), "contract_refusals", ["purchase_id"])
    for table in ("contract_signatures", "contract_refusals"):
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change_of_record()"
        )


def downgrade() -> None:
    op.drop_table("contract_refusals")
    op.drop_table("contract_signatures")
    op.drop_constraint(op.f("fk_contracts_supplements_id"), "contracts", type_="foreignkey")
    for name in ("filed_with", "filed_on", "papers", "reason", "supplements_id"):
        op.drop_column("contracts", name)
    op.drop_index(op.f("ix_case_files_keep_until"), "case_files")
    for name in (
        "disposal_reason",
        "disposed_by",
        "disposed_at",
        "accepted_by",
        "accepted_at",
        "built_at",
        "archive_size",
        "archive_sha256",
        "entries",
        "root",
        "status",
        "purpose",
        "previous_id",
        "volume",
    ):
        op.drop_column("case_files", name)
