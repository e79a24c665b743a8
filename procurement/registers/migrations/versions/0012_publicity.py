"""Objections, appeals, deviations from rules in principle, contract papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXTS = ("about", "against", "supplement", "raised_by", "outcome", "examined_by", "decided_by")
MOMENTS = ("counted_from", "supplement_asked_at", "supplemented_at", "withdrawn_at")
DAYS = ("last_day", "answer_due_on")


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "discretions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *(text(name) for name in ("rule_id", "document", "article", "mark", "unit", "comparator", "approver_role")),
        *(text(name) for name in ("default_value", "chosen", "reason", "decided_by", "approver")),
        text("purchase_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discretions")),
    )
    for name in ("at", "rule_id", "decided_by", "purchase_id"):
        op.create_index(op.f(f"ix_discretions_{name}"), "discretions", [name])
    op.execute(
        "create trigger discretions_append_only before update or delete or truncate on discretions "
        "for each statement execute function refuse_change_of_record()"
    )
    for name in TEXTS:
        op.add_column("objections", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in MOMENTS:
        op.add_column("objections", sa.Column(name, MOMENT, nullable=True))
    for name in DAYS:
        op.add_column("objections", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("objections", sa.Column("joined_to", sa.Integer(), nullable=True))
    op.execute("update objections set about = 'result'")
    for name in TEXTS:  # the program names its own defaults
        op.alter_column("objections", name, server_default=None)
    _publicity()


def _publicity() -> None:
    op.create_table(
        "publicity_stops",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        text("purchase_id"),
        text("notice_id"),
        sa.Column("objection_id", sa.Integer(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_publicity_stops_notice_id")),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name=op.f("fk_publicity_stops_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_stops")),
    )
    op.create_index(op.f("ix_publicity_stops_purchase_id"), "publicity_stops", ["purchase_id"])
    op.create_table(
        "appeals",
        text("id"),
        text("purchase_id"),
        sa.Column("objection_id", sa.Integer(), nullable=True),
        text("organisation_id", nullable=True),
        *(text(name) for name in ("raised_by", "person", "contact", "request", "content", "evidence", "status")),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_not_counted", sa.Integer(), nullable=False),
        text("pauses"),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("suspended_on", "suspended_until", "suspension_lifted_on")),
        *(text(name) for name in ("outcome", "decision", "decided_by")),
        sa.Column("unfounded", sa.Boolean(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name=op.f("fk_appeals_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_purchase_id"), "appeals", ["purchase_id"])
    op.create_index(op.f("ix_appeals_organisation_id"), "appeals", ["organisation_id"])


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
