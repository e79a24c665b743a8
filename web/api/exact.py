"""Requests and answers without a lost digit, and without anything silently ignored.

JSON numbers with a fraction are decimal on the way in and on the way out; a query parameter or an ``Idempotency-Key`` that an
operation does not know is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from engine import json_codec
from web.api.problems import BadRequest, NotOffered

IDEMPOTENCY = "idempotency-key"


class ExactRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_exact"):
            body = await self.body()
            self._exact = json_codec.loads(body)
            if b"\\u" in body and not all(map(storable, texts(self._exact))):
                raise HTTPException(400, "A text holds U+0000 or half of a surrogate pair, which cannot be stored. Leave it out.")
        return self._exact


class ExactRoute(APIRoute):
    """A route of /v2."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()
        parameters = _declared(self.dependant, "query_params")
        repeatable = IDEMPOTENCY in _declared(self.dependant, "header_params")

        async def handle(request: Request) -> Response:
            if unknown := sorted(request.query_params.keys() - parameters):
                raise BadRequest(cause=f"there is no query parameter {', '.join(unknown)}")
            if IDEMPOTENCY in request.headers and not repeatable:
                raise NotOffered(what=f"An Idempotency-Key for {request.method} {self.path}")
            return await inner(ExactRequest(request.scope, request.receive))

        return handle


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names too."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold it."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def exact(answer: BaseModel) -> Response:
    """The answer as JSON whose numbers keep their digits."""
    return Response(json_codec.dumps(answer.model_dump(by_alias=True)), media_type="application/json")


def _declared(dependant: Any, kind: str) -> set[str]:
    found = {parameter.alias.lower() if kind == "header_params" else parameter.alias for parameter in getattr(dependant, kind)}
    return found.union(*(_declared(inner, kind) for inner in dependant.dependencies))
