"""/healthz: the process is alive. /readyz: it can serve, and if not, why; a balancer sends nobody here then."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import structlog
from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from procurement import registers
from web.composition import Services
from web.leaving import Leaving

log = structlog.get_logger(__name__)
WORKER_WITHIN_S = 60
STORE_EVERY_S = 15  # writing into the file store costs more than the other questions, so its answer is kept a little


@dataclass(frozen=True)
class Check:
    """``required`` ones decide whether requests may come; the others are only told."""

    name: str
    ok: bool
    reason: str
    required: bool = True


class Readiness:
    """Asks everything a request may need."""

    def __init__(self, services: Services, leaving: Leaving) -> None:
        self._services = services
        self._leaving = leaving
        self._lock = threading.Lock()
        self._store: tuple[float, Check] | None = None

    def checks(self) -> list[Check]:
        if self._leaving.has_begun:
            return [Check("staying", False, "this process is about to stop: send requests to another one")]
        database = _checked("database", self._database)
        if not database.ok:  # nothing else could be asked
            return [database]
        return [database, _checked("migrations", self._migrations), self._file_store(), self._worker()]

    def _database(self) -> str:
        self._services.engine.definitions(limit=1)
        return "it answers"

    def _migrations(self) -> str:
        database = self._services.database
        behind = [
            name
            for name, done in (("engine", database.is_migrated()), ("registers", registers.is_migrated(database)))
            if not done
        ]
        if behind:
            raise NotReady(f"the tables of {' and '.join(behind)} are not at this version's revision: run bixuan migrate")
        return "the tables are at this version's revision"

    def _file_store(self) -> Check:
        with self._lock:
            if self._store is None or time.monotonic() - self._store[0] > STORE_EVERY_S:
                self._store = (time.monotonic(), _checked("file_store", self._write))
            return self._store[1]

    def _write(self) -> str:
        self._services.office.files.try_writing()
        return "it can be written"

    def _worker(self) -> Check:
        """Only required where this process runs the worker itself: one that stopped elsewhere does not make this one unfit."""
        own = self._services.settings.worker_inside
        seen = self._services.engine.overview().worker_seen
        if seen is None:
            return Check("worker", False, "no worker is registered: start bixuan worker", own)
        age = round((dt.datetime.now(dt.UTC) - seen).total_seconds())
        return Check("worker", age <= WORKER_WITHIN_S, f"seen {age} s ago", own)


class NotReady(Exception):
    """The text says what is missing and what to do."""


def _checked(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name, True, ask())
    except NotReady as error:
        return Check(name, False, str(error))
    except Exception as error:  # whatever a driver raises: it is told by its kind, its text may hold addresses
        log.warning("not_ready", check=name, exc_info=error)
        return Check(name, False, f"{type(error).__name__}: see the log")


def install(api: FastAPI, services: Services, leaving: Leaving) -> None:
    readiness = Readiness(services, leaving)

    @api.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        """200 while the process answers; it touches nothing else."""
        return {"status": "ok"}

    @api.get("/readyz", include_in_schema=False)
    def readyz() -> Response:
        """200 with every check, or 503 with the same."""
        checks = readiness.checks()
        ready = all(check.ok for check in checks if check.required)
        body = {"status": "ready" if ready else "not ready", "checks": [asdict(check) for check in checks]}
        return JSONResponse(body, 200 if ready else 503)
