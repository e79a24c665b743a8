"""Surveys answered by link, without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "surveys",
        *(sa.Column(name, TEXT, nullable=name == "purchase_id") for name in ("id", "title", "audience", "purchase_id", "matter")),
        *(sa.Column(name, TEXT, nullable=False) for name in ("notice", "questions", "strata", "poster")),
        sa.Column("poster_daily", sa.Integer(), nullable=False),
        sa.Column("poster_salt", TEXT, nullable=False),
        sa.Column("minimum_answers", sa.Integer(), nullable=False),
        sa.Column("minimum_group", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_on", sa.Date(), nullable=False),
        sa.Column("results", TEXT, nullable=False),
        sa.Column("told", TEXT, nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index(op.f("ix_surveys_purchase_id_id"), "surveys", ["purchase_id", "id"])
    _of_survey(
        "survey_batches",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("stratum", TEXT, nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        key=("id",),
    )
    _of_survey(
        "survey_invitations",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("batch", TEXT, nullable=False),
        sa.Column("stratum", TEXT, nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        key=("token_hash",),
    )
    _of_survey(
        "survey_answers",
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "stratum", "via", "answers")),
        key=("id",),
    )
    _of_survey(
        "survey_poster_visits",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", TEXT, nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        key=("survey_id", "day", "visitor"),
    )


def _of_survey(table: str, *columns: sa.Column, key: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("survey_id", TEXT, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f(f"fk_{table}_survey_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
    if key[0] != "survey_id":
        op.create_index(op.f(f"ix_{table}_survey_id"), table, ["survey_id"])


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
