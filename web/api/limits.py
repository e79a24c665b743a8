"""How large a request may be and how many one address may send: 413 and 429, said before anything is read."""

from __future__ import annotations

import time
from collections import OrderedDict

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import problem

PREFIXES = ("/v2/", "/api/")
LARGEST_BODY = 64 * 1024 * 1024  # a deployment with many diagrams; files go another way
PER_SECOND, BURST = 200.0, 600.0  # one caller; a purchase needs about a hundred requests
REMEMBERED = 10_000  # callers; the one unseen the longest is forgotten first


class Allowance:
    """A token bucket for each caller."""

    def __init__(self, per_second: float = PER_SECOND, burst: float = BURST) -> None:
        self._rate, self._burst = per_second, burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, caller: str, now: float) -> bool:
        """False when the caller has to wait."""
        left, seen = self._left.pop(caller, (self._burst, now))
        left = min(self._burst, left + (now - seen) * self._rate)
        self._left[caller] = (max(left - 1, 0), now)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return left >= 1


class Limits:
    """Refuses before anything is read, and stops reading a body that says nothing of its size when it grows too large."""

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST_BODY, allowance: Allowance | None = None) -> None:
        self._app, self._largest, self._allowance = app, largest, allowance or Allowance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIXES):
            await self._app(scope, receive, send)
        elif (refusal := self._refusal(scope)) is not None:
            await refusal(scope, receive, send)
        else:
            await self._app(scope, self._counted(receive), send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        caller = headers.get("authorization") or (scope["client"][0] if scope.get("client") else "")
        if not self._allowance.spend(caller, time.monotonic()):
            detail = "Too many requests: wait a second, then go on more slowly."
            answer = problem(429, "RESOURCE_EXHAUSTED", detail, scope["path"])
            answer.headers["Retry-After"] = "1"
            return answer
        size = headers.get("content-length", "0")
        if not size.isdigit() or int(size) > self._largest:
            return problem(413, "TOO_LARGE", self._too_large, scope["path"])
        return None

    def _counted(self, receive: Receive) -> Receive:
        read = 0

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise HTTPException(413, self._too_large)
            return message

        return counting

    @property
    def _too_large(self) -> str:
        return f"A request may have at most {self._largest} bytes. Send fewer files at once."


def install(api: FastAPI) -> None:
    api.add_middleware(Limits)
