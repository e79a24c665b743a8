"""Published releases of open data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "published_releases",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("ocid", TEXT, nullable=False),
        sa.Column("purchase_id", TEXT, nullable=False),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("tags", sa.ARRAY(TEXT), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_published_releases")),
        sa.UniqueConstraint("id", name=op.f("uq_published_releases_id")),
        sa.UniqueConstraint("event", name=op.f("uq_published_releases_event")),
    )
    op.create_index(op.f("ix_published_releases_ocid"), "published_releases", ["ocid"])
    op.create_index(op.f("ix_published_releases_purchase_id_sequence"), "published_releases", ["purchase_id", "sequence"])
    op.execute(
        "create trigger published_releases_append_only before update or delete or truncate on published_releases "
        "for each statement execute function refuse_change_of_record()"
    )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
