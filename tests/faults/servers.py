"""A PostgreSQL of a test's own, to be killed, stopped and woken; and the whole application on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from engine.model import SYSTEM
from engine.store.embedded import EmbeddedPostgres
from procurement.demo.registers import load_registers
from tests.web.conftest import MORNING
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings


class OwnServer:
    """An embedded server in a folder of its own."""

    def __init__(self, home: Path, settings: dict[str, str] | None = None) -> None:
        self.postgres = EmbeddedPostgres(home, settings=settings)
        self.url = self.postgres.start()

    @property
    def postmaster(self) -> int:
        return int((self.postgres.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """As a loss of power does, but for the disk's own cache."""
        os.kill(self.postmaster, signal.SIGKILL)

    def freeze(self) -> list[int]:
        """Nothing of it runs any more, nothing of it ends: the worst a server can do."""
        frozen = [self.postmaster, *children(self.postmaster)]
        for process in frozen:
            os.kill(process, signal.SIGSTOP)
        return frozen

    @staticmethod
    def thaw(frozen: list[int]) -> None:
        for process in reversed(frozen):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    def start_again(self) -> None:
        second = EmbeddedPostgres(self.postgres.home, settings=self.postgres._settings)
        second.start()
        second._users = None  # the first one still counts as its user


def children(parent: int) -> list[int]:
    """The processes a process began, from /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
    return found


@contextlib.contextmanager
def own_server(settings: dict[str, str] | None = None) -> Iterator[OwnServer]:
    folder = Path(mkdtemp(prefix="bixuan-fault-"))
    folder.chmod(0o755)  # root's server runs as an unprivileged user, who must reach its own folder
    server = OwnServer(folder / "pg", settings)
    try:
        yield server
    finally:
        if not server.postgres._answers():
            server.start_again()
        server.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def office_on(url: str, files: Path) -> Iterator[Services]:
    """Processes, forms and the registers of the demo office; nothing bought yet."""
    services = compose(Settings.for_demo(url, str(files)))
    services.migrate()
    services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="faults")
    services.clock.set(MORNING)
    with services.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)
    try:
        yield services
    finally:
        services.close()
