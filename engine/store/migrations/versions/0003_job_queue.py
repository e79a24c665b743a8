"""Tables and functions of the job queue procrastinate, as its release 3.10 makes them (sql/procrastinate-3.10.sql)."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parent.parent / "sql" / "procrastinate-3.10.sql"


def upgrade() -> None:
    # straight to the driver: the file is many statements, full of colons and percent signs that mean nothing to us
    op.get_bind().connection.driver_connection.execute(SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
