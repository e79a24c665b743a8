"""How each deployed process looks, as SVG, kept with the version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("definition_key", sa.BigInteger(), nullable=False),
        sa.Column("svg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["definition_key"], ["definition.key"], name=op.f("fk_picture_definition_key_definition")),
        sa.PrimaryKeyConstraint("definition_key", name=op.f("pk_picture")),
    )


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
