"""Evaluating a decision and explaining it."""

from __future__ import annotations

from typing import Any

from engine import json_codec
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


def inputs_of(table: dict[str, Any]) -> list[EvaluatedInput]:
    """What a table of an explanation read."""
    return [
        EvaluatedInput(
            input_id=str(n), input_name=seen["label"] or seen["expression"], input_value=json_codec.dumps(seen["value"])
        )
        for n, seen in enumerate(table["inputs"], 1)
    ]


def rule_of(rule: dict[str, Any]) -> MatchedRule:
    """A matched rule of an explanation, with its outputs."""
    outputs = [
        EvaluatedOutput(
            output_id=name,
            output_name=name,
            output_value=json_codec.dumps(value),
            rule_id=str(rule["id"]),
            rule_index=rule["rule"],
        )
        for name, value in rule["outputs"].items()
    ]
    return MatchedRule(rule_id=str(rule["id"]), rule_index=rule["rule"], evaluated_outputs=outputs)
