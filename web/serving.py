"""Running the application in this process until somebody stops it, then stopping everything in order."""

from __future__ import annotations

import gc
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import uvicorn

from engine.errors import EngineError
from engine.jobs.worker import THREADS, Worker
from engine.model import SYSTEM
from web.composition import Services
from web.leaving import Leaving

GRACE_S = 30  # open requests may finish; a hanging one does not keep the server
KEPT_OPEN_S = 130  # longer than proxies keep an idle connection (nginx 60 s, Caddy 120): what they send while we close it is lost
YOUNG_OBJECTS = 50_000  # that many more before the collector looks at them: about what a page of a thousand rows makes


class AddressInUse(RuntimeError):
    """Nothing can listen there; the text says where and what to do."""


def serve_application(services: Services, host: str, port: int, *, drain_s: float = 0) -> None:
    """Serve until Ctrl-C or SIGTERM; returns after the last request and the worker have ended.

    ``drain_s``: after SIGTERM, how long requests are still taken while ``/readyz`` sends the balancer elsewhere.
    """
    from web.app import create_app  # noqa: PLC0415 - a worker needs neither pages nor the API in its memory

    refuse_taken(host, port)
    stop_like_ctrl_c()
    leaving = Leaving()
    config = uvicorn.Config(
        create_app(services.settings, services, leaving),
        host=host,
        port=port,
        log_level="warning",
        timeout_keep_alive=KEPT_OPEN_S,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )
    settle(services)
    try:
        _Server(config, leaving, drain_s).run()
    except KeyboardInterrupt:  # uvicorn has stopped in order and hands the signal on
        pass
    finally:
        services.close()


def settle(services: Services) -> None:
    """Load the processes in force, and leave everything loaded out of every later garbage collection."""
    with suppress(EngineError):  # a definition that cannot be read is told by the page that needs it
        services.office.matters.startable(SYSTEM)  # reads them all
    # A full collection visits every object there is. Code and definitions are 700,000, live as long as the process, and cost a
    # page that makes many objects 150 ms and more each time; frozen, they are not visited, and garbage is still found.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


class _Server(uvicorn.Server):
    """Stops when it has been ``leaving`` for long enough; a second signal is not kept waiting."""

    def __init__(self, config: uvicorn.Config, leaving: Leaving, drain_s: float) -> None:
        super().__init__(config)
        self._leaving, self._drain_s = leaving, drain_s
        self._stop_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = not self._leaving.has_begun
        self._leaving.begin()
        if is_first and sig == signal.SIGTERM and self._drain_s:
            self._stop_at = time.monotonic() + self._drain_s
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)


def run_worker(services: Services, *, threads: int = THREADS) -> None:
    """Timers, effects and the sweeper until Ctrl-C or SIGTERM; returns when what was begun is done."""
    stop = threading.Event()
    stop_with(stop)
    try:
        Worker(services.engine, threads=threads, duties=services.duties).run(stop)
    finally:
        services.close()


def refuse_taken(host: str, port: int) -> None:
    """Raises AddressInUse before anything is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(
                f"{host}:{port} 已被占用或不可用（{error.strerror}）。请先停止占用它的程序，或用 --port 换一个端口。"
            ) from error


def stop_like_ctrl_c() -> None:
    """SIGTERM leaves every context in order, as Ctrl-C does, so that the embedded database is stopped too."""

    def leave(*_: object) -> NoReturn:
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)


def stop_with(stop: threading.Event) -> None:
    """SIGTERM and Ctrl-C set ``stop``; whoever waits for it ends in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
