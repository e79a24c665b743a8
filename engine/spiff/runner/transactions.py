"""A transaction that is cancelled: everything in it ends, what it has done is undone, and it leaves by its cancel boundary event."""

from __future__ import annotations

from engine.spiff.runner import compensation
from engine.spiff.runner.throwing import INTERRUPTED
from engine.spiff.runner.token import Token
from engine.spiff.runner.waits import close_waits


def cancel(end: Token) -> None:
    """``end`` stands at the cancel end event. From here on only an error that comes out of a handler can leave another way."""
    transaction = transaction_round(end)
    transaction.memo["interrupted"] = True
    close_waits(transaction)
    kept = end
    while kept is not transaction:
        for other in kept.beside():
            end.runner.terminate(other, INTERRUPTED.format(end.task_spec.bpmn_id))
        kept = kept.scope
        close_waits(kept)
    compensation.begin(end)


def leave(end: Token) -> None:
    """All is undone."""
    transaction = transaction_round(end)
    caught_by = next(spec for spec in transaction.task_spec.boundary if spec.event.kind == "cancel")
    end.runner.remove(end)
    caught_by.catch(transaction, {})


def transaction_round(end: Token) -> Token:
    """The end event may stand in an event sub-process of the transaction."""
    *_, scope = compensation.scopes_undone_by(end)
    return scope
