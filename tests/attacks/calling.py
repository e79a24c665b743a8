"""The whole application, JSON API included, called without a server or a socket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from a2wsgi import ASGIMiddleware

from web.app import create_app
from web.composition import Services


@contextmanager
def called(services: Services) -> Iterator[httpx.WSGITransport]:
    """A transport for httpx clients; the job worker does not run."""
    middleware = ASGIMiddleware(create_app(services.settings, services))
    yield httpx.WSGITransport(app=middleware, raise_app_exceptions=False)
    middleware.loop.call_soon_threadsafe(middleware.loop.stop)
    while middleware.loop.is_running():
        time.sleep(0.01)
    middleware.loop.close()


def client(transport: httpx.WSGITransport, secret: str = "") -> httpx.Client:
    """Somebody's program with a token; without one a visitor."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return httpx.Client(transport=transport, base_url="http://testserver", headers=headers, timeout=60)
