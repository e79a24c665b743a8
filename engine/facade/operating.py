"""What operators see of all cases at once, and what they do to what stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from engine.commands import mend_incident, mend_job
from engine.facade.part import Part, Values
from engine.model import Actor, CommandResult, Page
from engine.model.operating import (
    Cause,
    ElementDuration,
    ElementStatistics,
    ElementWaiting,
    JobCount,
    LiveCaseUse,
    Overview,
    SlowStep,
    TimerCount,
    VersionInUse,
)
from engine.queries import operating, statistics
from engine.queries.paging import Cut


class Operating(Part):
    """What operators see of all cases at once, and what they do to what stopped."""

    def live_cases(self) -> LiveCaseUse:
        """How often commands of this process found their case in memory."""
        return self._workshop.cases.use()

    def overview(self) -> Overview:
        with self._reading() as session:
            return operating.overview(session, self.clock.now())

    def element_statistics(
        self,
        *,
        definition_key: int | None = None,
        instance_key: int | None = None,
        since: dt.datetime | None = None,
        except_roots: Collection[int] = (),
    ) -> tuple[ElementStatistics, ...]:
        with self._reading() as session:
            return statistics.element_statistics(
                session, definition_key=definition_key, instance_key=instance_key, since=since, except_roots=except_roots
            )

    def durations(self, definition_key: int, *, since: dt.datetime) -> tuple[ElementDuration, ...]:
        with self._reading() as session:
            return statistics.durations(session, definition_key, since)

    def waiting(self, definition_key: int) -> tuple[ElementWaiting, ...]:
        with self._reading() as session:
            return statistics.waiting(session, definition_key, self.clock.now())

    def standing(
        self,
        definition_key: int,
        *,
        element_id: str | None = None,
        state: str | None = None,
        order: str = "started",
        limit: int | None = 50,
        after: str | None = None,
    ) -> Page:
        """The tokens at an element of a definition now, each with its case."""
        with self._reading() as session:
            return operating.standing(session, Cut(order, limit, after), definition_key, element_id, state)

    def slow_steps(
        self,
        *,
        since: dt.datetime,
        process_id: str | None = None,
        group: str | None = None,
        days: Mapping[dt.date, int] | None = None,
        limit: int = 50,
    ) -> tuple[SlowStep, ...]:
        """``days``: how many working days there are up to each date; without it there are no working days in the answer."""
        with self._reading() as session:
            return statistics.slow_steps(session, since=since, process_id=process_id, group=group, days=days, limit=limit)

    def versions_in_use(self) -> tuple[VersionInUse, ...]:
        with self._reading() as session:
            return operating.versions_in_use(session)

    def waiting_timers(
        self,
        *,
        process_id: str | None = None,
        due_before: dt.datetime | None = None,
        suspended: bool | None = None,
        order: str = "due",
        limit: int | None = 50,
        after: str | None = None,
    ) -> Page:
        """The timers of all cases, and those that start one."""
        with self._reading() as session:
            cut = Cut(order, limit, after)
            return operating.timers(session, cut, process_id=process_id, due_before=due_before, suspended=suspended)

    def timer_counts(self) -> tuple[TimerCount, ...]:
        with self._reading() as session:
            return operating.timer_counts(session, self.clock.now())

    def job_counts(self) -> tuple[JobCount, ...]:
        with self._reading() as session:
            return operating.job_counts(session)

    def causes(self, limit: int = 50) -> tuple[Cause, ...]:
        """Active incidents put together by what they say about which element."""
        with self._reading() as session:
            return operating.causes(session, limit)

    def same_cause(self, incident_key: int, limit: int = 100) -> tuple[int, ...]:
        """Keys of the active incidents that say the same as this one."""
        with self._reading() as session:
            return operating.same_cause(session, incident_key, limit)

    def mend_incident(
        self, incident_key: int, variables: Values, *, reason: str, actor: Actor, command_id: str | None = None
    ) -> CommandResult:
        return mend_incident.mend_incident(
            self._workshop, incident_key, variables, reason=reason, actor=actor, command_id=command_id
        )

    def retry_job(self, job_key: int, *, actor: Actor) -> None:
        mend_job.retry_job(self._workshop, job_key, actor=actor)

    def cancel_job(self, job_key: int, *, reason: str, actor: Actor) -> None:
        mend_job.cancel_job(self._workshop, job_key, reason=reason, actor=actor)
