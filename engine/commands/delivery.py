"""What a command sets off in other cases: messages and signals it threw, buffered messages it began to wait for.

They were stored in the command's own transaction and are delivered after it, each receiver in a transaction of its own, so
no command ever holds the locks of two cases. When a process dies in between, the worker finds what is left.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator

import structlog

from engine.commands.answers import Command
from engine.commands.step import Step
from engine.commands.transaction import Done, Start, new_case, on_case
from engine.commands.workshop import Workshop
from engine.errors import EngineError
from engine.model import SYSTEM, Actor
from engine.store import cases, messages, subscriptions
from engine.store.messages import Message, SignalDelivery
from engine.store.recorder import Recorder
from engine.store.subscriptions import Subscription
from engine.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

MATCH = Command("message_correlation", "")
SIGNAL = Command("signal_delivery", "")


def follow_up(workshop: Workshop, recorder: Recorder | None) -> None:
    """Deliver what ``recorder`` holds, and what those deliveries set off in turn."""
    pending = deque([recorder])
    while pending:
        done = pending.popleft()
        if done is not None:
            pending.extend(each.recorder for each in _deliver(workshop, done))


def _deliver(workshop: Workshop, recorder: Recorder) -> Iterator[Done[bool]]:
    if not (recorder.thrown_messages or recorder.signal_deliveries or recorder.awaited):
        return
    with workshop.database.unit_of_work() as uow:
        kept = [event for event in recorder.awaited if messages.is_any_kept(uow, event, recorder.at)]
        pairs = [pair for key in recorder.thrown_messages for pair in _receivers(uow, key)]
        for event in kept:
            subscription = subscriptions.find(uow, recorder.case.root_key, event.element_key)
            if subscription is not None:
                pairs += [(message, subscription) for message in messages.buffered(uow, subscription, recorder.now)]
    for message, subscription in pairs:
        yield from attempt_message(workshop, message, subscription)
    for key in recorder.signal_deliveries:
        yield from attempt_signal(workshop, key)


def _receivers(uow: UnitOfWork, message_key: int) -> list[tuple[Message, Subscription]]:
    message = messages.find(uow, message_key)
    if message is None:
        return []
    waiting = subscriptions.awake(subscriptions.waiting(uow, "message", message.name, message.correlation_key))
    return [(message, subscription) for subscription in subscriptions.one_per_process(waiting)]


def attempt_message(workshop: Workshop, message: Message, subscription: Subscription) -> Iterator[Done[bool]]:
    """One receiver's trouble keeps no other from getting theirs; the worker tries again while the message lives."""
    try:
        yield deliver_message(workshop, message, subscription)
    except EngineError as error:
        log.warning("message_not_delivered", message=message.name, element=subscription.element_id, cause=str(error))


def deliver_message(workshop: Workshop, message: Message, subscription: Subscription) -> Done[bool]:
    """Hand a buffered message to a subscriber, unless it or the subscriber is gone; True when handed over."""
    if subscription.root_key == 0:
        return _start_by_message(workshop, message, subscription)

    def work(step: Step) -> bool:
        if not still_waits(step, subscription) or not messages.take(step.uow, message.key, subscription.process_id):
            return False
        receive(step, message, subscription)
        return True

    return on_case(workshop, cases.BY_ROOT, subscription.root_key, work, actor=SYSTEM, command=MATCH)


def still_waits(step: Step, subscription: Subscription) -> bool:
    """Ahead of the lock memory says so, which is as true as the case in memory is."""
    if step.uow.is_open:
        return subscriptions.still_waits(step.uow, subscription)
    return step.awaits(subscription.element_key) is not None


def receive(step: Step, message: Message, subscription: Subscription) -> None:
    """The subscriber goes on with the message."""
    place = {"instance_key": subscription.instance_key, "element_id": subscription.element_id}
    step.note("message_correlated", said(message), element_key=subscription.element_key, **place)
    step.execution.deliver_message(subscription.element_key, message.variables)
    messages.correlated(step.recorder, message.key, subscription.process_id, subscription.instance_key)


def said(message: Message) -> dict[str, object]:
    """What the history says of a message."""
    return {
        "message": message.name,
        "correlation_key": message.correlation_key,
        "message_key": message.key,
        "published_by": message.published_by,
        "variables": message.variables,
    }


