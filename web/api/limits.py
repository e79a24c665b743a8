"""How large a request may be and how many one address may send: 413 and 429, said before anything is read."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from web.api.problems import problem

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


def install(api: FastAPI) -> None:
    allowance = Allowance()

    async def limit(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if not request.url.path.startswith(("/v2/", "/api/")):
            return await call_next(request)
        caller = request.headers.get("authorization") or (request.client.host if request.client else "")
        if not allowance.spend(caller, time.monotonic()):
            detail = "Too many requests: wait a second, then go on more slowly."
            answer = problem(429, "RESOURCE_EXHAUSTED", detail, request.url.path)
            answer.headers["Retry-After"] = "1"
            return answer
        size = request.headers.get("content-length", "0")
        if not size.isdigit() or int(size) > LARGEST_BODY:
            detail = f"A request may have at most {LARGEST_BODY} bytes. Send fewer files at once."
            return problem(413, "TOO_LARGE", detail, request.url.path)
        return await call_next(request)

    api.middleware("http")(limit)
