"""Several ``bixuan serve`` and ``bixuan worker`` on one database, and a balancer before them that repeats nothing.

``Machines``  starts, stops and replaces the processes.
``Balancer``  hands each request to the next process that says it is ready. A process that refuses the connection has got
              nothing, so the next one is asked; once a request was sent it is not sent again.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

DRAIN_S = 1
START_WITHIN_S = 60
ONE_HOP = {"connection", "transfer-encoding", "keep-alive"}  # headers that concern one connection only


class Machines:
    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self._environ = {**os.environ, **environ, "PYTHONUNBUFFERED": "1"}
        self._log = log.open("ab")
        self.serving: dict[int, subprocess.Popen[bytes]] = {}  # by port
        self.workers: list[subprocess.Popen[bytes]] = []

    def serve(self, port: int | None = None) -> int:
        """Start one that serves; returns its port."""
        port = port or free_port()
        self.serving[port] = self._start("serve", "--port", str(port), "--no-worker", "--drain", str(DRAIN_S))
        return port

    def work(self) -> None:
        self.workers.append(self._start("worker", "--threads", "2"))

    def replace_serving(self, port: int) -> int:
        """Stop one as a roll-out does and start it anew; returns what it ended with."""
        code = stopped(self.serving[port])
        self.serve(port)
        until_ready(port)
        return code

    def stop(self) -> list[int]:
        """All of them; returns what each ended with."""
        everyone = [*self.serving.values(), *self.workers]
        for process in everyone:
            process.send_signal(signal.SIGTERM)
        codes = [ended(process) for process in everyone]
        self._log.close()
        return codes

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.support.machine", *arguments]
        return subprocess.Popen(command, env=self._environ, stdout=self._log, stderr=self._log)


def stopped(process: subprocess.Popen[bytes]) -> int:
    """What it ends with when it is told to stop."""
    process.send_signal(signal.SIGTERM)
    return ended(process)


def ended(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(timeout=45)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return -9


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            answer.read()
        except OSError:
            return False
        return answer.status == 200


def until_ready(*ports: int) -> None:
    give_up = time.monotonic() + START_WITHIN_S
    waiting = set(ports)
    while waiting:
        waiting = {port for port in waiting if not is_ready(port)}
        assert time.monotonic() < give_up, f"not ready after {START_WITHIN_S} s: {waiting}"
        time.sleep(0.2)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    content: bytes


class Balancer:
    """A context: serves on ``address`` while it lasts. ``failures`` names every request that was sent and not answered."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._ready = list(ports)
        self._turn = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.failures: list[str] = []
        self.answered_by: set[int] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._threads = [threading.Thread(target=each) for each in (self._server.serve_forever, self._look)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Raises ConnectionError when nobody could be reached, or when an answer broke off."""
        for port in self._in_turn():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                connection.connect()
            except OSError:
                continue  # it has got nothing
            self.answered_by.add(port)
            with contextlib.closing(connection):
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return Answer(answer.status, answer.getheaders(), answer.read())
        raise ConnectionError("no process answers")

    def _in_turn(self) -> Iterator[int]:
        with self._lock:
            ready = self._ready or self._ports
            self._turn += 1
            begin = self._turn % len(ready)
        yield from [*ready[begin:], *ready[:begin]]

    def _look(self) -> None:
        while not self._stop.wait(0.2):
            self._ready = [port for port in self._ports if is_ready(port)]


def _handler(balancer: Balancer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Silent."""

        def handle_request(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ONE_HOP}
            try:
                answer = balancer.forward(self.command, self.path, headers, body)
            except (OSError, http.client.HTTPException) as error:
                balancer.failures.append(f"{self.command} {self.path}: {type(error).__name__} {error}")
                self.send_error(502)
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                if name.lower() not in {*ONE_HOP, "content-length"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_request

    return Handler
