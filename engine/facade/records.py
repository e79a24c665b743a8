"""What the history tells beyond one case: operations, decisions, ways taken, callers, reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from engine.commands import evaluate_expression
from engine.facade.part import Part, Values
from engine.model import Evaluated, HistoryEntry, Page, ProcessInstance, Searched
from engine.model.reasons import DefinitionsWithError, InstancesWithError
from engine.queries import audit, decision_instances, flows, hierarchy, incident_statistics, recordings, seen


class Records(Part):
    """What the history tells beyond one case: operations, decisions, ways taken, callers, reasons."""

    def audit(
        self, kinds: Collection[str], *, order: str = "-at", limit: int = 50, after: str | None = None, **filters: Any
    ) -> Searched:
        """History entries of ``kinds`` over all cases. Filters: actor, at, root_key, instance_key, element_id, element_key, says, look."""
        with self._reading() as session:
            return audit.audit(session, kinds, order=order, limit=limit, after=after, **filters)

    def audit_entry(self, root_key: int, seq: int) -> HistoryEntry:
        with self._reading() as session:
            return audit.audit_entry(session, root_key, seq)

    def decision_instances(self, *, order: str = "at", limit: int = 50, after: str | None = None, **filters: Any) -> Page:
        """Decisions taken in cases. Filters: decision_id, decision_key, version, instance_key, element_id, element_key, root_key, at."""
        with self._reading() as session:
            return decision_instances.decision_instances(session, order=order, limit=limit, after=after, **filters)

    def decision_instance(self, root_key: int, seq: int) -> HistoryEntry:
        with self._reading() as session:
            return decision_instances.decision_instance(session, root_key, seq)

    def recordings(
        self,
        process_id: str,
        *,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        business_key: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """Ended instances of a process as recordings, the newest first: what is needed to let them happen again on other files.

        They hold what people entered. Nobody but a run may read it: show the way and the decisions, never the values.
        """
        with self._reading() as session:
            return recordings.recordings(
                session, process_id, since=since, until=until, business_key=business_key, limit=limit, after=after
            )

    def recorded(
        self,
        process_id: str,
        *,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        business_key: str | None = None,
    ) -> int:
        """How many recordings there are; nobody counts beyond 10,000."""
        with self._reading() as session:
            return recordings.recorded(session, process_id, since=since, until=until, business_key=business_key)

    def flows_taken(self, instance_key: int) -> list[str]:
        """Ids of the sequence flows an instance went along."""
        with self._reading() as session:
            return flows.flows_taken(session, instance_key)

    def call_hierarchy(self, instance_key: int) -> list[ProcessInstance]:
        """From the root down to the instance."""
        with self._reading() as session:
            return hierarchy.call_hierarchy(session, instance_key)

    def called_by(self, instance_key: int) -> tuple[int, ...]:
        """The instance and all it called, directly or not."""
        with self._reading() as session:
            return hierarchy.called_by(session, instance_key)

    def inside_element(self, element_key: int) -> tuple[int, ...]:
        """The element instance and all inside it."""
        with self._reading() as session:
            return hierarchy.inside_element(session, element_key)

    def incidents_by_error(self) -> list[InstancesWithError]:
        with self._reading() as session:
            return incident_statistics.by_error(session)

    def incidents_by_definition(self, error_hash: int) -> list[DefinitionsWithError]:
        with self._reading() as session:
            return incident_statistics.by_definition(session, error_hash)

    def evaluate_expression(self, expression: str, variables: Values | None = None, *, scope_key: int | None = None) -> Evaluated:
        """``scope_key``: an instance or an element whose variables it may read; ``variables`` come before them."""
        around: Values = {}
        if scope_key is not None:
            with self._reading() as session:
                around = seen.seen_from(session, scope_key)
        return evaluate_expression.evaluate_expression(self._workshop, expression, {**around, **(variables or {})})
