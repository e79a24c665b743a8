"""Rows of a year found without reading those of all years, for the dashboards."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BY_TIME = {
    "purchases": "started_at",
    "contracts": "created_at",
    "payments": "paid_on",
    "monitoring_records": "recorded_at",
    "objections": "raised_at",
    "red_flags": "found_at",
}


def upgrade() -> None:
    for table, column in BY_TIME.items():
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
