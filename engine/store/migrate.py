"""Bring the engine's tables to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from engine.errors import EngineError

VERSION_TABLE = "alembic_version_engine"
LOCK = 0x656E67696E65  # "engine"; any number nobody else uses


class DatabaseNewer(EngineError):
    """A newer version of this program has changed this database (revision {found}; this program knows none after {known}). Nothing was touched: start that newer version, or restore the backup made before it."""


class DatabaseBehind(EngineError):
    """This database was not brought to the revision of this version yet. Nothing was touched: run the migration first."""


def configuration(connection: Connection) -> Config:
    """Alembic's settings for the engine's revisions, bound to ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run missing revisions in the connection's transaction; the caller commits. Raises DatabaseNewer."""
    take_turn(connection, LOCK)
    config = configuration(connection)
    refuse_newer(config, VERSION_TABLE)
    command.upgrade(config, "head")


def is_current(config: Config, version_table: str) -> bool:
    """Whether the connection of ``config`` is at the newest revision its scripts have."""
    return _revisions(config, version_table) == set(ScriptDirectory.from_config(config).get_heads())


def refuse_newer(config: Config, version_table: str) -> None:
    """Raises DatabaseNewer when the connection of ``config`` is at a revision its scripts do not have."""
    scripts = ScriptDirectory.from_config(config)
    unknown = _revisions(config, version_table) - {script.revision for script in scripts.walk_revisions()}
    if unknown:
        raise DatabaseNewer(found=", ".join(sorted(unknown)), known=", ".join(sorted(scripts.get_heads())))


def _revisions(config: Config, version_table: str) -> set[str]:
    context = MigrationContext.configure(config.attributes["connection"], opts={"version_table": version_table})
    return set(context.get_current_heads())


def take_turn(connection: Connection, lock: int) -> None:
    """One process migrates, the others wait for it, as long as it takes."""
    connection.execute(text("set local lock_timeout = 0"))
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})
