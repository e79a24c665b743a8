"""Messages and signals from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.commands import answers, delivery
from engine.commands.answers import Command
from engine.commands.complete_task import storable
from engine.commands.repeating import repeated
from engine.commands.running import in_case, in_new_case
from engine.commands.step import Step
from engine.commands.transaction import Start
from engine.commands.workshop import Workshop
from engine.errors import Conflict, InstanceSuspended, NotFound
from engine.model import Actor, MessageResult, SignalResult
from engine.store import cases, command_log, messages, subscriptions
from engine.store.chain import moment_text
from engine.store.messages import DEFAULT_TTL, Message
from engine.store.subscriptions import Subscription
from engine.store.unit_of_work import UnitOfWork

ATTEMPTS = 5


class MessageAlreadyPublished(Conflict):
    """A message {name} with the id {message_id} was published before. Nothing was sent a second time."""


class NobodyWaits(NotFound):
    """Nobody waits for the message {name} with the key {correlation_key}. Check both, or publish it to be kept for a while."""


class ReceiverSuspended(Conflict):
    """The case that waits for the message {name} with the key {correlation_key} is suspended. Send it again when it is resumed."""


class _Gone(Exception):
    """Whoever was found waiting has stopped waiting since."""


@dataclass(frozen=True)
class Sent:
    """A message as it comes in; ``time_to_live`` zero keeps it for nobody."""

    name: str
    correlation_key: str
    variables: dict[str, Any]
    actor: Actor
    time_to_live: dt.timedelta
    message_id: str
    command: Command


def publish_message(
    workshop: Workshop,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    time_to_live: dt.timedelta | None = None,
    message_id: str | None = None,
    command_id: str | None = None,
) -> MessageResult:
    """To one waiting instance of each process; kept for ``time_to_live`` (an hour unless said) for those who wait later.

    Raises MessageAlreadyPublished, InvalidInput for what is not JSON.
    """
    command = Command("publish_message", f"{name} {correlation_key}", command_id)
    ttl = DEFAULT_TTL if time_to_live is None else time_to_live
    sent = Sent(name, correlation_key, storable(variables), actor, ttl, message_id or "", command)
    first = _to_first(workshop, sent)
    result = first or repeated(workshop.database, lambda: _keep_for_later(workshop, sent))
    return _to_others(workshop, sent, result)


def correlate_message(
    workshop: Workshop,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    command_id: str | None = None,
) -> MessageResult:
    """To somebody who waits now, or to nobody. Raises NobodyWaits, ReceiverSuspended, InvalidInput for what is not JSON."""
    command = Command("correlate_message", f"{name} {correlation_key}", command_id)
    sent = Sent(name, correlation_key, storable(variables), actor, dt.timedelta(), "", command)
    found = _to_first(workshop, sent)
    if found is None:
        with workshop.database.unit_of_work() as uow:
            asleep = any(one.suspended for one in subscriptions.waiting(uow, "message", name, correlation_key))
        if asleep:
            raise ReceiverSuspended(name=name, correlation_key=correlation_key)
        raise NobodyWaits(name=name, correlation_key=correlation_key)
    return found


def broadcast_signal(
    workshop: Workshop, name: str, variables: Mapping[str, Any], *, actor: Actor, command_id: str | None = None
) -> SignalResult:
    """To everybody who waits for it now, each in a transaction of its own. Raises InvalidInput for what is not JSON."""
    values, command, now = storable(variables), Command("broadcast_signal", name, command_id), workshop.clock.now()
    with workshop.database.unit_of_work() as uow:
        if command.id is not None:
            kept = command_log.claim(uow, command.id, command.kind, command.target, actor.user_id)
            if kept is not None:
                found: SignalResult = answers.again(kept, command)
                return found
        keys = messages.keep_signal(uow, name, values, now)
        result = SignalResult(uow.new_key(), name, len(keys))
        if command.id is not None:
            command_log.keep(uow, answers.row(command, actor, moment_text(now), result))
        uow.commit()
    done = [each for key in keys for each in delivery.attempt_signal(workshop, key, actor)]
    for each in done:
        delivery.follow_up(workshop, each.recorder)
    return replace(result, received=sum(each.answer for each in done))


def _to_first(workshop: Workshop, sent: Sent) -> MessageResult | None:
    """The one who waits longest gets it, in the transaction that takes the message in; None when nobody waits."""
    for _ in range(ATTEMPTS):
        with workshop.database.unit_of_work() as uow:
            if kept := _before(uow, sent):
                return kept
            waiting = subscriptions.awake(subscriptions.waiting_for_message(uow, sent.name, sent.correlation_key))
            waiting = [one for one in waiting if one.root_key or delivery.may_start(uow, sent.correlation_key, one)]
        if not waiting:
            return None
        try:
            return _start(workshop, sent, waiting[0]) if waiting[0].root_key == 0 else _hand_over(workshop, sent, waiting[0])
        except (_Gone, InstanceSuspended):
            continue
    return None


def _before(uow: UnitOfWork, sent: Sent) -> MessageResult | None:
    """What this very command answered before, if it was sent before."""
    if sent.command.id is None:
        return None
    kept = command_log.find(uow, sent.command.id)
    answer: MessageResult | None = None if kept is None else answers.again(kept, sent.command)
    return answer


def _hand_over(workshop: Workshop, sent: Sent, subscription: Subscription) -> MessageResult:
    def work(step: Step) -> MessageResult:
        if not delivery.still_waits(step, subscription):
            raise _Gone
        message = _take_in(step, sent)
        delivery.receive(step, message, subscription)
        return _result(sent, message, subscription.instance_key)

    return in_case(workshop, cases.BY_ROOT, subscription.root_key, work, actor=sent.actor, command=sent.command)


def _start(workshop: Workshop, sent: Sent, subscription: Subscription) -> MessageResult:
    def start(uow: UnitOfWork, _generation: int) -> Start:
        return delivery.start_by(workshop, uow, subscription, sent.correlation_key, sent.variables)

    def work(step: Step) -> MessageResult:
        message = _take_in(step, sent)
        delivery.note_start(step, message, subscription)
        return _result(sent, message, step.case.root_key)

    return in_new_case(workshop, start, work, actor=sent.actor, command=sent.command)


def _keep_for_later(workshop: Workshop, sent: Sent) -> MessageResult:
    now = workshop.clock.now()
    with workshop.database.unit_of_work() as uow:
        command = sent.command
        if command.id is not None:
            kept = command_log.claim(uow, command.id, command.kind, command.target, sent.actor.user_id)
            if kept is not None:
                found: MessageResult = answers.again(kept, command)
                return found
        result = _result(sent, _keep(uow, sent, now), None)
        if command.id is not None:
            command_log.keep(uow, answers.row(command, sent.actor, moment_text(now), result))
        uow.commit()
    return result


def _take_in(step: Step, sent: Sent) -> Message:
    if sent.message_id:
        _require_new(step.uow, sent)
    return messages.take_in(
        step.recorder,
        sent.name,
        sent.correlation_key,
        sent.variables,
        by=sent.actor.user_id,
        message_id=sent.message_id,
        expires_at=step.now + sent.time_to_live,
    )


def _require_new(uow: UnitOfWork, sent: Sent) -> None:
    if messages.is_taken(uow, sent.name, sent.correlation_key, sent.message_id):
        raise MessageAlreadyPublished(name=sent.name, message_id=sent.message_id)


def _keep(uow: UnitOfWork, sent: Sent, now: dt.datetime) -> Message:
    if sent.message_id:
        _require_new(uow, sent)
    return messages.keep(
        uow,
        sent.name,
        sent.correlation_key,
        sent.variables,
        by=sent.actor.user_id,
        at=now,
        expires_at=now + sent.time_to_live,
        message_id=sent.message_id,
    )


def _result(sent: Sent, message: Message, instance_key: int | None) -> MessageResult:
    correlated = () if instance_key is None else (instance_key,)
    return MessageResult(
        message.key, sent.name, sent.correlation_key, correlated, message.expires_at if sent.time_to_live else None
    )


def _to_others(workshop: Workshop, sent: Sent, result: MessageResult) -> MessageResult:
    """Instances of other processes that wait for it too, and whoever began to wait while it was being stored."""
    with workshop.database.unit_of_work() as uow:
        message = messages.find(uow, result.key)
        waiting = subscriptions.awake(subscriptions.waiting(uow, "message", sent.name, sent.correlation_key)) if message else []
        waiting = [one for one in subscriptions.one_per_process(waiting) if not messages.has_got(uow, result.key, one.process_id)]
    if message is None or not waiting:
        return result
    done = [(one, each) for one in waiting for each in delivery.attempt_message(workshop, message, one)]
    for _, each in done:
        delivery.follow_up(workshop, each.recorder)
    more = tuple(one.instance_key for one, each in done if each.answer and one.root_key)
    return replace(result, correlated=result.correlated + more)
