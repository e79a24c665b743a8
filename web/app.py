"""The outer application: JSON API, health, static files; the pages are mounted inside it."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio.to_thread
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.jobs.worker import Worker
from web import api_docs, health, metrics, security, static_files
from web.auth import access
from web.composition import Services, compose
from web.leaving import LastAnswers, Leaving
from web.pages.factory import create_pages
from web.request_log import RequestLog
from web.settings import Settings
from web.version import VERSION

API_PREFIXES = ("/api", "/v2")


def create_app(settings: Settings, services: Services | None = None, leaving: Leaving | None = None) -> FastAPI:
    """The ASGI application. ``services`` may be handed in when the caller composed them already (the demo, tests).

    ``leaving`` is set by whoever serves it, when the process is about to stop.
    """
    own, leaving = services or compose(settings), leaving or Leaving()
    api = FastAPI(title="Bixuan", version=VERSION, lifespan=_life(own), docs_url=None, redoc_url=None)
    api.state.services, api.state.leaving = own, leaving
    health.install(api, own, leaving)
    metrics.install(api, own.settings, own.metrics)
    api_docs.install(api)
    _mount_api(api)
    for prefix in API_PREFIXES:  # an unknown API address answers a program, not with an HTML page
        api.add_route(f"{prefix}/{{rest:path}}", _no_such_operation, methods=[*_METHODS], include_in_schema=False)
    access.refuse_gaps(access.api_routes(api))
    api.mount("/static", static_files.KeptFiles(directory=static_files.FOLDER))
    api.mount("/", WSGIMiddleware(create_pages(own), workers=settings.page_threads))  # type: ignore[arg-type]
    api.add_middleware(security.SecurityHeaders, https=settings.secure_cookies)
    api.add_middleware(LastAnswers, leaving=leaving)
    api.add_middleware(RequestLog, seen=own.metrics.request)  # added last, so it is the outermost
    return api


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _life(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The job worker lives as long as the application, when it is to run inside it."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = services.settings.api_threads
        stop = threading.Event()
        worker: threading.Thread | None = None
        if services.settings.worker_inside:
            worker = threading.Thread(target=Worker(services.engine, duties=services.duties).run, args=(stop,), name="worker")
            worker.start()
        try:
            yield
        finally:
            stop.set()
            if worker is not None:
                worker.join(timeout=30)

    return life


def _mount_api(api: FastAPI) -> None:
    if importlib.util.find_spec("web.api.router") is not None:
        importlib.import_module("web.api.router").mount(api)


async def _no_such_operation(request: Request) -> Response:
    problem = {
        "type": "about:blank",
        "title": "NOT_FOUND",
        "status": 404,
        "detail": f"There is no operation {request.method} {request.url.path}. The operations are listed at /docs.",
        "instance": request.url.path,
    }
    return JSONResponse(problem, 404, media_type="application/problem+json")
