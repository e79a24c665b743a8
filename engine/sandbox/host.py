"""engine.spiff's Host over files: answers instead of registers, a clock by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import count
from typing import Any

from engine.errors import NotFound
from engine.feel import Feel
from engine.sandbox.answers import Answers
from engine.sandbox.case import ZONE
from engine.sandbox.limits import Watch
from engine.sandbox.project import Project
from engine.spiff import Binding, DecisionResult, ProcessModel

FIRST_KEY = 1_000_000


class ManualClock:
    """Time that moves only when told to."""

    def __init__(self, start: dt.datetime) -> None:
        self.moment = start if start.tzinfo else start.replace(tzinfo=ZONE)

    def now(self) -> dt.datetime:
        return self.moment


class SandboxHost:
    """``extra`` are processes that exist only for this run, by id. Everything the run asks for passes the watch."""

    def __init__(
        self,
        project: Project,
        clock: ManualClock,
        answers: Answers,
        operations: Collection[str],
        watch: Watch,
        extra: Mapping[str, bytes],
    ) -> None:
        self.project, self.clock, self.answers, self.watch = project, clock, answers, watch
        self._operations, self._extra = operations, extra
        self._keys = count(FIRST_KEY)
        self._models: dict[int, ProcessModel] = {}

    @property
    def feel(self) -> Feel:
        return self.project.feel

    def now(self) -> dt.datetime:
        self.watch.look()
        return self.clock.now()

    def new_key(self) -> int:
        self.watch.look()
        return next(self._keys)

    def definition(self, process_id: str) -> int:
        """The definition key of a process. Raises NotFound, DefinitionInvalid."""
        if process_id in self._extra:
            content = self._extra[process_id]
            model = self.project.library.process(content, f"{process_id}.bpmn", process_id)
        else:
            model = self.project.process(process_id)
        self._models[model.definition_key] = model
        return model.definition_key

    def process(self, definition_key: int) -> ProcessModel:
        return self._models[definition_key]

    def called_process(self, process_id: str, binding: Binding, caller: ProcessModel) -> int:  # noqa: ARG002 - one version of everything
        return self.definition(process_id)

    def form(self, form_id: str, binding: Binding, caller: ProcessModel) -> int | None:  # noqa: ARG002 - as above
        return self.new_key() if form_id in self.project.form_files else None

    def decision(
        self,
        decision_id: str,
        binding: Binding,  # noqa: ARG002 - as above
        caller: ProcessModel,  # noqa: ARG002
        inputs: Mapping[str, Any],
    ) -> DecisionResult:
        if decision_id not in self.project.decision_files:
            raise NotFound(kind="decision", key=decision_id)
        found = self.project.decisions(decision_id).evaluate(decision_id, inputs, now=self.now())
        return DecisionResult(1, 1, found.value, found.explanation)

    def is_operation(self, job_type: str) -> bool:
        if self.answers.waits(job_type):
            return False
        return job_type in self._operations or self.answers.knows(job_type)

    def perform(
        self,
        operation: str,
        inputs: Mapping[str, Any],
        headers: Mapping[str, str],  # noqa: ARG002 - answers do not ask for them
        *,
        instance_key: int,
        element_id: str,
        element_key: int,
    ) -> Mapping[str, Any]:
        self.watch.look()
        return self.answers.answer(operation, inputs, element_id, element_key, instance_key)
