"""The demo's web server as a process of its own, to be killed and begun again: ``python -m tests.faults.demo_process URL FILES PORT``."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from procurement import demo
from web.composition import compose
from web.serving import serve_application
from web.settings import Settings

PATIENCE_S = 120
SECRET = "kept over restarts, so that nobody has to log in again"


class DemoProcess:
    """``start`` waits until it answers; ``kill`` leaves it no time to do anything."""

    def __init__(self, url: str, files: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "tests.faults.demo_process", url, str(files), str(port)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_S:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200:
                    return
            assert self._process.poll() is None, "the server ended by itself"
            time.sleep(0.05)
        raise TimeoutError(f"no answer within {PATIENCE_S} s")

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def again(self) -> None:
        self.kill()
        self.start()


class Person(httpx.Client):
    """Somebody at a browser without scripts; stays logged in over restarts."""

    def __init__(self, address: str, login: str) -> None:
        super().__init__(base_url=address, timeout=60)
        self.token = self._csrf("/login")
        answer = self.send_form("/login", {"login": login, "password": demo.PASSWORD})
        assert answer.status_code == 303, answer.text
        self.token = self._csrf("/account")

    def send_form(self, address: str, fields: Mapping[str, Any], **more: Any) -> httpx.Response:
        return self.post(address, data={"csrf_token": self.token, **fields}, **more)

    def _csrf(self, address: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(address).text)
        assert found, address
        return found[1]


def main(url: str, files: str, port: str) -> None:
    settings = replace(Settings.for_demo(url, files), secret_key=SECRET)
    serve_application(compose(settings), "127.0.0.1", int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
