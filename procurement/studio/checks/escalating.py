"""Who is told of an overdue task, as a diagram says it: a name nobody has would tell nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import Finding, World
from procurement.messages.deadlines import ESCALATE_AFTER, ESCALATE_TO, KNOWN
from procurement.studio.checks.catalogue import ESCALATION_UNKNOWN

NOBODY = "{element} escalates to {value}, which is no role of the office: the table of escalations counts instead."
NO_DAYS = "{element} escalates after {value}, which is no number of working days: the table of escalations counts instead."


def findings(world: World) -> Iterator[Finding]:
    rule = ESCALATION_UNKNOWN
    for path, read in world.reads.items():
        for model in read.processes:
            for one in model.elements.values():
                for name, value in one.properties.items():
                    wrong = (name == ESCALATE_TO and value not in KNOWN) or (name == ESCALATE_AFTER and not value.isdecimal())
                    if wrong:
                        told = {"element": one.name or one.id, "value": value or "—"}
                        template = NOBODY if name == ESCALATE_TO else NO_DAYS
                        yield Finding(rule.code, rule.severity, path, one.line, one.id, template, told)
