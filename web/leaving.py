"""A process that is about to stop: it says so, still answers whatever comes, and keeps no connection open for more."""

from __future__ import annotations

import threading

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving:
    """Set once, by the signal that stops the process. Waiting requests look at it; ``/readyz`` tells the balancer."""

    def __init__(self) -> None:
        self._begun = threading.Event()

    def begin(self) -> None:
        self._begun.set()

    @property
    def has_begun(self) -> bool:
        return self._begun.is_set()


class LastAnswers:
    """Middleware: from then on each answer is the last on its connection, so that none is cut off between two requests."""

    def __init__(self, app: ASGIApp, *, leaving: Leaving) -> None:
        self._app = app
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start" and self._leaving.has_begun:
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self._app(scope, receive, send_last)