def _start_by_message(workshop: Workshop, message: Message, subscription: Subscription) -> Done[bool]:
    with workshop.database.unit_of_work() as uow:
        if not may_start(uow, message.correlation_key, subscription) or not messages.take(
            uow, message.key, subscription.process_id
        ):
            return Done(False, None)

    def start(uow: UnitOfWork, _generation: int) -> Start:
        if not messages.take(uow, message.key, subscription.process_id):
            raise EngineError("message {key} was taken by another case", key=message.key)
        return start_by(workshop, uow, subscription, message.correlation_key, message.variables)

    def work(step: Step) -> bool:
        note_start(step, message, subscription)
        return True

    return new_case(workshop, start, work, actor=SYSTEM, command=MATCH)


def may_start(uow: UnitOfWork, correlation_key: str, subscription: Subscription) -> bool:
    """A case that a message of the same key started and that still runs keeps a second one from being started."""
    started_by = f"{subscription.name}\n{correlation_key}"
    return not correlation_key or not subscriptions.was_started_by(uow, subscription.process_id, started_by)


def start_by(
    workshop: Workshop, uow: UnitOfWork, subscription: Subscription, correlation_key: str, variables: dict[str, object]
) -> Start:
    """The case a message or signal start event begins."""
    definition = workshop.catalogue.definition(uow, subscription.definition_key)
    return Start(definition, variables, correlation_key, subscription.element_id, f"{subscription.name}\n{correlation_key}")


def note_start(step: Step, message: Message, subscription: Subscription) -> None:
    step.note("message_correlated", said(message), element_id=subscription.element_id)
    messages.correlated(step.recorder, message.key, subscription.process_id, step.case.root_key)


def attempt_signal(workshop: Workshop, key: int, actor: Actor = SYSTEM) -> Iterator[Done[bool]]:
    try:
        yield deliver_signal(workshop, key, actor)
    except EngineError as error:
        log.warning("signal_not_delivered", delivery=key, cause=str(error))


def deliver_signal(workshop: Workshop, key: int, actor: Actor = SYSTEM) -> Done[bool]:
    """Hand a signal on its way to the one it is for; True when handed over."""
    with workshop.database.unit_of_work() as uow:
        found = messages.find_delivery(uow, key)
        subscription = subscriptions.find(uow, found.root_key, found.element_key) if found else None
        if found is not None and subscription is None:  # nobody waits there any more
            messages.take_delivery(uow, key)
            uow.commit()
    if found is None or subscription is None or subscription.suspended:
        return Done(False, None)
    if found.root_key == 0:
        return _start_by_signal(workshop, found, subscription, actor)

    def work(step: Step) -> bool:
        if messages.take_delivery(step.uow, key) is None or not still_waits(step, subscription):
            return False
        receive_signal(step, found, subscription)
        return True

    return on_case(workshop, cases.BY_ROOT, found.root_key, work, actor=actor, command=SIGNAL)


def receive_signal(step: Step, signal: SignalDelivery, subscription: Subscription) -> None:
    place = {"instance_key": subscription.instance_key, "element_id": subscription.element_id}
    step.note("signal_received", {"signal": signal.name, "variables": signal.variables}, element_key=signal.element_key, **place)
    step.execution.deliver_signal(signal.element_key, signal.variables)


def _start_by_signal(workshop: Workshop, signal: SignalDelivery, subscription: Subscription, actor: Actor) -> Done[bool]:
    def start(uow: UnitOfWork, _generation: int) -> Start:
        if messages.take_delivery(uow, signal.key) is None:
            raise EngineError("signal delivery {key} was taken by another process", key=signal.key)
        return start_by(workshop, uow, subscription, "", signal.variables)

    def work(step: Step) -> bool:
        step.note("signal_received", {"signal": signal.name, "variables": signal.variables}, element_id=subscription.element_id)
        return True

    return new_case(workshop, start, work, actor=actor, command=SIGNAL)


def deliver_left_over(workshop: Workshop, older_than: dt.timedelta, limit: int = 100) -> int:
    """What a process that died had stored but not delivered; returns how many found their receiver."""
    now = workshop.clock.now()
    with workshop.database.unit_of_work() as uow:
        pairs = messages.pairs_to_deliver(uow, now, limit)
        signals = messages.left_deliveries(uow, now - older_than, limit)
    done = [each for message, subscription in pairs for each in attempt_message(workshop, message, subscription)]
    done += [each for key in signals for each in attempt_signal(workshop, key)]
    for each in done:
        follow_up(workshop, each.recorder)
    return sum(each.answer for each in done)
