"""Messages and signals: what was published, what goes where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select

from engine import json_codec
from engine.events import MessageAwaited, MessageThrown
from engine.store import subscriptions
from engine.store.chain import moment_text
from engine.store.recorder import Recorder
from engine.store.subscriptions import Subscription
from engine.store.tables import delivery, message, message_correlation, subscription
from engine.store.unit_of_work import UnitOfWork

DEFAULT_TTL = dt.timedelta(hours=1)  # of a message thrown in a diagram: long enough to outlive a crash of the thrower


@dataclass(frozen=True)
class Message:
    key: int
    name: str
    correlation_key: str
    variables: dict[str, Any]
    published_by: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class SignalDelivery:
    key: int
    element_key: int
    root_key: int
    name: str
    variables: dict[str, Any]


_MESSAGE = tuple(message.c[name] for name in ("key", "name", "correlation_key", "variables", "published_by", "expires_at"))


def is_taken(uow: UnitOfWork, name: str, correlation_key: str, message_id: str) -> bool:
    m = message.c
    return uow.holds((m.name == name) & (m.correlation_key == correlation_key) & (m.message_id == message_id))


def keep(
    uow: UnitOfWork,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any],
    *,
    by: str,
    at: dt.datetime,
    expires_at: dt.datetime,
    message_id: str = "",
) -> Message:
    """Buffer a message until ``expires_at``."""
    kept = Message(uow.new_key(), name, correlation_key, dict(variables), by, expires_at)
    uow.session.execute(
        insert(message).values(
            key=kept.key,
            name=name,
            correlation_key=correlation_key,
            message_id=message_id,
            variables=kept.variables,
            published_by=by,
            published_at=at,
            expires_at=expires_at,
        )
    )
    return kept


def take_in(
    recorder: Recorder,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any],
    *,
    by: str,
    message_id: str,
    expires_at: dt.datetime,
) -> Message:
    """As ``keep``, for a message that a case gets at once: its row is written with what the case does."""
    kept = Message(recorder.new_key(), name, correlation_key, dict(variables), by, expires_at)
    recorder.changes.messages.append(
        {
            "key": kept.key,
            "name": name,
            "correlation_key": correlation_key,
            "message_id": message_id,
            "variables": json_codec.dumps(kept.variables),
            "published_by": by,
            "published_at": recorder.at,
            "expires_at": moment_text(expires_at),
        }
    )
    return kept


def find(uow: UnitOfWork, key: int) -> Message | None:
    row = uow.session.execute(select(*_MESSAGE).where(message.c.key == key)).one_or_none()
    return None if row is None else Message(*row)


def buffered(uow: UnitOfWork, wanted: Subscription, now: dt.datetime) -> list[Message]:
    """Messages this subscriber may still get, oldest first."""
    m = message.c
    mine = (m.name == wanted.name) & (m.expires_at > now)
    if wanted.root_key:
        mine &= m.correlation_key == wanted.correlation_key
    got = exists().where(message_correlation.c.message_key == m.key, message_correlation.c.process_id == wanted.process_id)
    statement = select(*_MESSAGE).where(mine, ~got).order_by(m.published_at, m.key)
    return [Message(*row) for row in uow.session.execute(statement)]


def is_any_kept(uow: UnitOfWork, awaited: MessageAwaited, now: str) -> bool:
    """Asked whenever somebody begins to wait, and seldom true."""
    text = "select 1 from message where name = $1 and correlation_key = $2 and expires_at > $3::timestamptz limit 1"
    return uow.run(text, (awaited.message_name, awaited.correlation_key, now)) > 0


def take(uow: UnitOfWork, key: int, process_id: str) -> bool:
    """Lock the message; False when an instance of the process has got it."""
    if uow.session.execute(select(message.c.key).where(message.c.key == key).with_for_update()).scalar() is None:
        return False
    return not has_got(uow, key, process_id)


def has_got(uow: UnitOfWork, key: int, process_id: str) -> bool:
    c = message_correlation.c
    return uow.holds((c.message_key == key) & (c.process_id == process_id))


def correlated(recorder: Recorder, key: int, process_id: str, instance_key: int) -> None:
    """The instance has got the message; written with what the case does."""
    row = {"message_key": key, "process_id": process_id, "root_key": recorder.case.root_key, "instance_key": instance_key}
    recorder.changes.correlations.append(row)


def pairs_to_deliver(uow: UnitOfWork, now: dt.datetime, limit: int) -> list[tuple[Message, Subscription]]:
    """Buffered messages somebody waits for, left over when a process ended between commit and delivery."""
    s, m, c = subscription.c, message.c, message_correlation.c
    got = exists().where(c.message_key == m.key, c.process_id == s.process_id)
    statement = (
        select(*_MESSAGE, *subscriptions.COLUMNS)
        .join(
            subscription,
            (s.name == m.name)
            & (s.correlation_key == m.correlation_key)
            & (s.kind == "message")
            & (s.root_key != 0)
            & ~s.suspended,
        )
        .where(m.expires_at > now, ~got)
        .order_by(m.published_at, m.key)
        .limit(limit)
    )
    return [_pair(row) for row in uow.session.execute(statement)]


def _pair(row: Row[Any]) -> tuple[Message, Subscription]:
    values = tuple(row)
    return Message(*values[: len(_MESSAGE)]), Subscription(*values[len(_MESSAGE) :])


def forget_expired(uow: UnitOfWork, now: dt.datetime) -> None:
    """Buffered messages past their time; those with an id stay a day longer, so that a late repetition is still known."""
    old = (message.c.expires_at < now) & ((message.c.message_id == "") | (message.c.expires_at < now - dt.timedelta(days=1)))
    uow.session.execute(
        delete(message_correlation).where(message_correlation.c.message_key.in_(select(message.c.key).where(old)))
    )
    uow.session.execute(delete(message).where(old))


def keep_thrown(uow: UnitOfWork, recorder: Recorder) -> None:
    """What the diagram threw becomes rows of this transaction; they are delivered after it, by transactions of their own."""
    for thrown in recorder.thrown:
        if isinstance(thrown, MessageThrown):
            time_to_live = thrown.time_to_live or DEFAULT_TTL
            recorder.thrown_messages.append(
                keep(
                    uow,
                    thrown.message_name,
                    thrown.correlation_key,
                    thrown.variables,
                    by=recorder.actor,
                    at=recorder.now,
                    expires_at=recorder.now + time_to_live,
                ).key
            )
        else:
            also = [(recorder.case.root_key, key) for key in recorder.listening.get(id(thrown), ())]
            recorder.signal_deliveries += keep_signal(uow, thrown.signal_name, thrown.variables, recorder.now, also)


def keep_signal(
    uow: UnitOfWork, name: str, variables: Mapping[str, Any], at: dt.datetime, also: Iterable[tuple[int, int]] = ()
) -> list[int]:
    """One delivery for each who waits now (``also``: root and element keys not stored yet); returns their keys."""
    targets = sorted({(each.root_key, each.element_key) for each in subscriptions.waiting(uow, "signal", name)} | set(also))
    rows: list[dict[str, Any]] = [
        {"key": uow.new_key(), "element_key": element, "root_key": root, "name": name, "variables": variables, "thrown_at": at}
        for root, element in targets
    ]
    if rows:
        uow.session.execute(insert(delivery), rows)
    return [row["key"] for row in rows]


def take_delivery(uow: UnitOfWork, key: int) -> SignalDelivery | None:
    """Remove and return it; None when another transaction has delivered it."""
    d = delivery.c
    statement = delete(delivery).where(d.key == key).returning(d.key, d.element_key, d.root_key, d.name, d.variables)
    row = uow.session.execute(statement).one_or_none()
    return None if row is None else SignalDelivery(*row)


def find_delivery(uow: UnitOfWork, key: int) -> SignalDelivery | None:
    d = delivery.c
    row = uow.session.execute(select(d.key, d.element_key, d.root_key, d.name, d.variables).where(d.key == key)).one_or_none()
    return None if row is None else SignalDelivery(*row)


def left_deliveries(uow: UnitOfWork, before: dt.datetime, limit: int) -> list[int]:
    """Signals on their way for so long that whoever threw them must have died."""
    s, d = subscription.c, delivery.c
    asleep = exists().where(s.element_key == d.element_key, s.root_key == d.root_key, s.suspended)
    statement = select(d.key).where(d.thrown_at < before, ~asleep).order_by(d.key).limit(limit)
    return list(uow.session.scalars(statement))
