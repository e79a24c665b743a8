"""Registers described as data: their entries and imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# what may be said later about an entry: that it ends, once and earlier than was said before
ONLY_ENDS = """
create function ledger_entry_only_ends() returns trigger language plpgsql as $$
begin
  if new.closed_at is null or new.valid_until is null or new.valid_until > coalesce(old.valid_until, 'infinity')
    or (to_jsonb(new) - '{valid_until,closed_reason,closed_by,closed_at}'::text[])
      is distinct from (to_jsonb(old) - '{valid_until,closed_reason,closed_by,closed_at}'::text[])
  then
    raise exception 'an entry of a ledger is only added to or ended: %', old.number;
  end if;
  return new;
end $$
"""


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(text(name) for name in ("ledger", "number")),
        text("entry_key", nullable=True),
        text("name"),
        sa.Column("form_version", sa.Integer(), nullable=False),
        *(text(name) for name in ("content", "search")),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        *(text(name, nullable=True) for name in ("owner", "purchase_id", "organisation_id", "matter")),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        text("recorded_by"),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *(text(name) for name in ("closed_reason", "closed_by")),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "valid_until is null or valid_until >= valid_from - 1", name=op.f("ck_ledger_entries_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index(op.f("uq_ledger_entries_number"), "ledger_entries", ["number"], unique=True)
    op.create_index(op.f("ix_ledger_entries_ledger"), "ledger_entries", ["ledger", "id"])
    op.create_index(op.f("ix_ledger_entries_days"), "ledger_entries", ["ledger", "valid_from", "valid_until"])
    op.create_index(op.f("ix_ledger_entries_entry_key"), "ledger_entries", ["ledger", "entry_key"])
    for name in ("owner", "purchase_id", "organisation_id", "matter"):
        where = sa.text(f"{name} is not null")
        op.create_index(op.f(f"ix_ledger_entries_{name}"), "ledger_entries", [name, "ledger", "id"], postgresql_where=where)
    op.create_index(
        op.f("ix_ledger_entries_facts"),
        "ledger_entries",
        ["facts"],
        postgresql_using="gin",
        postgresql_ops={"facts": "jsonb_path_ops"},
    )
    op.execute(ONLY_ENDS)
    op.execute(
        "create trigger ledger_entries_only_end before update on ledger_entries "
        "for each row execute function ledger_entry_only_ends()"
    )
    op.execute(
        "create trigger ledger_entries_append_only before delete or truncate on ledger_entries "
        "for each statement execute function refuse_change_of_record()"
    )
    _batches()


def _batches() -> None:
    op.create_table(
        "ledger_batches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(text(name) for name in ("number", "ledger", "file_name", "sha256", "state", "fault")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done", "wrong", "form_version")),
        sa.Column("replaces_all", sa.Boolean(), nullable=False),
        text("begun_by"),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_batches")),
    )
    op.create_index(op.f("uq_ledger_batches_number"), "ledger_batches", ["number"], unique=True)
    op.create_index(op.f("ix_ledger_batches_ledger"), "ledger_batches", ["ledger", "id"])
    op.create_table(
        "ledger_batch_rows",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        *(text(name) for name in ("content", "faults")),
        sa.ForeignKeyConstraint(["batch_id"], ["ledger_batches.id"], name=op.f("fk_ledger_batch_rows_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_ledger_batch_rows")),
    )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
