"""Bring the register tables to the newest revision. Several processes may start at once: one migrates, the others wait."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from engine.store import migrate as revisions
from engine.store.database import Database

VERSION_TABLE = "alembic_version_procurement"
LOCK = 0x62697875616E  # "bixuan"; any number nobody else uses


def configuration(connection: Connection) -> Config:
    """Alembic's settings for the registers, bound to ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run missing revisions in the connection's transaction; the caller commits. Raises DatabaseNewer."""
    revisions.take_turn(connection, LOCK)
    config = configuration(connection)
    revisions.refuse_newer(config, VERSION_TABLE)
    command.upgrade(config, "head")


def refuse_newer(database: Database) -> None:
    """Raises DatabaseNewer when a later version than this one has changed the register tables."""
    with database.engine.connect() as connection:
        revisions.refuse_newer(configuration(connection), VERSION_TABLE)


def is_migrated(database: Database) -> bool:
    """Whether the register tables are at this version's revision."""
    with database.engine.connect() as connection:
        return revisions.is_current(configuration(connection), VERSION_TABLE)


def migrate(database: Database) -> None:
    """Bring the register tables of ``database`` to the newest revision; the engine's own are migrated by the engine."""
    with database.engine.begin() as connection:
        upgrade(connection)
