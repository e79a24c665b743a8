"""The office of the engine's own tests, to be put through everything that can go wrong around it."""

from tests.integration.engine.conftest import clock, database, engine, migrated, office

__all__ = ["clock", "database", "engine", "migrated", "office"]
