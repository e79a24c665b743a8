"""The world outside: a small HTTP server that writes down every idempotency key it is told, and does each once."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Outside:
    """``happened``: payload by key; ``told``: how often each key arrived; ``refused``: keys that came with another payload."""

    def __init__(self) -> None:
        self.happened: dict[str, Any] = {}
        self.told: dict[str, int] = {}
        self.refused: list[str] = []
        self._lock = threading.Lock()
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name http.server asks for
                content = self.rfile.read(int(self.headers["Content-Length"]))
                outside.hear(self.headers["Idempotency-Key"], json.loads(content))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def hear(self, key: str, payload: Any) -> None:
        with self._lock:
            self.told[key] = self.told.get(key, 0) + 1
            if self.happened.setdefault(key, payload) != payload:
                self.refused.append(key)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
