"""Signals: told to everybody who waits for them."""

from __future__ import annotations

from fastapi import APIRouter

from web.api.callers import CommandId, Engine, Worker
from web.api.exact import ExactRoute
from web.api.shapes.messages import SignalBroadcast, SignalSent

router = APIRouter(prefix="/v2", tags=["signals"], route_class=ExactRoute)


@router.post("/signals/broadcast")
def broadcast(body: SignalBroadcast, caller: Worker, engine: Engine, command_id: CommandId) -> SignalSent:
    """Whoever begins to wait later does not get it."""
    result = engine.broadcast_signal(body.signal_name, body.variables, actor=caller.actor, command_id=command_id)
    return SignalSent(signal_key=str(result.key))
