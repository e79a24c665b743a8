"""How serious the office takes each rule: as it came, or as an administrator decided. What deployment refuses stays refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from engine.errors import FieldError, InvalidInput, NotFound, NotPermitted
from engine.facade import Database
from engine.model import Actor
from engine.ports import Clock
from procurement.studio.checks.catalogue import CATALOGUE
from procurement.studio.tables.settings import RuleSettingRow

OFF = "off"
CHOICES = ("error", "warning", "hint", OFF)  # an error keeps a draft from being released until it is mended or silenced


class RuleFixed(NotPermitted):
    """The rule {rule} cannot be lowered: deployment would refuse the file all the same."""


@dataclass(frozen=True)
class Setting:
    """One decision; ``severity`` None: back to what the rule came with."""

    rule: str
    severity: str | None
    reason: str
    by: str
    at: dt.datetime


class Severities:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> dict[str, str]:
        """Severity by rule, where the office decided otherwise than the rule came."""
        newest = {one.rule: one.severity for one in reversed(self.history())}
        return {rule: severity for rule, severity in newest.items() if severity is not None}

    def history(self, rule: str | None = None) -> tuple[Setting, ...]:
        """Every decision, newest first."""
        query = select(RuleSettingRow).order_by(RuleSettingRow.id.desc())
        if rule is not None:
            query = query.where(RuleSettingRow.rule == rule)
        with self._database.unit_of_work() as work:
            return tuple(Setting(row.rule, row.severity, row.reason, row.by, row.at) for row in work.session.scalars(query))

    def set(self, rule: str, severity: str | None, reason: str, *, actor: Actor) -> None:
        """For administrators only. Raises NotPermitted, NotFound, RuleFixed, InvalidInput."""
        if "admin" not in actor.groups:
            raise NotPermitted
        if rule not in CATALOGUE:
            raise NotFound(kind="Rule", key=rule)
        if CATALOGUE[rule].fixed:
            raise RuleFixed(rule=rule)
        if severity is not None and severity not in CHOICES:
            known = ", ".join(CHOICES)
            raise InvalidInput(fields=(FieldError("severity", "Choose one of {known}.", {"known": known}),))
        reason = " ".join(reason.split())
        if not reason:
            raise InvalidInput(fields=(FieldError("reason", "Say why the office takes this rule so; the reason is kept."),))
        with self._database.unit_of_work() as work:
            row = RuleSettingRow(rule=rule, severity=severity, reason=reason, by=actor.user_id, at=self._clock.now())
            work.session.add(row)
            work.commit()
