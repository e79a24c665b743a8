"""Decisions taken in cases."""

from __future__ import annotations

from typing import Any

from engine import json_codec
from engine.model import Definition, HistoryEntry, ProcessInstance
from web.api.shapes.decisions import EvaluatedInput, MatchedRule, inputs_of, rule_of
from web.api.shapes.wire import TENANT, Key, Shape, entry_key, key, moment


class DecisionInstance(Shape):
    """One evaluation. Tables it required are asked for under the same key with ``-2``, ``-3`` …"""

    decision_evaluation_instance_key: str
    decision_evaluation_key: Key
    decision_definition_id: str
    decision_definition_key: Key
    decision_definition_name: str
    decision_definition_type: str
    decision_definition_version: int
    root_decision_definition_key: Key
    process_definition_key: Key | None
    process_instance_key: Key | None
    root_process_instance_key: Key | None
    element_instance_key: Key | None
    business_id: str | None
    evaluation_date: str
    evaluation_failure: str | None = None
    result: str
    state: str = "EVALUATED"
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: HistoryEntry, definition: Definition, instance: ProcessInstance) -> DecisionInstance:
        return cls(**_facts(it, definition, instance, 1))


class DecisionInstanceExplained(DecisionInstance):
    evaluated_inputs: list[EvaluatedInput]
    matched_rules: list[MatchedRule]

    @classmethod
    def explained(
        cls, it: HistoryEntry, definition: Definition, instance: ProcessInstance, index: int
    ) -> DecisionInstanceExplained | None:
        """The table at ``index`` (from 1, the decision itself first); None when there is none."""
        tables = tables_of(it)
        if index > max(len(tables), 1) or index < 1:
            return None
        facts = _facts(it, definition, instance, index)
        if not tables:
            return cls(**facts, evaluated_inputs=[], matched_rules=[])
        table = tables[index - 1]
        own = {} if index == 1 else {"decision_definition_id": str(table["id"]), "decision_definition_name": str(table["name"])}
        rules = [rule_of(rule) for rule in table["matched"]]
        return cls(**facts | own, evaluated_inputs=inputs_of(table), matched_rules=rules)


def tables_of(it: HistoryEntry) -> list[dict[str, Any]]:
    """The decision's own table first, then those it required in the order they were evaluated."""
    tables: list[dict[str, Any]] = it.data["explanation"].get("tables", [])
    return sorted(tables, key=lambda table: table["id"] != it.data["decision_id"])


def _facts(it: HistoryEntry, definition: Definition, instance: ProcessInstance, index: int) -> dict[str, Any]:
    number = entry_key(it)
    own_table = any(table["id"] == it.data["decision_id"] for table in tables_of(it))
    return {
        "decision_evaluation_instance_key": f"{number}-{index}",
        "decision_evaluation_key": number,
        "decision_definition_id": definition.id,
        "decision_definition_key": str(definition.key),
        "decision_definition_name": definition.name or definition.id,
        "decision_definition_type": "DECISION_TABLE" if own_table else "LITERAL_EXPRESSION",
        "decision_definition_version": definition.version,
        "root_decision_definition_key": str(definition.key),
        "process_definition_key": str(instance.definition_key),
        "process_instance_key": str(instance.key),
        "root_process_instance_key": key(instance.root_key),
        "element_instance_key": key(it.element_key),
        "business_id": instance.business_key or None,
        "evaluation_date": moment(it.at),
        "result": json_codec.dumps(it.data["output"]),
    }
