"""Messages to waiting instances."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter

from web.api.callers import CommandId, Engine, Worker
from web.api.exact import ExactRoute
from web.api.shapes.messages import Correlated, Correlation, Publication, Published

router = APIRouter(prefix="/v2", tags=["messages"], route_class=ExactRoute)


@router.post("/messages/publication")
def publish(body: Publication, caller: Worker, engine: Engine, command_id: CommandId) -> Published:
    """Kept for ``timeToLive`` when nobody waits yet; a ``messageId`` is taken once."""
    result = engine.publish_message(
        body.name,
        body.correlation_key,
        body.variables,
        actor=caller.actor,
        time_to_live=dt.timedelta(milliseconds=body.time_to_live),
        message_id=body.message_id or None,
        command_id=command_id,
    )
    return Published(message_key=str(result.key))


@router.post("/messages/correlation")
def correlate(body: Correlation, caller: Worker, engine: Engine, command_id: CommandId) -> Correlated:
    """404 when nobody waits for it."""
    result = engine.correlate_message(body.name, body.correlation_key, body.variables, actor=caller.actor, command_id=command_id)
    return Correlated(message_key=str(result.key), process_instance_key=str(result.instance_key))
