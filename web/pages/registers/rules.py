"""The legal numbers as they stand in the deployed decision tables: read row by row, never copied."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from engine.dmn.model import Decision, Literal, Rule, Table
from engine.dmn.reader import read
from engine.model import Definition
from web.pages.services import engine

# the tables that share one form: processes/OPERATIONS.md
DECISIONS = (
    "office_rules",
    "supervision_rules",
    "red_flag_rules",
    "objection_rules",
    "change_rules",
    "appeal_rules",
    "reminder_rules",
    "registration_rules",
    "panel_rules",
    "scoring_rules",
    "price_rules",
    "sealing_rules",
    "contract_rules",
    "survey_rules",
    "deliberation_rules",
    "visit_rules",
    "rectification_rules",
    "daily_monitoring_rules",
    "checklist_inspection_rules",
    "facility_check_rules",
    "subsidy_application_rules",
    "service_log_rules",
    "credit_rules",
    "money_rules",
    "joint_meeting_rules",
    "major_decision_rules",
    "case_file_rules",
    "scheme_assessment_rules",
    "yearly_check_rules",
    "scored_assessment_rules",
    "intake_rules",
    "venture_grant_rules",
    "small_project_rules",
    "programme_plan_rules",
    "incubation_rules",
    "capability_report_rules",
    "service_menu_rules",
    "off_system_purchase_rules",
    "community_entry_rules",
)
KNOWN = "rule_tables"  # of the application: what was read, by the engine's generation
DATES = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class LegalNumber:
    """One row: what it is, its value, where it comes from, and who may deviate from it."""

    id: str
    text: str
    value: str
    unit: str
    comparator: str
    source: str
    mark: str
    override: str
    approver: str
    dates: tuple[str, ...]  # in force from, and perhaps until


@dataclass(frozen=True)
class RuleTable:
    key: int
    id: str
    name: str
    version: int
    deployed_at: dt.datetime
    numbers: tuple[LegalNumber, ...]


def tables_in_force() -> list[RuleTable]:
    """The newest deployed version of each table. Read once after every deployment."""
    generation = engine().generation()
    known: tuple[int, list[RuleTable]] | None = current_app.extensions.get(KNOWN)
    if known is None or known[0] != generation:
        found = (engine().definitions(kind="decision", id=decision, latest=True, limit=1).items for decision in DECISIONS)
        known = generation, [_table(definition) for definitions in found for definition in definitions]
        current_app.extensions[KNOWN] = known
    return known[1]


def _table(definition: Definition) -> RuleTable:
    model = read(engine().resource(definition.key), definition.resource_name)
    decision = next(e for e in model.elements.values() if isinstance(e, Decision) and e.id == definition.id)
    table = decision.box
    assert isinstance(table, Table)
    names = [clause.name for clause in table.outputs]
    numbers = tuple(_number(rule, dict(zip(names, map(_text, rule.outputs), strict=True))) for rule in table.rules)
    return RuleTable(definition.key, definition.id, definition.name, definition.version, definition.deployed_at, numbers)


def _number(rule: Rule, outputs: Mapping[str, str]) -> LegalNumber:
    return LegalNumber(
        id=_unquoted(rule.tests[0]),
        text=next(iter(rule.annotations.values()), ""),
        value=outputs.get("value", ""),
        unit=outputs.get("unit", ""),
        comparator=outputs.get("comparator", ""),
        source=" ".join(filter(None, (outputs.get("document"), outputs.get("article")))),
        mark=outputs.get("mark", ""),
        override=outputs.get("override", ""),
        approver=outputs.get("approver", ""),
        dates=tuple(DATES.findall(" ".join(rule.tests[1:]))),
    )


def _text(box: object) -> str:
    return _unquoted(box.text) if isinstance(box, Literal) else ""


def _unquoted(text: str) -> str:
    """A quoted text without its quotes; anything else as the designer wrote it."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
    return text[1:-1] if quoted else text
