"""The folder that keeps a district: its database, its files, and how far it was played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.store.embedded import EmbeddedPostgres
from web.composition import Services, compose
from web.settings import Settings

# a district that is lost is played again
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "1GB", "max_wal_size": "4GB"}


@contextmanager
def district(home: Path) -> Iterator[Services]:
    """The office in ``home``, made when there is none yet."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    with EmbeddedPostgres(home / "database", settings=FAST) as url:
        services = compose(Settings.for_demo(url, str(home / "files")))
        services.migrate()
        yield services
        services.close()
