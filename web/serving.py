"""Running the application in this process until somebody stops it, then stopping everything in order."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from typing import NoReturn

import uvicorn

from engine.jobs.worker import Worker
from web.app import create_app
from web.composition import Services

GRACE_S = 10  # open requests may finish; a hanging one does not keep the server


class AddressInUse(RuntimeError):
    """Nothing can listen there; the text says where and what to do."""


def serve_application(services: Services, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM; returns after the last request and the worker have ended."""
    refuse_taken(host, port)
    stop_like_ctrl_c()
    config = uvicorn.Config(
        create_app(services.settings, services),
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )
    try:
        uvicorn.Server(config).run()
    except KeyboardInterrupt:  # uvicorn has stopped in order and hands the signal on
        pass
    finally:
        services.close()


def run_worker(services: Services) -> None:
    """Timers, effects and the sweeper until Ctrl-C or SIGTERM."""
    stop = threading.Event()
    stop_like_ctrl_c()
    try:
        Worker(services.engine).run(stop)
    except (KeyboardInterrupt, SystemExit):
        stop.set()
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
