"""A process that is about to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from engine.model import Job
from tests.support.loops import in_a_loop
from web.api.waiting_room import WaitingRoom
from web.app import create_app
from web.composition import Services
from web.leaving import LastAnswers, Leaving
from web.settings import BadSettings, Settings


def get(app: ASGIApp, address: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.get(address)

    return in_a_loop(ask())


def test_each_answer_is_the_last_of_its_connection_once_it_leaves() -> None:
    leaving = Leaving()

    async def answer(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await PlainTextResponse(Request(scope).url.path)(scope, receive, send)

    app = LastAnswers(answer, leaving=leaving)
    assert "connection" not in get(app, "/a").headers
    leaving.begin()
    assert get(app, "/b").headers["connection"] == "close"


def test_a_balancer_is_told_at_once(services: Services) -> None:
    leaving = Leaving()
    app = create_app(services.settings, services, leaving)
    assert get(app, "/readyz").json()["checks"][0]["name"] == "database"
    leaving.begin()
    answer = get(app, "/readyz")
    assert answer.status_code == 503
    assert [check["name"] for check in answer.json()["checks"]] == ["staying"]
    assert get(app, "/healthz").status_code == 200


def test_nobody_is_kept_waiting_for_jobs() -> None:
    leaving = Leaving()

    async def nothing() -> Sequence[Job]:
        return ()

    async def wait() -> float:
        room = WaitingRoom(lambda _: (), lambda: leaving.has_begun)
        loop = asyncio.get_running_loop()
        loop.call_later(0.1, leaving.begin)
        began = loop.time()
        assert await asyncio.gather(*(room.jobs("paint", nothing, 30) for _ in range(3))) == [(), (), ()]
        assert await room.jobs("paint", nothing, 30) == ()
        return loop.time() - began

    assert in_a_loop(wait()) < 5


@pytest.mark.parametrize("threads", ["0", "many", "-1", "1000"])
def test_a_number_of_threads_that_is_none_is_refused(threads: str) -> None:
    environ = {
        "DATABASE_URL": "postgresql://x/y",
        "BIXUAN_SECRET_KEY": "x" * 32,
        "BIXUAN_FILE_STORE": "/tmp/x",
        "BIXUAN_PAGE_THREADS": threads,
    }
    with pytest.raises(BadSettings, match="BIXUAN_PAGE_THREADS"):
        Settings.from_environment(environ)
    assert Settings.from_environment(environ | {"BIXUAN_PAGE_THREADS": "6"}).page_threads == 6


def test_a_job_taken_as_the_time_runs_out_reaches_the_answer() -> None:
    async def wait() -> Sequence[Job]:
        async def slowly() -> Sequence[Job]:
            await asyncio.sleep(0.6)
            return (taken,)

        return await WaitingRoom(lambda types: types).jobs("paint", slowly, 0.5)

    taken = Job(1, "paint", 1, 1, "p", 1, 1, "t", 1, 3, "activated", "w", None, {}, {})
    assert in_a_loop(wait()) == (taken,)
