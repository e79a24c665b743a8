"""How much and how fast: 413 and 429, for bodies that say their size and for those that do not."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.support.loops import in_a_loop
from web.api.limits import LARGEST_BODY, Allowance, Limits

Api = Callable[..., httpx.Client]


class Client:
    """Posts to an ASGI application, each request for itself."""

    def __init__(self, app: Limits) -> None:
        self._transport = httpx.ASGITransport(app)

    def post(self, path: str, **request: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://test") as client:
                return await client.post(path, **request)

        return in_a_loop(send())


def small(allowance: Allowance | None = None) -> Client:
    async def size(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app = Starlette(routes=[Route("/v2/size", size, methods=["POST"]), Route("/page", size, methods=["POST"])])
    return Client(Limits(app, largest=1000, allowance=allowance))


async def pieces(count: int) -> AsyncIterator[bytes]:
    """Sent in chunks, without a Content-Length."""
    for _ in range(count):
        yield b"x" * 100


def test_a_body_within_the_limit_passes_with_and_without_its_size() -> None:
    client = small()
    assert client.post("/v2/size", content=b"x" * 1000).text == "1000"
    assert client.post("/v2/size", content=pieces(10)).text == "1000"


def test_a_body_that_is_too_large_is_refused_with_and_without_its_size() -> None:
    client = small()
    assert client.post("/v2/size", content=b"x" * 1001).status_code == 413
    assert client.post("/v2/size", content=pieces(11)).status_code == 413
    assert client.post("/v2/size", headers={"Content-Length": "a lot"}).status_code == 413
    assert client.post("/page", content=b"x" * 2000).status_code == 200, "pages have limits of their own"


def test_whoever_asks_too_often_waits_and_the_others_do_not() -> None:
    client = small(Allowance(per_second=0.0, burst=3))
    answers = [client.post("/v2/size", headers={"Authorization": "Bearer one"}).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = client.post("/v2/size", headers={"Authorization": "Bearer one"})
    assert (refused.headers["retry-after"], refused.json()["title"]) == ("1", "RESOURCE_EXHAUSTED")
    assert client.post("/v2/size", headers={"Authorization": "Bearer two"}).status_code == 200


def test_the_allowance_fills_up_again_and_forgets_nobody_too_early() -> None:
    allowance = Allowance(per_second=2.0, burst=2.0)
    assert [allowance.spend("a", 0.0) for _ in range(3)] == [True, True, False]
    assert [allowance.spend("a", 0.5), allowance.spend("a", 0.5)] == [True, False]
    assert [allowance.spend("a", 60.0) for _ in range(3)] == [True, True, False]


def test_the_server_stops_reading_a_body_that_does_not_say_how_large_it_is(server: str, api: Api) -> None:
    host, port = server.removeprefix("http://").split(":")
    head = f"POST /v2/jobs/search HTTP/1.1\r\nHost: x\r\nAuthorization: {api('admin').headers['authorization']}\r\n"
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            for _ in range(LARGEST_BODY // 0x100000 + 1):
                connection.sendall(chunk)
        assert b" 413 " in connection.recv(200)
