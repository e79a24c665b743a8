"""What every element of a diagram does: SpiffWorkflow specifications that carry the dialect and step our tokens.

SpiffWorkflow calls ``_run_hook`` when a token runs and ``_on_complete_hook`` when it completes; the names below say what
happens in between. Specifications are shared by all instances of a definition and never change after parsing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.events import ElementCompleted, FlowTaken
from engine.feel import Expression
from engine.spiff.definitions import VariableMapping
from engine.spiff.runner import conditions, scopes
from engine.spiff.runner.compensation import remember
from engine.spiff.runner.token import Token
from engine.spiff.runner.waits import close_waits, open_waits

if TYPE_CHECKING:
    from engine.spiff.specs.events import BoundaryEvent, Catching
    from engine.spiff.specs.undoing import Undoing


@dataclass(eq=False)
class Flow:
    """A sequence flow; ``target`` is the multi-instance body where there is one."""

    id: str
    name: str
    source: Element
    target: Element
    condition: Expression | None = None
    line: int = 0


class Element(BpmnSpecMixin):
    """A flow node that passes its token on at once (an undefined or manual task)."""

    element_type: ClassVar[str] = "task"
    bpmn_id: str
    bpmn_name: str | None
    may_be_returned_to = False  # user tasks, and bodies of user tasks

    # compensation, all filled in by the parser
    compensable = False  # it is remembered when it completes, to be undone
    undone_by: Element | None = None  # the compensation handler
    brought_back_by: Undoing | None = None  # without one: what undoes the things done inside
    undoes_only: Element | None = None  # a throw event that names an activity
    is_scope_brought_back: ClassVar[bool] = False
    shares_what_is_done: ClassVar[bool] = False  # an event sub-process undoes what the scope round it has done

    def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.line = 0
        self.outgoing: list[Flow] = []
        self.incoming: list[Flow] = []
        self.boundary: list[BoundaryEvent] = []
        self.link_sources: list[Element] = []  # throw events whose link leads here
        self.input_mappings: tuple[VariableMapping, ...] = ()
        self.output_mappings: tuple[VariableMapping, ...] = ()
        self.headers: Mapping[str, str] = {}
        self.properties: Mapping[str, str] = {}

    def serialize(self, serializer: Any, **kwargs: Any) -> Any:
        """Specifications are built from the deployed file, never stored."""
        raise NotImplementedError

    # a token comes in

    def arrive(self, scope: Token, flow: Flow | None = None) -> None:  # noqa: ARG002 # joins look at the flow
        """A token reaches this element over ``flow`` (None: over a link, or by hand)."""
        scope.runner.create(self, scope)

    def _run_hook(self, my_task: Token) -> None:
        """Returns None so that SpiffWorkflow marks the token STARTED; ``act`` says what it waits for, or finishes it."""
        memo = my_task.memo
        if not memo.get("entered"):
            scopes.apply_inputs(my_task, self.input_mappings)
            if self.boundary:
                open_waits(my_task, self.boundary)
            memo["entered"] = True
            if self.boundary and conditions.interrupt_at_once(my_task):
                return
        self.act(my_task)

    def act(self, token: Token) -> None:
        token.runner.finish(token)

    # a token goes out

    def finish(self, token: Token) -> None:
        """Map the outputs once, then complete; a failure leaves the token here as an incident."""
        memo, scope = token.memo, token.scope
        if not memo.get("mapped"):
            scopes.apply_outputs(token, self.output_mappings)
            memo["mapped"] = True
        scope.task_spec.child_finishes(scope, token)
        token.complete()

    def _on_complete_hook(self, my_task: Token) -> None:
        if my_task.waits:
            close_waits(my_task)
        my_task.runner.emit(ElementCompleted(my_task.workflow.key, my_task.key, self.bpmn_id, self.element_type))
        self.leave(my_task)

    def leave(self, token: Token) -> None:
        """Take the outgoing flows: one token each, and tell the scope."""
        scope, runner = token.scope, token.runner
        if self.may_be_returned_to:
            done = scope.memo.get("done", [])
            if self.bpmn_id not in done:
                scope.memo["done"] = sorted([*done, self.bpmn_id])
        if self.compensable:
            remember(token)
        flows = self.chosen_flows(token)
        for flow in flows:
            runner.emit(FlowTaken(token.workflow.key, token.key, flow.id, flow.target.bpmn_id))
        runner.remove(token)
        for flow in flows:
            flow.target.arrive(scope, flow)
        scope.task_spec.child_left(scope)

    def chosen_flows(self, token: Token) -> list[Flow]:  # noqa: ARG002 # gateways choose by the token
        return self.outgoing

    def vanish(self, token: Token) -> None:
        """Complete without going on: what was thrown here goes on elsewhere."""
        token.runner.emit(ElementCompleted(token.workflow.key, token.key, self.bpmn_id, self.element_type))
        token.runner.remove(token)

    # asked by others

    def child_finishes(self, scope: Token, child: Token) -> None:
        """A token inside is about to complete (still able to fail)."""

    def child_left(self, scope: Token) -> None:
        """A token inside has gone."""

    def event_sub_process_starts(self, scope: Token, inner: Token) -> list[Catching]:  # noqa: ARG002 # containers ask both
        """Start events of event sub-processes that may catch what ``inner`` (inside ``scope``) throws."""
        return []

    def may_go_on(self, token: Token) -> bool:  # noqa: ARG002 # inclusive joins look round it
        """Asked of waiting joins when everything else has come to rest."""
        return False

    def answer(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """What of a called instance's variables comes back to the call activity."""
        return variables

    def go_on(self, token: Token) -> None:
        token.runner.run_now(token)
