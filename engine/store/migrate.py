"""Bring the engine's tables to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

VERSION_TABLE = "alembic_version_engine"
LOCK = 0x656E67696E65  # "engine"; any number nobody else uses


def configuration(connection: Connection) -> Config:
    """Alembic's settings for the engine's revisions, bound to ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run missing revisions in the connection's transaction; the caller commits."""
    take_turn(connection, LOCK)
    command.upgrade(configuration(connection), "head")


def is_current(config: Config, version_table: str) -> bool:
    """Whether the connection of ``config`` is at the newest revision its scripts have."""
    context = MigrationContext.configure(config.attributes["connection"], opts={"version_table": version_table})
    return set(context.get_current_heads()) == set(ScriptDirectory.from_config(config).get_heads())


def take_turn(connection: Connection, lock: int) -> None:
    """One process migrates, the others wait for it, as long as it takes."""
    connection.execute(text("set local lock_timeout = 0"))
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})
