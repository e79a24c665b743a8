"""Real processes: PostgreSQL, ``bixuan serve`` and ``bixuan worker``, each killed and started again on demand."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TextIO

import httpx
import psycopg

from engine.store.embedded import EmbeddedPostgres

PATIENCE_S = 240
BEGINNING_S = 4


class Process:
    """One of ours, begun again with the same arguments after each kill."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str], log: TextIO) -> None:
        self.name = name
        self._begin = lambda: subprocess.Popen(
            [sys.executable, "-m", "bench.killing.entry", *arguments], env=environment, stdout=log, stderr=log
        )
        self.start()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def start(self) -> None:
        self._process = self._begin()
        self._started = time.monotonic()

    def start_if_ended(self) -> None:
        """As a service manager does: one that began while the database was away has said so and ended."""
        if self._process.poll() is not None:
            self.start()

    def answers(self) -> bool:
        """A worker answers nobody: it counts as back when it had time to begin; what it does is timed by what gets done."""
        self.start_if_ended()
        return time.monotonic() - self._started > BEGINNING_S


class Web(Process):
    def __init__(self, name: str, environment: dict[str, str], log: TextIO) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        super().__init__(name, ["serve", "--port", str(port)], environment, log)

    def answers(self) -> bool:
        self.start_if_ended()
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200
        return False


class Database:
    """An embedded server with its durable settings, in a folder of its own."""

    name = "postgres"

    def __init__(self, home: Path) -> None:
        self._home = home
        self._server = EmbeddedPostgres(home)
        self.url = self._server.start()

    def kill(self) -> None:
        os.kill(int((self._server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def start(self) -> None:
        self._server.start()

    def answers(self) -> bool:
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=5).close()
            return True
        return False

    def stop(self) -> None:
        self._server.stop()


class Office:
    def __init__(self, folder: Path, outside: str, webs: int = 2, workers: int = 2) -> None:
        self.folder = folder
        self.database = Database(folder / "pg")
        environment = {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "BIXUAN_HOME": str(folder / "home"),
            "BIXUAN_SECRET_KEY": "kill9" * 10,
            "BIXUAN_FILE_STORE": str(folder / "files"),
            "BIXUAN_WORKER_INSIDE": "false",
            "BIXUAN_SECURE_COOKIES": "false",
            "OUTSIDE": outside,
        }
        log = (folder / "log").open("a")
        self.webs = [Web(f"web {n}", environment, log) for n in range(webs)]
        self.workers = [Process(f"worker {n}", ["worker"], environment, log) for n in range(workers)]
        self.recoveries: dict[str, list[float]] = {}  # seconds by kind of process
        self._ill: list[Process | Database] = []
        self._watchers: list[threading.Thread] = []

    def wait_until_all_answer(self, seconds: float = PATIENCE_S) -> float:
        """How long it took until every web process answered, database included."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if all(web.answers() for web in self.webs):
                return time.monotonic() - began
            time.sleep(0.05)
        raise TimeoutError(f"not every web process answered within {seconds} s; see {self.folder / 'log'}")

    def kill_and_start(self, chance: random.Random) -> None:
        """End one of those that work at this moment, and start it anew; how long it takes is watched beside."""
        kinds: tuple[list[Any], ...] = (self.webs, self.webs, self.workers, self.workers, [self.database])
        well = [[one for one in kind if one not in self._ill] for kind in kinds]
        victim = chance.choice(chance.choice([some for some in well if some]))
        self._ill.append(victim)
        began = time.monotonic()
        victim.kill()
        victim.start()
        watcher = threading.Thread(target=self._watch, args=(victim, began), daemon=True)
        watcher.start()
        self._watchers.append(watcher)

    def _watch(self, victim: Process | Database, began: float) -> None:
        while not victim.answers() and time.monotonic() - began < PATIENCE_S:
            time.sleep(0.05)
        self.recoveries.setdefault(victim.name.split()[0], []).append(time.monotonic() - began)
        self._ill.remove(victim)

    def wait_until_well(self) -> None:
        """Everything that was killed works again, or its patience has run out."""
        for watcher in self._watchers:
            watcher.join()

    def end_processes(self) -> None:
        for process in [*self.webs, *self.workers]:
            process.kill()


@contextlib.contextmanager
def office(outside: str) -> Iterator[Office]:
    folder = Path(mkdtemp(prefix="bixuan-kill9-"))
    folder.chmod(0o755)  # root's server runs as an unprivileged user, who must reach its own folder
    made = Office(folder, outside)
    try:
        yield made
    finally:
        made.end_processes()
        made.database.stop()
        shutil.rmtree(folder, ignore_errors=True)
