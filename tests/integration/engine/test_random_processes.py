"""Random nested processes through the whole engine, on the database; ``python -m bench.fuzz --on-database`` runs any number."""

from __future__ import annotations

import pytest

from tests.integration.engine.office import Office
from tests.support.oracle.on_database import DriveOnDatabase


@pytest.mark.parametrize("chunk", range(3))
def test_random_processes_on_the_database_do_what_the_oracle_says(office: Office, chunk: int) -> None:
    ended = [DriveOnDatabase(office, seed).run() for seed in range(chunk * 12, chunk * 12 + 12)]
    assert sum(ended) >= 8
