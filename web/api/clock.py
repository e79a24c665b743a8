"""The demo's clock. Outside the demo every call is refused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from web.api.callers import Engine, Operator
from web.api.exact import ExactRoute
from web.api.shapes.wire import Shape

router = APIRouter(prefix="/v2", tags=["clock (demo only)"], route_class=ExactRoute)


class Pin(Shape):
    """Milliseconds since 1970. The clock goes on from there; it is moved, not stopped."""

    timestamp: Annotated[int, Field(ge=0, le=253_402_300_799_000)]


@router.put("/clock", status_code=204, response_class=Response)
def pin(body: Pin, caller: Operator, engine: Engine) -> Response:
    """Move forward; what falls due on the way happens in order, each at its own moment."""
    engine.advance_clock(dt.datetime.fromtimestamp(body.timestamp / 1000, dt.UTC), actor=caller.actor)
    return Response(status_code=204)


@router.post("/clock/reset", status_code=204, response_class=Response)
def reset(caller: Operator, engine: Engine) -> Response:
    engine.reset_clock(actor=caller.actor)
    return Response(status_code=204)
