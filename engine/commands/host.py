"""What a run asks of us: time, keys, definitions, operations. One host per case in memory; a step at a time uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.commands import deploy, guard
from engine.errors import NotFound
from engine.feel import Feel
from engine.forms import Form
from engine.model import Deployment, Resource
from engine.ports import OperationCall
from engine.spiff import Binding, DecisionResult, ProcessModel
from engine.store import cases, definitions

if TYPE_CHECKING:
    from engine.commands.step import Step
    from engine.commands.workshop import Workshop


class CaseHost:
    """Implements ``engine.spiff.Host``. ``step`` is set while a command works on the case."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self.step: Step | None = None
        self.first_key: int | None = None  # the root key of a case that is about to start

    @property
    def feel(self) -> Feel:
        return self._workshop.feel

    @property
    def _now_working(self) -> Step:
        assert self.step is not None, "the runner was used outside a command"
        return self.step

    def now(self) -> dt.datetime:
        return self._now_working.now

    def new_key(self) -> int:
        if self.first_key is not None:
            key, self.first_key = self.first_key, None
            return key
        return self._now_working.uow.new_key()

    def process(self, definition_key: int) -> ProcessModel:
        return self._workshop.catalogue.process(self._now_working.uow, definition_key)

    def called_process(self, process_id: str, binding: Binding, caller: ProcessModel) -> int:
        return self._resolve("process", process_id, binding, caller)

    def form(self, form_id: str, binding: Binding, caller: ProcessModel) -> int | None:
        try:
            return self._resolve("form", form_id, binding, caller)
        except NotFound:
            return None

    def decision(self, decision_id: str, binding: Binding, caller: ProcessModel, inputs: Mapping[str, Any]) -> DecisionResult:
        return self._decide(self._resolve("decision", decision_id, binding, caller), decision_id, inputs)

    def is_operation(self, job_type: str) -> bool:
        return job_type in self._workshop.operations

    def perform(
        self,
        operation: str,
        inputs: Mapping[str, Any],
        headers: Mapping[str, str],
        *,
        instance_key: int,
        element_id: str,
        element_key: int,
    ) -> Mapping[str, Any]:
        """Run the operation in a savepoint: whatever it raises, what it wrote is undone and the rest of the command stands."""
        step = self._now_working
        call = OperationCall(
            operation=operation,
            inputs=inputs,
            headers=headers,
            instance_key=instance_key,
            root_instance_key=step.case.root_key,
            business_key=step.case.business_key,
            element_id=element_id,
            element_key=element_key,
            actor_id=step.actor.user_id,
            now=step.now,
            session=step.uow.session,
            decide=self._decide_newest,
            form=self._newest_form,
            deploy=self._deploy,
            tools=self._workshop.tools,
            process_id=step.case.process_id,
        )
        before = step.deployments
        try:
            output = guard.perform(self._workshop, call)
        except BaseException:
            step.deployments = before  # undone with the savepoint
            raise
        step.ask_for_effects(call)
        return output

    def _resolve(self, kind: str, id_: str, binding: Binding, caller: ProcessModel) -> int:
        step = self._now_working
        generation = 0 if binding.kind == "deployment" else step.generation
        found = self._workshop.catalogue.resolve(step.uow, kind, id_, binding, caller, generation)
        if found is None:
            raise NotFound("The {kind} {id} is not deployed. Deploy it, then retry.", kind=kind, id=id_)
        return found.key

    def _decide_newest(self, decision_id: str, inputs: Mapping[str, Any]) -> Any:
        step = self._now_working
        found = self._workshop.catalogue.newest(step.uow, "decision", decision_id, step.generation)
        if found is None:
            raise NotFound(kind="Decision", key=decision_id)
        return self._decide(found.key, decision_id, inputs).value

    def _newest_form(self, form_id: str) -> tuple[Form, int]:
        step = self._now_working
        return self._workshop.catalogue.newest_form(step.uow, form_id, step.generation)

    def _deploy(self, resources: Sequence[Resource], by: str, note: str) -> Deployment:
        """Deploy in the command's transaction: it stands or falls with what the operation did beside it."""
        step = self._now_working
        definitions.lock_deploying(step.uow.session)
        if definitions.generation(step.uow.session) != step.deployments:
            raise cases.Overtaken  # somebody deployed since this command began: it is done again
        deployment = deploy.within(self._workshop, step.uow, resources, by=by, note=note)
        step.deployments = definitions.generation(step.uow.session)
        return deployment

    def _decide(self, key: int, decision_id: str, inputs: Mapping[str, Any]) -> DecisionResult:
        step = self._now_working
        definition = self._workshop.catalogue.definition(step.uow, key)
        answer = self._workshop.catalogue.decisions(step.uow, key).evaluate(decision_id, inputs, now=step.now)
        return DecisionResult(key, definition.version, answer.value, answer.explanation)
