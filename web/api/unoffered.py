"""Operations of the published API that are not offered: each answers 501 and says so, none is half there."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from web.api.problems import NotOffered

PREFIX = "/v2"
router = APIRouter()

LIST = Path(__file__).with_name("unoffered.txt")  # one "METHOD /path" a line


def _refuse(request: Request) -> Response:
    raise NotOffered(what=f"{request.method} {request.url.path}")


for line in LIST.read_text(encoding="utf-8").splitlines():
    method, path = line.split()
    router.add_route(f"{PREFIX}{path}", _refuse, methods=[method], include_in_schema=False)
