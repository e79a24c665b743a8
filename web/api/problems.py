"""Every refusal of the API as problem+json (RFC 9457): one mapping from the engine's error families to HTTP."""

from __future__ import annotations

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from engine.errors import (
    BpmnError,
    Conflict,
    CursorUnknown,
    DefinitionInvalid,
    EngineError,
    ExecutionFailed,
    InvalidInput,
    NotFound,
    NotPermitted,
    Unavailable,
)
from engine.store.away import DATABASE_ERRORS, unavailable
from procurement.accounts.errors import TokenRefused, TooManyAttempts, WrongCredentials

# the first family an error belongs to decides
STATUS: tuple[tuple[type[EngineError], int], ...] = (
    (TokenRefused, 401),
    (WrongCredentials, 401),
    (TooManyAttempts, 429),
    (NotFound, 404),
    (NotPermitted, 403),
    (DefinitionInvalid, 422),
    (CursorUnknown, 400),
    (InvalidInput, 422),
    (Conflict, 409),
    (ExecutionFailed, 422),
    (Unavailable, 503),
)
RETRY_AFTER_S = 5

TITLES = {400: "INVALID_ARGUMENT", 413: "TOO_LARGE"}  # of what the framework refuses

log = structlog.get_logger(__name__)


class NotOffered(EngineError):
    """{what} is not offered here. The operations and filters that are offered are listed at /docs."""


class Unauthenticated(EngineError):
    """This operation needs a token: send "Authorization: Bearer …" with one made on your account page."""


class BadRequest(EngineError):
    """The request cannot be read: {cause}."""


_OWN = {NotOffered: 501, Unauthenticated: 401, BadRequest: 400}


def status_of(error: EngineError) -> int:
    """The HTTP status of an error's family; an EngineError outside every family refuses what was asked, as the pages say too."""
    if type(error) in _OWN:
        return _OWN[type(error)]
    return next((status for family, status in STATUS if isinstance(error, family)), 422)


def problem(status: int, title: str, detail: str, instance: str, **more: object) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": instance, **more}
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": str(RETRY_AFTER_S)}}.get(status)
    return JSONResponse(body, status, media_type="application/problem+json", headers=headers)


def install(api: FastAPI) -> None:
    """Answer errors of /v2 and /api this way; the mounted pages have their own mapping."""

    async def engine_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, EngineError)
        more: dict[str, object] = {}
        if isinstance(error, InvalidInput):
            more["fields"] = [{"path": field.path, "message": field.message} for field in error.fields]
        if isinstance(error, DefinitionInvalid):
            more["problems"] = [
                {"file": p.file, "line": p.line, "element": p.element, "severity": p.severity, "message": p.message}
                for p in error.problems
            ]
        return problem(status_of(error), error.code.upper(), str(error), request.url.path, **more)

    async def bpmn_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, BpmnError)
        return problem(422, "BPMN_ERROR", f"{error.error_code}: {error.message}", request.url.path)

    async def unreadable(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        faults = "; ".join(f"{'.'.join(str(part) for part in e['loc'][1:]) or 'body'}: {e['msg']}" for e in error.errors())
        return problem(400, "INVALID_ARGUMENT", faults, request.url.path)

    async def http_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        title = TITLES.get(error.status_code) or error.detail.upper().replace(" ", "_")
        return problem(error.status_code, title, error.detail, request.url.path)

    async def database_error(request: Request, error: Exception) -> JSONResponse:
        passing = unavailable(error)
        if passing is None:
            return await fault(request, error)
        log.warning("unavailable", path=request.url.path, cause=f"{type(error).__name__}: {error}".strip())
        return await engine_error(request, passing)

    async def fault(request: Request, error: Exception) -> JSONResponse:
        log.error("api_fault", path=request.url.path, exc_info=error)
        return problem(500, "INTERNAL", "Something went wrong on the server; it was logged. Try again later.", request.url.path)

    api.add_exception_handler(EngineError, engine_error)
    api.add_exception_handler(BpmnError, bpmn_error)
    api.add_exception_handler(RequestValidationError, unreadable)
    api.add_exception_handler(HTTPException, http_error)
    for kind in DATABASE_ERRORS:
        api.add_exception_handler(kind, database_error)
    api.add_exception_handler(Exception, fault)
