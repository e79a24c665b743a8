"""One number and one log line for every request; the number goes back to the sender and stands in every line written on its way.

What is known of a request (its number, who sent it, its route) lies in one dictionary that every thread working for the
request shares: a context variable alone would lose what another thread finds out.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-Id"
ACCEPTED = re.compile(r"[A-Za-z0-9_-]{8,64}")  # of a proxy in front; anything else is replaced
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # a caller may send any word as its method
SECRET = re.compile(r"^(/s/)[^/]+")  # a survey's link is the right to answer it; a log must not tell who answered when
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")  # asked all the time: counted, not written down

log = structlog.get_logger(__name__)
_facts: ContextVar[dict[str, Any] | None] = ContextVar("request_facts", default=None)

Seen = Callable[[str, str, int, float], None]  # method, route template, status, seconds


def known(**facts: Any) -> None:
    """Add what was found out about the request in hand; outside of one, nothing happens."""
    current = _facts.get()
    if current is not None:
        current.update(facts)


def request_id() -> str:
    """The number of the request in hand; empty outside of one."""
    return str((_facts.get() or {}).get("request", ""))


def into_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """What structlog asks of each line: the request and the person, and nothing that is not known."""
    facts = _facts.get() or {}
    line: dict[str, Any] = {name: facts[name] for name in ("request", "user") if name in facts}
    line |= event
    return {name: value for name, value in line.items() if value is not None}


class RequestLog:
    """The outermost layer: what it does not see, nobody has asked for."""

    def __init__(self, app: ASGIApp, *, seen: Seen) -> None:
        self.app = app
        self.seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        facts: dict[str, Any] = {"request": given if ACCEPTED.fullmatch(given) else secrets.token_hex(8), "status": 500}
        token = _facts.set(facts)
        began = time.perf_counter()

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts["status"] = message["status"]
                MutableHeaders(scope=message)[HEADER] = facts["request"]
            await send(message)

        try:
            await self.app(scope, receive, send_numbered)
        finally:
            seconds = time.perf_counter() - began
            self.seen(
                scope["method"] if scope["method"] in METHODS else "other",
                facts.get("route") or _route(scope),
                facts["status"],
                seconds,
            )
            if not scope["path"].startswith(QUIET):
                path = SECRET.sub(r"\1…", scope["path"])
                log.info("request", method=scope["method"], path=path, status=facts["status"], ms=round(seconds * 1000, 1))
            _facts.reset(token)


def _route(scope: Scope) -> str:
    """The template of an API route; static files together; the rest has none, so that no address becomes a label."""
    route = getattr(scope.get("route"), "path", None)
    if route is not None and "{rest" not in route:
        return str(route)
    return "/static" if scope["path"].startswith("/static/") else "unknown"
