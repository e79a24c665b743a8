"""An operation is Python of whoever runs the office: it may raise, hang, or answer rubbish. Only its own token stops then.

It runs in a savepoint and in a thread with a time limit (``time_limit``). When the time is up its statement is cancelled, so
that it usually ends by itself; if it does not, its connection is cut off, which frees what it had locked, and the command is
done again without it (``given_up``). Either way the token stops with an incident that says so and can be retried.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import psycopg
import structlog
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import SessionTransaction

from engine import json_codec
from engine.commands.given_up import TransactionRuined, cause_at, give_up
from engine.commands.repeating import will_pass
from engine.commands.time_limit import TookTooLong, within
from engine.errors import BpmnError, EngineError, ExecutionFailed
from engine.ports import OperationCall

if TYPE_CHECKING:
    from engine.commands.workshop import Workshop

log = structlog.get_logger(__name__)

CANCEL_WITHIN_S = 2.0


@dataclass(frozen=True)
class Limits:
    """What operations and effects may take. Seconds; ``output``: characters of the JSON text of an answer."""

    operation_s: float = 30
    effect_s: float = 300
    output: int = 1_000_000


class OperationBroke(ExecutionFailed):
    """The operation {operation} at {element} broke: {cause}. Its changes were undone; mend the cause, then retry."""


class Rubbish(ExecutionFailed):
    """The answer cannot be kept: {cause}"""


def perform(workshop: Workshop, call: OperationCall) -> dict[str, Any]:
    """What the operation answers, fit to be stored. Raises BpmnError, EngineError, and what lets the command be done again."""
    place = (call.operation, call.element_id)
    known = cause_at(place)
    if known is not None:
        raise OperationBroke(operation=call.operation, element=call.element_id, cause=known)
    connection = call.session.connection()
    savepoint = call.session.begin_nested()
    try:
        output = _limited(workshop, call, connection)
        savepoint.commit()
    except BaseException as error:
        _undo(savepoint, connection, place, error)
        raise _told(call, error) from error
    return output


def checked(output: object, limit: int) -> dict[str, Any]:
    """The answer as it comes back from storage. Raises Rubbish."""
    if not isinstance(output, Mapping):
        raise Rubbish(cause=f"it is a {type(output).__name__}, not a mapping of variables")
    try:
        text = json_codec.dumps(dict(output))
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:  # not JSON, not a number, a ring, half a character
        raise Rubbish(cause=str(error) or type(error).__name__) from error
    if len(text) > limit:
        raise Rubbish(cause=f"it is {len(text):,} characters of JSON, {limit:,} are allowed; keep it as a file")
    kept: dict[str, Any] = json_codec.loads(text)
    return kept


def _limited(workshop: Workshop, call: OperationCall, connection: Connection) -> dict[str, Any]:
    def answer() -> dict[str, Any]:
        operation, limit = workshop.operations[call.operation], workshop.limits.output
        try:
            output = checked(operation(call), limit)
        except BpmnError as error:
            error.variables = checked(error.variables, limit)
            raise
        _check_effects(workshop, call)
        call.session.flush()
        return output

    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        return within(workshop.limits.operation_s, answer, ask=lambda: _cancel(driver))
    except TookTooLong as late:
        if late.ended and driver.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            raise
        _cut_off(connection, driver)
        raise give_up((call.operation, call.element_id), str(late)) from late


def _check_effects(workshop: Workshop, call: OperationCall) -> None:
    for effect, payload in call.effects:
        if effect not in workshop.effects:
            raise ExecutionFailed(element=call.element_id, cause=f"there is no effect {effect}")
        checked(payload, workshop.limits.output)


def _undo(savepoint: SessionTransaction, connection: Connection, place: tuple[str, str], error: BaseException) -> None:
    """Back to where the command was before the operation. Raises TransactionRuined when that place is gone."""
    if isinstance(error, TransactionRuined) or connection.invalidated or _passes(error):
        return
    try:
        savepoint.rollback()
        stands = connection.in_transaction()
    except SQLAlchemyError:
        stands = False
    if not stands:
        raise give_up(place, f"it ended the transaction of the command, which it must not ({type(error).__name__})") from error


def _passes(error: BaseException) -> bool:
    """Two cases were in each other's way, or the connection broke: the whole command is done again, or refused."""
    return isinstance(error, (DBAPIError, psycopg.Error)) and will_pass(error)


def _told(call: OperationCall, error: BaseException) -> BaseException:
    """The error as the runner understands it."""
    if _passes(error) or isinstance(error, (TransactionRuined, BpmnError, KeyboardInterrupt)):
        return error
    if isinstance(error, EngineError) and not isinstance(error, (TookTooLong, Rubbish)):
        return error
    cause = str(error) if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
    log.error("operation_broke", exc_info=error, operation=call.operation, element=call.element_id, instance=call.instance_key)
    return OperationBroke(operation=call.operation, element=call.element_id, cause=cause)


def _cancel(driver: psycopg.Connection[Any]) -> None:
    """End the statement the operation waits for, if it waits for one."""
    try:
        driver.cancel_safe(timeout=CANCEL_WITHIN_S)
    except psycopg.Error as error:
        log.warning("operation_not_cancelled", cause=str(error))


def _cut_off(connection: Connection, driver: psycopg.Connection[Any]) -> None:
    """End the connection without freeing what the other thread may hold of it; the server undoes what it had begun."""
    if not driver.closed:
        with socket.socket(fileno=os.dup(driver.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)
    connection.invalidate()
