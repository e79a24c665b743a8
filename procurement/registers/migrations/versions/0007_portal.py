"""Evidence of organisations, their registrations, supplements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXT = sa.Text()


def upgrade() -> None:
    _evidence()
    _registrations()
    _supplements()


def _evidence() -> None:
    op.create_table(
        "organisation_evidence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("condition", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("files", TEXT, nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.Column("conclusion", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", TEXT, nullable=False),
        sa.Column("verified_for", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_evidence_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_evidence")),
    )
    op.create_index(op.f("ix_organisation_evidence_organisation_id"), "organisation_evidence", ["organisation_id"])
    op.create_index(
        "uq_organisation_evidence_current",
        "organisation_evidence",
        ["organisation_id", "condition"],
        unique=True,
        postgresql_where=sa.text("replaced_at is null"),
    )


def _registrations() -> None:
    op.create_table(
        "organisation_registrations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("credit_code", TEXT, nullable=False),
        sa.Column("registration_authority", TEXT, nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("legal_representative", TEXT, nullable=False),
        sa.Column("contact", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("conditions", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("sent_from", TEXT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=True),
        sa.Column("process_key", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_registrations")),
    )
    op.create_index(op.f("ix_organisation_registrations_credit_code"), "organisation_registrations", ["credit_code"])
    op.create_index(
        op.f("ix_organisation_registrations_sent_from_begun_at"), "organisation_registrations", ["sent_from", "begun_at"]
    )
    for name, column in (("code", "credit_code"), ("login", "login")):
        op.create_index(
            f"uq_organisation_registrations_open_{name}",
            "organisation_registrations",
            [column],
            unique=True,
            postgresql_where=sa.text("status in ('sent', 'supplement')"),
        )


def _supplements() -> None:
    op.create_table(
        "supplement_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("purchase_id", TEXT, nullable=True),
        sa.Column("items", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("requested_by", TEXT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("check_due_before", sa.Date(), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("files", TEXT, nullable=False),
        sa.Column("stopped_days", sa.Integer(), nullable=True),
        sa.Column("check_due_after", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_requests")),
    )
    op.create_index(op.f("ix_supplement_requests_subject"), "supplement_requests", ["subject"])
    op.create_index(op.f("ix_supplement_requests_purchase_id"), "supplement_requests", ["purchase_id"])


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
