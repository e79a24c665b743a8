"""How an operation is called: the editor is named for the edit history, and a retry of the same element doubles nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.registers.edits import edit_as
from procurement.registers.files import OperationResult

Body = Callable[[OperationCall, Inputs], Mapping[str, Any]]


def reading(body: Body) -> Operation:
    """An operation that only looks; asked again, it looks again."""

    def perform(call: OperationCall) -> Mapping[str, Any]:
        return body(call, Inputs(call))

    perform.__doc__ = body.__doc__
    return perform


def writing(body: Body) -> Operation:
    """An operation that changes registers; the answer is kept under the element's key and given again on a retry."""

    def perform(call: OperationCall) -> Mapping[str, Any]:
        earlier = call.session.get(OperationResult, (call.element_key, call.operation))
        if earlier is not None:
            return dict(earlier.output)
        edit_as(call.session, call.actor_id, call.now)
        output = dict(body(call, Inputs(call)))
        call.session.add(OperationResult(element_key=call.element_key, operation=call.operation, output=output, at=call.now))
        call.session.flush()
        return output

    perform.__doc__ = body.__doc__
    return perform
