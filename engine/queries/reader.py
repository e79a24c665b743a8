"""The engine's questions: read models by key, by filter, page by page. Each is one short transaction that changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from engine.model import (
    Actor,
    Definition,
    HistoryEntry,
    Incident,
    Job,
    Page,
    ProcessInstance,
    Timer,
    Variable,
    VerificationReport,
)
from engine.queries import definitions, excerpts, history, instances, tasks
from engine.queries.paging import Cut
from engine.store import drafts
from engine.store.database import Database


class Queries:
    """The part of the facade that only reads. Orders and filters are named with each list."""

    def __init__(self, database: Database, *, operators: frozenset[str]) -> None:
        self.database = database
        self._operators = operators  # the groups that see every task

    # definitions

    def definition(self, key: int) -> Definition:
        with self._reading() as session:
            return definitions.definition(session, key)

    def definitions(
        self, *, order: str = "id", limit: int | None = 50, after: str | None = None, offset: int = 0, **filters: Any
    ) -> Page:
        """Filters: kind, id, key, name, version, version_tag, resource_name, deployment_key, latest."""
        with self._reading() as session:
            return definitions.definitions(session, Cut(order, limit, after, offset), **filters)

    def resource(self, definition_key: int) -> bytes:
        with self._reading() as session:
            return definitions.resource(session, definition_key)

    # cases

    def instance(self, key: int) -> ProcessInstance:
        with self._reading() as session:
            return instances.instance(session, key)

    def instances(
        self, *, order: str = "-started", limit: int | None = 50, after: str | None = None, offset: int = 0, **filters: Any
    ) -> Page:
        """Filters: key, root_key, parent_key, definition_key, process_id, version, business_key, started_by, state, running,
        suspended, has_incident, roots_only.
        """
        with self._reading() as session:
            return instances.instances(session, Cut(order, limit, after, offset), **filters)

    def elements(
        self,
        of: int | None = None,
        *,
        order: str = "started",
        limit: int | None = None,
        after: str | None = None,
        offset: int = 0,
        **filters: Any,
    ) -> Page:
        """``of``: an instance, or a root with all it called. Filters: key, root_key, instance_key, scope_key, element_id,
        element_type, name, state, has_incident.
        """
        with self._reading() as session:
            return instances.elements(session, Cut(order, limit, after, offset), of=of, **filters)

    def variable(self, key: int) -> Variable:
        with self._reading() as session:
            return instances.one_variable(session, key)

    def variables(
        self,
        of: int | None = None,
        *,
        order: str = "key",
        limit: int | None = None,
        after: str | None = None,
        offset: int = 0,
        **filters: Any,
    ) -> Page:
        """``of``: an instance, or a root with all it called. Filters: key, root_key, instance_key, scope_key, name."""
        with self._reading() as session:
            return instances.variables(session, Cut(order, limit, after, offset), of=of, **filters)

    def visible_variables(self, element_key: int) -> list[Variable]:
        """What an element sees, the nearest value of each name."""
        with self._reading() as session:
            return instances.visible_variables(session, element_key)

    def timers(self, root_key: int) -> list[Timer]:
        with self._reading() as session:
            return instances.timers(session, root_key)

    def history(
        self, root_key: int, *, after_seq: int = 0, kinds: Collection[str] | None = None, **filters: Any
    ) -> list[HistoryEntry]:
        """Oldest first; root 0 is the history of deployments. Filters: element_key, since, limit."""
        with self._reading() as session:
            return history.history(session, root_key, after_seq=after_seq, kinds=kinds, **filters)

    def newest_history(
        self, root_key: int, *, limit: int, kinds: Collection[str] | None = None, before_seq: int | None = None
    ) -> list[HistoryEntry]:
        """Newest first, without reading what lies before."""
        with self._reading() as session:
            return excerpts.newest(session, root_key, limit=limit, kinds=kinds, before_seq=before_seq)

    def histories_at(
        self, moments: Collection[tuple[int, dt.datetime]], kinds: Collection[str]
    ) -> dict[tuple[int, dt.datetime], list[HistoryEntry]]:
        """What happened in many cases at exactly the moment given with each root key, oldest first."""
        with self._reading() as session:
            return excerpts.at_moments(session, moments, kinds)

    def decisions_of(self, root_key: int) -> list[HistoryEntry]:
        """Every gateway and decision of a case with what it saw."""
        return self.history(root_key, kinds=("conditions_evaluated", "decision_evaluated"))

    def verify(self, root_key: int | None = None) -> VerificationReport:
        """Recompute the hash chain of a case, or of all."""
        with self._reading() as session:
            return history.verify(session, root_key)

    # user tasks

    def tasks(
        self,
        *,
        state: str | None = "created",
        order: str = "due",
        limit: int | None = 50,
        after: str | None = None,
        offset: int = 0,
        counted: bool = True,
        **filters: Any,
    ) -> Page:
        """Filters: assignee, unassigned, candidate_of, visible_to, candidate_group, candidate_user, due_before, key, root_key,
        instance_key, definition_key, process_id, business_key, element_id, completed_by, priority.
        """
        with self._reading() as session:
            cut = Cut(order, limit, after, offset, counted)
            return tasks.tasks(session, cut, state=state, operators=self._operators, **filters)

    def draft(self, task_key: int, actor: Actor) -> dict[str, Any]:
        """Empty when nothing was saved."""
        with self._reading() as session:
            return drafts.find(session, task_key, actor.user_id) or {}

    # jobs and incidents

    def job(self, key: int) -> Job:
        with self._reading() as session:
            return instances.one_job(session, key)

    def jobs(
        self, *, order: str = "key", limit: int | None = 50, after: str | None = None, offset: int = 0, **filters: Any
    ) -> Page:
        """Filters: key, type, state, worker, root_key, instance_key, element_id, element_key, process_id, definition_key."""
        with self._reading() as session:
            return instances.jobs(session, Cut(order, limit, after, offset), **filters)

    def incident(self, key: int) -> Incident:
        with self._reading() as session:
            return instances.one_incident(session, key)

    def incidents(
        self,
        *,
        state: str | None = "active",
        order: str = "-raised",
        limit: int | None = 50,
        after: str | None = None,
        offset: int = 0,
        **filters: Any,
    ) -> Page:
        """Filters: key, root_key, instance_key, process_id, element_id, element_key, job_key, kind."""
        with self._reading() as session:
            return instances.incidents(session, Cut(order, limit, after, offset), state=state, **filters)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self.database.unit_of_work() as uow:
            yield uow.session
