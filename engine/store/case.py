"""What is known of a running case while one command works on it, beside the runner's own tokens and scopes.

A case stays in memory between commands; it is only used when ``version`` still is the version in the database, read
under the row lock, so every change to these rows must go through a command on the case.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from engine.model import UserTask
from engine.store.chain import Head


@dataclass(frozen=True)
class RunningInstance:
    """A live process instance of the case: the root or one it called."""

    key: int
    definition_key: int
    process_id: str
    version: int


@dataclass(frozen=True)
class OpenIncident:
    key: int
    instance_key: int
    element_key: int
    element_id: str
    job_key: int | None
    kind: str


@dataclass(frozen=True)
class Suspension:
    """Nothing in the case changes until it is resumed."""

    at: dt.datetime
    by: str
    reason: str


@dataclass
class Case:
    root_key: int
    version: int  # 0: not stored yet
    head: Head
    business_key: str
    process_id: str
    started_by: str
    started_by_message: str | None = None
    state: str = "active"
    instances: dict[int, RunningInstance] = field(default_factory=dict)
    tasks: dict[int, UserTask] = field(default_factory=dict)  # the open ones
    incidents: dict[int, OpenIncident] = field(default_factory=dict)  # the active ones, by their own key
    suspension: Suspension | None = None

    def incidents_at(self, element_key: int) -> list[OpenIncident]:
        return [incident for incident in self.incidents.values() if incident.element_key == element_key]
