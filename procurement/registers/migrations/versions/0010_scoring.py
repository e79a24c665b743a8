"""Score sheets by version, corrections, explanations of prices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "price_reviews",
    "score_hints",
    "score_corrections",
    "expert_sheets",
    "scoring_runs",
    "frozen_sheets",
    "score_templates",
)
APPEND_ONLY = ("score_templates", "frozen_sheets", "score_corrections", "score_hints", "price_reviews")


def _identity() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "score_templates",
        *_texts("id"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("name", "organisations", "sheet", "note", "by"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_score_templates")),
    )
    op.create_table(
        "frozen_sheets",
        _identity(),
        *_texts("purchase_id", "template_id"),
        sa.Column("template_version", sa.Integer(), nullable=False),
        *_texts("sheet", "sha256", "by"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_sheets")),
    )
    op.create_index(op.f("ix_frozen_sheets_purchase_id"), "frozen_sheets", ["purchase_id"])
    op.create_table(
        "scoring_runs",
        _identity(),
        *_texts("purchase_id", "bids", "rejected", "panel", "chair", "facts", "objective"),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["frozen_sheets.id"], name=op.f("fk_scoring_runs_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_runs")),
    )
    op.create_index(op.f("ix_scoring_runs_purchase_id"), "scoring_runs", ["purchase_id"])
    op.create_table(
        "expert_sheets",
        _identity(),
        _run(),
        *_texts("expert_id", "login", "state", "marks", "comment", "sha256", "cause"),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_runs.id"], name=op.f("fk_expert_sheets_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_sheets")),
        sa.UniqueConstraint("run_id", "expert_id", name=op.f("uq_expert_sheets_run_id_expert_id")),
    )
    op.create_index(op.f("ix_expert_sheets_run_id"), "expert_sheets", ["run_id"])
    op.create_table(
        "score_corrections",
        _identity(),
        _run(),
        *_texts("expert_id", "organisation_id", "item", "cause"),
        sa.Column("before", sa.Numeric(18, 2), nullable=True),
        sa.Column("after", sa.Numeric(18, 2), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_runs.id"], name=op.f("fk_score_corrections_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_corrections")),
    )
    op.create_index(op.f("ix_score_corrections_run_id"), "score_corrections", ["run_id"])
    op.create_table(
        "score_hints",
        _identity(),
        _run(),
        *_texts("hints"),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_runs.id"], name=op.f("fk_score_hints_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_hints")),
    )
    op.create_index(op.f("ix_score_hints_run_id"), "score_hints", ["run_id"])
    op.create_table(
        "price_reviews",
        _identity(),
        *_texts("purchase_id", "organisation_id", "content", "by"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_reviews")),
    )
    op.create_index(op.f("ix_price_reviews_purchase_id"), "price_reviews", ["purchase_id"])
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change_of_record()"
        )


def _run() -> sa.Column[Any]:
    return sa.Column("run_id", sa.Integer(), nullable=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
