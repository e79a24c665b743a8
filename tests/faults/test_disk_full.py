"""The disk of the database fills up: commands say so, nothing that was answered is lost, and all goes on when there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Resource
from engine.store.away import DatabaseAway, DatabaseFull, unavailable
from engine.store.unit_of_work import OutcomeUnknown
from tests.faults.servers import OwnServer
from tests.integration.engine.office import CLERK
from tests.unit.spiff.diagrams import diagram

SMALL = {"max_wal_size": "32MB", "min_wal_size": "32MB", "shared_buffers": "8MB", "max_connections": "20", "fsync": "off"}
MORE_THAN_FITS = 1_000  # cases with 200 KB each
KEPT = Resource("kept.bpmn", diagram("s -> u1 -> e", process_id="kept").replace(b'<zeebe:formDefinition formId="u1"/>', b""))


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 200 MB in memory."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    folder = Path(mkdtemp(prefix="bixuan-disk-"))
    folder.chmod(0o755)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", folder], check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("mounting is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def fill(disk: Path, leave: int) -> Path:
    """A file that leaves ``leave`` bytes free."""
    ballast = disk / "ballast"
    room = os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - leave)
    return ballast


def test_a_full_disk_is_said_to_be_full_and_loses_nothing(disk: Path) -> None:
    server = OwnServer(disk / "pg", SMALL)
    database = Database(server.url)
    try:
        database.migrate()
        engine = ProcessEngine(database)
        engine.deploy([KEPT], actor=SYSTEM)
        engine.start_process("kept", {}, actor=CLERK, business_key="first")
        fill(disk, 3_000_000)
        acknowledged, said = ["first"], set[type]()
        while not said and len(acknowledged) < MORE_THAN_FITS:
            name = f"case {len(acknowledged)}"
            try:
                engine.start_process("kept", {"ballast": os.urandom(100_000).hex()}, actor=CLERK, business_key=name)
                acknowledged.append(name)
            except OutcomeUnknown:
                said.add(OutcomeUnknown)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must be told as trouble of the database
                trouble = unavailable(error)
                assert trouble is not None, repr(error)
                said.add(type(trouble))
        assert said <= {DatabaseFull, DatabaseAway, OutcomeUnknown}
        assert said, "the disk was never full"

        (disk / "ballast").unlink()
        if not server.postgres._answers():
            server.start_again()
        database.dispose()
        names = {case.business_key for case in engine.instances(limit=None).items}
        assert names >= set(acknowledged)
        assert engine.verify().sound
        engine.start_process("kept", {}, actor=CLERK, business_key="afterwards")
    finally:
        database.dispose()
        server.postgres.stop()
