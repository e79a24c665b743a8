"""The embedded engine as applications use it: one method per use case, nothing else.

Commands take ``actor`` and raise the errors of ``engine.errors``; each is one transaction and happens entirely or not at
all. ``command_id`` is chosen by the sender: the same command sent again happens once and gives the same answer. Queries
give values of ``engine.model``; who may see them is for the interface to say, except where an ``actor`` is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.commands.catalogue import Catalogue
from engine.commands.guard import Limits
from engine.commands.observing import Watch
from engine.commands.observing import into_line as command_into_line
from engine.commands.permission import Duties
from engine.commands.workshop import Workshop
from engine.drawing import picture_if_drawn
from engine.facade.cases import Cases
from engine.facade.definitions import Definitions
from engine.facade.evidence import Evidence
from engine.facade.jobs import Jobs
from engine.facade.messages import Messages
from engine.facade.operating import Operating
from engine.facade.records import Records
from engine.facade.repair import Repair
from engine.facade.user_tasks import UserTasks
from engine.facade.worker import WorkerDuties
from engine.feel import Feel
from engine.ports import Clock, Effect, Operation
from engine.queries.task_form import TaskForm
from engine.store.clock import DemoClock, SystemClock
from engine.store.database import Database

__all__ = ["Database", "DemoClock", "Duties", "Limits", "ProcessEngine", "SystemClock", "TaskForm", "command_into_line"]


class ProcessEngine(Definitions, Cases, UserTasks, Messages, Jobs, Repair, Operating, Records, Evidence, WorkerDuties):
    """``operations`` run inside the transaction by the type of their service task, ``effects`` after it by the worker.

    ``tools`` is handed to every operation as it is; the application may fill it later.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock | None = None,
        feel: Feel | None = None,
        operations: Mapping[str, Operation] | None = None,
        effects: Mapping[str, Effect] | None = None,
        duties: Duties | None = None,
        limits: Limits | None = None,
        watch: Watch | None = None,
        tools: Mapping[str, Any] | None = None,
    ) -> None:
        language = feel or Feel()
        self.clock = clock or SystemClock()
        self._workshop = Workshop(
            database,
            self.clock,
            language,
            Catalogue(language),
            operations if operations is not None else {},
            effects if effects is not None else {},
            duties or Duties(),
            limits=limits or Limits(),
            draw=picture_if_drawn,
            watch=watch,
            tools=tools if tools is not None else {},
        )
        super().__init__(database, operators=self._workshop.duties.operators)

    def take_on(self, effects: Mapping[str, Effect]) -> None:
        """More effects: those that could not be made before there was an engine."""
        self._workshop = replace(self._workshop, effects={**self._workshop.effects, **effects})
