"""Telling cases what happened outside."""

from __future__ import annotations

import datetime as dt

from engine.commands import messages
from engine.facade.part import Part, Values
from engine.model import Actor, MessageResult, SignalResult


class Messages(Part):
    """Telling cases what happened outside."""

    def publish_message(
        self,
        name: str,
        correlation_key: str,
        variables: Values,
        *,
        actor: Actor,
        time_to_live: dt.timedelta | None = None,
        message_id: str | None = None,
        command_id: str | None = None,
    ) -> MessageResult:
        return messages.publish_message(
            self._workshop,
            name,
            correlation_key,
            variables,
            actor=actor,
            time_to_live=time_to_live,
            message_id=message_id,
            command_id=command_id,
        )

    def correlate_message(
        self, name: str, correlation_key: str, variables: Values, *, actor: Actor, command_id: str | None = None
    ) -> MessageResult:
        return messages.correlate_message(self._workshop, name, correlation_key, variables, actor=actor, command_id=command_id)

    def broadcast_signal(self, name: str, variables: Values, *, actor: Actor, command_id: str | None = None) -> SignalResult:
        return messages.broadcast_signal(self._workshop, name, variables, actor=actor, command_id=command_id)
