"""Evaluating a decision and explaining it."""

from __future__ import annotations

from typing import Any

from web.api.shapes.wire import TENANT, Key, Request, Shape


class DecisionRequest(Request):
    decision_definition_id: str | None = None
    decision_definition_key: Key | None = None
    variables: dict[str, Any] = {}
    tenant_id: str = TENANT


class EvaluatedInput(Shape):
    input_id: str
    input_name: str
    input_value: str


class EvaluatedOutput(Shape):
    output_id: str
    output_name: str
    output_value: str
    rule_id: str | None
    rule_index: int | None


class MatchedRule(Shape):
    rule_id: str
    rule_index: int
    evaluated_outputs: list[EvaluatedOutput]


class EvaluatedDecision(Shape):
    decision_definition_id: str
    decision_definition_name: str
    decision_definition_version: int
    decision_definition_type: str = "DECISION_TABLE"
    decision_definition_key: Key
    decision_evaluation_instance_key: str
    output: str
    matched_rules: list[MatchedRule]
    evaluated_inputs: list[EvaluatedInput]
    tenant_id: str = TENANT


class DecisionAnswer(Shape):
    decision_definition_id: str
    decision_definition_key: Key
    decision_definition_name: str
    decision_definition_version: int
    decision_evaluation_key: Key
    decision_instance_key: Key
    decision_requirements_id: str
    decision_requirements_key: Key
    evaluated_decisions: list[EvaluatedDecision]
    failed_decision_definition_id: str | None = None
    failure_message: str | None = None
    output: str
    tenant_id: str = TENANT
