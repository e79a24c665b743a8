"""Mending cases by hand: changes of where a case stands, moves to another version, and steps to go back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SAFE, NEEDS_MAPPING, UNSAFE = "safe", "needs_mapping", "unsafe"


@dataclass(frozen=True)
class Activate:
    """Start ``element_id`` in the live scope ``scope_key`` (None: the only one there is), with local ``variables``."""

    element_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    scope_key: int | None = None


@dataclass(frozen=True)
class Terminate:
    """End an active element with everything inside it; nothing follows it."""

    element_key: int


@dataclass(frozen=True)
class Move:
    """End an active element and start ``target_element_id`` of the same scope instead, with local ``variables``."""

    element_key: int
    target_element_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Skip:
    """Complete an active element without its work, as if its work had given ``variables``; a gateway needs ``flow_id``."""

    element_key: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    flow_id: str | None = None


Change = Activate | Terminate | Move | Skip


@dataclass(frozen=True)
class Finding:
    """What another version means for one element of a running instance. ``level``: note, needs_mapping, unsafe."""

    element_id: str
    code: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    level: str = UNSAFE

    @property
    def message(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


@dataclass(frozen=True)
class InstanceVerdict:
    """``verdict`` is safe, needs_mapping or unsafe; the findings say why, and what will be different when it is safe."""

    instance_key: int
    root_key: int
    business_key: str
    verdict: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class MigrationPreview:
    """``total`` and ``by_verdict`` count all running instances of the source version; ``instances`` is one page of them."""

    source_key: int
    target_key: int
    mapping: Mapping[str, str]
    total: int
    by_verdict: Mapping[str, int]
    instances: tuple[InstanceVerdict, ...]
    after: str | None = None


@dataclass(frozen=True)
class BatchOperation:
    """Work on many instances, one transaction each. ``state``: created, running, completed, canceled."""

    key: int
    kind: str  # migration
    state: str
    source_key: int
    target_key: int
    mapping: dict[str, str]
    reason: str
    started_by: str
    created_at: dt.datetime
    ended_at: dt.datetime | None
    total: int
    done: int
    failed: int
    canceled: int = 0

    @property
    def pending(self) -> int:
        return self.total - self.done - self.failed - self.canceled


@dataclass(frozen=True)
class BatchItem:
    """``state``: pending, done, failed, canceled. A failure keeps the sentence it was refused with."""

    batch_key: int
    instance_key: int
    root_key: int
    business_key: str
    state: str
    template: str
    params: dict[str, Any]
    ended_at: dt.datetime | None

    @property
    def message(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


class EarlierStep(NamedTuple):
    """A completed user task between the step to return to and the present one."""

    element_id: str
    name: str
    completed_by: str | None


@dataclass(frozen=True)
class ReturnTarget:
    """An earlier step a task can be sent back to; ``between`` can be kept (``return_task(keep=…)``), in the order done."""

    element_id: str
    name: str
    completed_by: str | None
    completed_at: dt.datetime
    between: tuple[EarlierStep, ...] = ()
