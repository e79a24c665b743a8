"""Files, and the versions of processes, decisions and forms made of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from engine.errors import Problem


@dataclass(frozen=True)
class Resource:
    """One uploaded file. ``name`` ends in .bpmn, .dmn or .form."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Definition:
    """One immutable version of a process, decision or form."""

    key: int
    kind: str  # process, decision, form
    id: str
    version: int
    name: str
    version_tag: str
    resource_name: str
    deployment_key: int
    deployed_at: dt.datetime


@dataclass(frozen=True)
class DeployedDefinition:
    """One version with the digest of its file and the deployment that made it; ``generation`` orders deployments."""

    definition: Definition
    sha256: str
    generation: int
    deployed_by: str
    note: str


@dataclass(frozen=True)
class Deployment:
    key: int
    deployed_at: dt.datetime
    deployed_by: str
    note: str
    definitions: tuple[Definition, ...]  # also those whose content had not changed
    warnings: tuple[Problem, ...] = ()
    generation: int = 0  # orders deployments: the newest one there was when this was done

    @property
    def made(self) -> tuple[Definition, ...]:
        """The versions that are new."""
        return tuple(one for one in self.definitions if one.deployment_key == self.key)


@dataclass(frozen=True)
class DecisionOutcome:
    """The answer of a decision asked outside any case; ``explanation`` names inputs, matched rules and their notes."""

    decision_key: int
    decision_id: str
    name: str
    version: int
    value: Any
    explanation: dict[str, Any]


@dataclass(frozen=True)
class Evaluated:
    """The value of an expression as JSON has it; ``warnings`` say what could not be evaluated on the way and became null."""

    value: Any
    warnings: tuple[str, ...]
