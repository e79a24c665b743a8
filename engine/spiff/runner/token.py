"""Tokens: SpiffWorkflow tasks that exist only while something is active, arranged by nesting and never by history.

A token's parent is the scope it runs in (sub-process, multi-instance body, process instance), so the tree is as deep as
the diagram is nested, however old the case. Nothing is predicted and finished tokens are taken out at once.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.spiff.model import ProcessModel
    from engine.spiff.runner.runner import Runner
    from engine.spiff.specs.element import Element


class Token(Task):
    """One element instance. ``internal_data`` (here ``memo``) holds what its kind of element must remember, as JSON.

    SpiffWorkflow's states mean here: READY queued to run, WAITING a join that still misses flows, STARTED waiting for a
    person, job, event or its own children, ERROR an incident.
    """

    workflow: Instance
    task_spec: Element

    def __init__(self, instance: Instance, spec: Element, scope: Token | None, key: int) -> None:
        super().__init__(instance, spec, scope, state=TaskState.READY, id=key)  # type: ignore[arg-type]  # keys are ours
        self.key = key
        self.variables: dict[str, Any] = {}
        self.result: dict[str, Any] = {}
        self.waits: list[int] = []
        self.called: Instance | None = None

    @property
    def memo(self) -> dict[str, Any]:
        return self.internal_data

    @property
    def scope(self) -> Token:
        """The enclosing token; the instance's own token has none and is never asked."""
        return self.workflow.tasks[self._parent]  # type: ignore[index]  # our keys are numbers

    def inside(self) -> list[Token]:
        """The tokens directly inside."""
        return [self.workflow.tasks[key] for key in self._children]

    def beside(self) -> list[Token]:
        """The other tokens of the same scope."""
        return [other for other in self.scope.inside() if other is not self]

    @property
    def is_root(self) -> bool:
        return self._parent is None

    @property
    def is_empty(self) -> bool:
        return not self._children

    @property
    def runner(self) -> Runner:
        return self.workflow.runner

    @property
    def in_incident(self) -> bool:
        return "incident" in self.memo

    def chain(self) -> Iterator[Token]:
        """This token and its enclosing scopes, outwards to the instance."""
        token = self
        yield token
        while not token.is_root:
            token = token.scope
            yield token

    def visible(self) -> Mapping[str, Any]:
        """The variables that can be read here, nearest scope first: a live view, to be read and never written."""
        layers = [scope.variables for scope in self.chain() if scope.variables]
        return layers[0] if len(layers) == 1 else ChainMap(*layers)

    def waits_at_join(self) -> None:
        self._set_state(TaskState.WAITING)

    def becomes_ready(self) -> None:
        self._set_state(TaskState.READY)

    def stops(self) -> None:
        self._set_state(TaskState.ERROR)

    def restores(self, state: int) -> None:
        self._set_state(state)

    def _set_state(self, value: int) -> None:
        # The library builds two log records for every change of state: a third of a step's time.
        self._state = value


class Instance(BpmnBaseWorkflow):
    """A running process instance: SpiffWorkflow's workflow without its predicted tree, scans and data merging."""

    tasks: dict[int, Token]

    def __init__(self, runner: Runner, key: int, model: ProcessModel, caller: Token | None) -> None:
        super().__init__(model.spec, deserializing=True)
        self.runner = runner
        self.key = key
        self.model = model
        self.caller = caller
        self.depth_of_calls = 0
        self.task_tree = Token(self, model.root, None, key)

    @property
    def root(self) -> Token:
        return self.tasks[self.key]

    def remove(self, token: Token) -> None:
        self._remove_task(token.key)

    def _remove_task(self, task_id: int) -> None:  # type: ignore[override]  # keys are ours
        """As the library does, without telling listeners: there are none."""
        token = self.tasks[task_id]
        for child in token.inside():
            self._remove_task(child.key)
        token.scope._children.remove(task_id)  # noqa: SLF001 - the library's own name
        del self.tasks[task_id]

    def _task_completed_notify(self, task: Task) -> None:
        """The runner moves tokens on by itself; scanning the tree after each task is what makes the library slow with age."""
