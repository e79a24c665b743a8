"""What a run asks of us: time, keys, definitions, operations. One host per case in memory; a step at a time uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.exc import DBAPIError

from engine import json_codec
from engine.commands.repeating import will_pass
from engine.errors import BpmnError, EngineError, ExecutionFailed, NotFound
from engine.feel import Feel
from engine.ports import OperationCall
from engine.spiff import Binding, DecisionResult, ProcessModel

if TYPE_CHECKING:
    from engine.commands.step import Step
    from engine.commands.workshop import Workshop

log = structlog.get_logger(__name__)


class OperationBroke(ExecutionFailed):
    """The operation {operation} at {element} broke: {cause}. Its changes were undone; mend the cause, then retry."""


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
        )
        output = self._guarded(call)
        step.ask_for_effects(call)
        return output

    def _guarded(self, call: OperationCall) -> Mapping[str, Any]:
        try:
            with call.session.begin_nested():
                output = self._workshop.operations[call.operation](call)
                json_codec.dumps(dict(output))
                self._check_effects(call)
        except (EngineError, BpmnError):
            raise
        except DBAPIError as error:
            if will_pass(error):  # two cases were in each other's way: the whole command is done again
                raise
            raise self._broke(call, error) from error
        except Exception as error:  # whatever an operation does wrong stops its own token, not the command
            raise self._broke(call, error) from error
        return output

    @staticmethod
    def _broke(call: OperationCall, error: Exception) -> OperationBroke:
        log.error(
            "operation_broke", exc_info=error, operation=call.operation, element=call.element_id, instance=call.instance_key
        )
        return OperationBroke(operation=call.operation, element=call.element_id, cause=f"{type(error).__name__}: {error}")

    def _check_effects(self, call: OperationCall) -> None:
        for effect, payload in call.effects:
            if effect not in self._workshop.effects:
                raise ExecutionFailed(element=call.element_id, cause=f"there is no effect {effect}")
            json_codec.dumps(payload)

    def _resolve(self, kind: str, id_: str, binding: Binding, caller: ProcessModel) -> int:
        step = self._now_working
        found = self._workshop.catalogue.resolve(step.uow, kind, id_, binding, caller, step.generation)
        if found is None:
            raise NotFound("The {kind} {id} is not deployed. Deploy it, then retry.", kind=kind, id=id_)
        return found.key

    def _decide_newest(self, decision_id: str, inputs: Mapping[str, Any]) -> Any:
        step = self._now_working
        found = self._workshop.catalogue.newest(step.uow, "decision", decision_id, step.generation)
        if found is None:
            raise NotFound(kind="Decision", key=decision_id)
        return self._decide(found.key, decision_id, inputs).value

    def _decide(self, key: int, decision_id: str, inputs: Mapping[str, Any]) -> DecisionResult:
        step = self._now_working
        definition = self._workshop.catalogue.definition(step.uow, key)
        answer = self._workshop.catalogue.decisions(step.uow, key).evaluate(decision_id, inputs, now=step.now)
        return DecisionResult(key, definition.version, answer.value, answer.explanation)
