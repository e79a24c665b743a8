"""Who may change which folder, and every release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXT = sa.Text()
# until an administrator says otherwise: designers draw and look at each other's drafts, administrators answer for releases
FIRST = (
    ("edit", "role:designer"),
    ("edit", "role:admin"),
    ("review", "role:designer"),
    ("review", "role:admin"),
    ("release", "role:admin"),
)


def upgrade() -> None:
    permissions = op.create_table(
        "studio_permissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("folder", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_permissions")),
        sa.UniqueConstraint("folder", "action", "holder", name=op.f("uq_studio_permissions_folder_action_holder")),
    )
    op.bulk_insert(permissions, [{"folder": "*", "action": action, "holder": holder} for action, holder in FIRST])
    op.create_table(
        "studio_releases",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("draft_key", sa.BigInteger(), nullable=True),
        sa.Column("folder", TEXT, nullable=False),
        sa.Column("folders", sa.ARRAY(TEXT), nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.Column("cases_run", sa.Integer(), nullable=False),
        sa.Column("editors", sa.ARRAY(TEXT), nullable=False),
        sa.Column("submitted_by", TEXT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("release_at", MOMENT, nullable=False),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("process_key", sa.BigInteger(), nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("deployment_key", sa.BigInteger(), nullable=True),
        sa.Column("made", sa.ARRAY(TEXT), nullable=False),
        sa.Column("returns", TEXT, nullable=True),
        sa.Column("rolled_back_by", TEXT, nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["draft_key"], ["studio_drafts.key"], name=op.f("fk_studio_releases_draft_key")),
        sa.ForeignKeyConstraint(["returns"], ["studio_releases.id"], name=op.f("fk_studio_releases_returns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_releases")),
    )
    op.create_index(op.f("ix_studio_releases_state_submitted_at"), "studio_releases", ["state", "submitted_at"])
    op.create_index(op.f("ix_studio_releases_draft_key"), "studio_releases", ["draft_key"])
    op.create_table(
        "studio_signatures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("release_id", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("opinion", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["studio_releases.id"], name=op.f("fk_studio_signatures_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_signatures")),
    )
    op.create_index(op.f("ix_studio_signatures_release_id"), "studio_signatures", ["release_id"])
    op.execute(
        "create trigger studio_signatures_append_only before update or delete or truncate on studio_signatures "
        "for each statement execute function refuse_change_of_record()"
    )
    op.create_table(
        "studio_shipped",
        sa.Column("path", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("kept_ours", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["studio_contents.sha256"], name=op.f("fk_studio_shipped_sha256")),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_studio_shipped")),
    )
    op.create_table(
        "studio_looked",
        sa.Column("draft_key", sa.BigInteger(), nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("found", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["draft_key"], ["studio_drafts.key"], name=op.f("fk_studio_looked_draft_key")),
        sa.PrimaryKeyConstraint("draft_key", "what", name=op.f("pk_studio_looked")),
    )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
