"""Draws of experts that anybody can repeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXT = sa.Text()


def upgrade() -> None:
    _experts()
    _draws()
    _panel()


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")


def _experts() -> None:
    for column in (
        sa.Column("credentials", TEXT, nullable=False, server_default="[]"),
        sa.Column("supervises", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("suspended_reason", TEXT, nullable=False, server_default=""),
    ):
        op.add_column("experts", column)
    for column in (
        sa.Column("purchase_id", TEXT, nullable=True),
        sa.Column("source", TEXT, nullable=False, server_default="registered"),
        sa.Column("recorded_by", TEXT, nullable=False, server_default=""),
        sa.Column("recorded_at", MOMENT, nullable=True),
    ):
        op.add_column("expert_recusals", column)
    op.alter_column("expert_recusals", "organisation_id", nullable=True)
    for table, names in {
        "experts": ("credentials", "supervises", "suspended_reason"),
        "expert_recusals": ("source", "recorded_by"),
    }.items():
        for name in names:  # new rows say it themselves
            op.alter_column(table, name, server_default=None)
    op.create_table(
        "expert_employments",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("expert_id", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("position", TEXT, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_expert_employments_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_employments")),
    )
    op.create_index(op.f("ix_expert_employments_expert_id"), "expert_employments", ["expert_id"])


def _draws() -> None:
    op.create_table(
        "draws",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("purchase_id", TEXT, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("announcement", TEXT, nullable=False),
        sa.Column("announcement_sha256", TEXT, nullable=False),
        sa.Column("announced_at", MOMENT, nullable=False),
        sa.Column("announced_by", TEXT, nullable=False),
        sa.Column("commit_until", MOMENT, nullable=False),
        sa.Column("reveal_until", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("outside_value", TEXT, nullable=False),
        sa.Column("concluded_at", MOMENT, nullable=True),
        sa.Column("void_reason", TEXT, nullable=False),
        sa.Column("seed", TEXT, nullable=False),
        sa.Column("drawn", TEXT, nullable=False),
        sa.Column("alternates", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("purchase_id", "round", name=op.f("uq_draws_purchase_id_round")),
    )
    op.create_index(op.f("ix_draws_purchase_id"), "draws", ["purchase_id"])
    op.create_table(
        "draw_candidates",
        sa.Column("draw_id", TEXT, nullable=False),
        sa.Column("commitment", TEXT, nullable=False),
        sa.Column("salt", TEXT, nullable=False),
        sa.Column("expert_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("strata", sa.ARRAY(TEXT), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_candidates_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "commitment", name=op.f("pk_draw_candidates")),
    )
    op.execute(
        "create trigger draw_candidates_append_only before update or delete or truncate on draw_candidates "
        "for each statement execute function refuse_change_of_record()"
    )
    op.create_table(
        "draw_contributions",
        sa.Column("draw_id", TEXT, nullable=False),
        sa.Column("contributor", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("commitment", TEXT, nullable=False),
        sa.Column("committed_at", MOMENT, nullable=True),
        sa.Column("committed_by", TEXT, nullable=False),
        sa.Column("contribution", TEXT, nullable=False),
        sa.Column("revealed_at", MOMENT, nullable=True),
        sa.Column("revealed_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_contributions_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "contributor", name=op.f("pk_draw_contributions")),
    )
    op.create_table(
        "draw_outside_values",
        sa.Column("draw_id", TEXT, nullable=False),
        sa.Column("entered_by", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_outside_values_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "entered_by", name=op.f("pk_draw_outside_values")),
    )


def _panel() -> None:
    op.create_table(
        "panel_invitations",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", TEXT, nullable=False),
        sa.Column("draw_id", TEXT, nullable=True),
        sa.Column("expert_id", TEXT, nullable=False),
        sa.Column("way", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("meeting_at", MOMENT, nullable=True),
        sa.Column("meeting_place", TEXT, nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("declared", TEXT, nullable=False),
        sa.Column("opinions_void", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_panel_invitations_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_invitations")),
    )
    op.create_index(op.f("ix_panel_invitations_purchase_id"), "panel_invitations", ["purchase_id"])
    op.create_index(op.f("ix_panel_invitations_expert_id_id"), "panel_invitations", ["expert_id", "id"])
    op.create_table(
        "recusal_requests",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("relation", TEXT, nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.Column("expert_id", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", TEXT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_requests")),
    )
    op.create_index(op.f("ix_recusal_requests_purchase_id"), "recusal_requests", ["purchase_id"])
