"""What a run needs from whoever keeps it: time, keys, the deployed definitions, and the operations a service task may call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.feel import Feel
    from engine.spiff.model import ProcessModel


@dataclass(frozen=True)
class Binding:
    """Which version of a form, decision or called process the diagram means."""

    kind: str = "latest"  # latest, deployment, versionTag
    version_tag: str | None = None


@dataclass(frozen=True)
class DecisionResult:
    """What a deployed decision answered, and why (``explanation`` is engine.dmn's)."""

    decision_key: int
    version: int
    value: Any
    explanation: dict[str, Any]


class Host(Protocol):
    """Implemented by engine.commands inside one transaction. Every EngineError it raises becomes an incident at the element."""

    @property
    def feel(self) -> Feel: ...

    def now(self) -> dt.datetime:
        """The present moment, aware, in the office's zone."""

    def new_key(self) -> int:
        """A number never used before for an instance, element or job."""

    def process(self, definition_key: int) -> ProcessModel:
        """The parsed model of a deployed process, with ``definition_key`` and ``deployment_key`` set."""

    def called_process(self, process_id: str, binding: Binding, caller: ProcessModel) -> int:
        """Definition key of the process a call activity means; NotFound when there is none."""

    def form(self, form_id: str, binding: Binding, caller: ProcessModel) -> int | None:
        """Key of the deployed form, None when there is none."""

    def decision(self, decision_id: str, binding: Binding, caller: ProcessModel, inputs: Mapping[str, Any]) -> DecisionResult:
        """Evaluate a deployed decision on the variables visible at the task."""

    def is_operation(self, job_type: str) -> bool:
        """True when ``job_type`` is run here and now, inside the transaction; otherwise a job is created."""

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
        """Run an operation; BpmnError is a business outcome, EngineError an incident, anything else the host's own failure."""
