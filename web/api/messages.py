"""Messages to waiting instances."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter

from web.api.callers import Engine, Worker
from web.api.shapes.messages import Correlated, Correlation, Publication, Published

router = APIRouter(prefix="/v2", tags=["messages"])


@router.post("/messages/publication")
def publish(body: Publication, caller: Worker, engine: Engine) -> Published:
    """Kept for ``timeToLive`` when nobody waits yet; a ``messageId`` is taken once."""
    result = engine.publish_message(
        body.name,
        body.correlation_key,
        body.variables,
        actor=caller.actor,
        time_to_live=dt.timedelta(milliseconds=body.time_to_live),
        message_id=body.message_id or None,
    )
    return Published(message_key=str(result.key))


@router.post("/messages/correlation")
def correlate(body: Correlation, caller: Worker, engine: Engine) -> Correlated:
    """404 when nobody waits for it."""
    result = engine.correlate_message(body.name, body.correlation_key, body.variables, actor=caller.actor)
    return Correlated(message_key=str(result.key), process_instance_key=str(result.instance_key))
