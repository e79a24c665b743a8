"""The whole application as ``bixuan demo`` composes it, served from a thread of the test, the job worker inside."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from engine.model import SYSTEM
from procurement import demo
from tests.support.patience import PATIENCE_S
from web.app import create_app
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.serving import KEPT_OPEN_S
from web.settings import Settings


@contextmanager
def demo_office(database_url: str, file_store: str) -> Iterator[Services]:
    """Tables, processes, forms and the demo office in an empty database."""
    services = compose(Settings.for_demo(database_url, file_store))
    try:
        services.migrate()
        services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="演示街道的流程和表单")
        demo.load(services.office, services.engine)
        yield services
    finally:
        services.close()


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Serve until the block ends; gives the address."""
    listening = socket.create_server(("127.0.0.1", 0))  # handed over open, so that nobody else gets the port in between
    port = listening.getsockname()[1]
    config = uvicorn.Config(create_app(services.settings, services), log_level="warning", timeout_keep_alive=KEPT_OPEN_S)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="server")
    thread.start()
    try:
        until(lambda: server.started, "the server to start")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE_S)


def until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Wait for something that happens elsewhere; fails naming ``what``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := holds():
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")
