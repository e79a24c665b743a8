"""One parsed process: what the host may read of it, beside the SpiffWorkflow specification that runs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import Problem
from engine.spiff.definitions import TimerDefinition
from engine.spiff.host import Binding
from engine.spiff.runner.timers import Due, first_due

if TYPE_CHECKING:
    from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

    from engine.spiff.specs.containers import Process
    from engine.spiff.specs.element import Element


@dataclass(frozen=True)
class ElementInfo:
    """``lane`` and ``properties`` are information for readers: nothing runs differently because of them."""

    id: str
    type: str
    name: str
    line: int
    documentation: str = ""
    lane: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FlowInfo:
    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None


@dataclass(frozen=True)
class Reference:
    """A form, decision or process an element names; ``id`` is None when FEEL finds it out while running."""

    element_id: str
    id: str | None
    binding: Binding
    line: int


@dataclass(frozen=True)
class StartEventInfo:
    """``kind`` is none, message, timer or signal; ``name`` the message or signal name."""

    element_id: str
    kind: str
    name: str | None = None
    timer: TimerDefinition | None = None

    def first_due(self, now: dt.datetime) -> Due:
        """When a timer start event fires for the first time after deployment at ``now``; ``Due.next()`` says when again."""
        if self.timer is None:
            raise ValueError(f"{self.element_id} is not a timer start event")
        return first_due(self.timer, {}, now)


@dataclass
class ProcessModel:
    """``definition_key`` and ``deployment_key`` are set by the host once it has stored the definition."""

    id: str
    name: str
    version_tag: str
    file: str
    elements: Mapping[str, ElementInfo]
    flows: Mapping[str, FlowInfo]
    user_tasks: tuple[str, ...]
    form_refs: tuple[Reference, ...]
    decision_refs: tuple[Reference, ...]
    called_refs: tuple[Reference, ...]
    job_types: tuple[str, ...]
    message_names: tuple[str, ...]
    start_events: tuple[StartEventInfo, ...]
    warnings: tuple[Problem, ...]
    spec: BpmnProcessSpec
    root: Process
    nodes: Mapping[str, Element]
    entries: Mapping[str, Element]
    definition_key: int = 0
    deployment_key: int = 0
