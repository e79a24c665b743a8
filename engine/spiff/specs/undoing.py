"""A completed scope that is brought back so that what was done inside can be undone."""

from __future__ import annotations

from typing import Any

from engine.spiff.runner import compensation
from engine.spiff.runner.token import Token
from engine.spiff.specs.containers import EventSubProcess
from engine.spiff.specs.element import Element


class Undoing(Element):
    """Stands for ``scope`` (a sub-process, or the body of several instances) with the variables that one ended with.

    It waits for nothing and catches nothing: its boundary events and event sub-processes ended with the scope. Only the
    compensation event sub-process runs, and where none is drawn everything inside is undone in reverse order.
    """

    is_scope_brought_back = True

    def __init__(self, wf_spec: Any, name: str, scope: Element, handler: EventSubProcess | None) -> None:
        super().__init__(wf_spec, name, bpmn_name=scope.bpmn_name)
        self.bpmn_id = scope.bpmn_id
        self.line = scope.line
        self.element_type = scope.element_type  # type: ignore[misc]  # of this one
        self.handler = handler

    def act(self, token: Token) -> None:
        if self.handler is None:
            compensation.begin(token)
        else:
            token.runner.create(self.handler, token, memo={"event": {}})

    def child_left(self, scope: Token) -> None:
        if self.handler is not None and scope.is_empty:
            scope.runner.finish(scope)
