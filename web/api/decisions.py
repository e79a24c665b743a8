"""Decision definitions, and asking one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from engine import json_codec
from engine.model import Definition
from web.api import searching
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute
from web.api.process_definitions import definition_of_kind
from web.api.searching import Filter, boolean, number
from web.api.shapes.decisions import (
    DecisionAnswer,
    DecisionRequest,
    EvaluatedDecision,
    inputs_of,
    rule_of,
)
from web.api.shapes.definitions import DecisionDefinition
from web.api.shapes.wire import Found, Key, Search

router = APIRouter(prefix="/v2", tags=["decisions"], route_class=ExactRoute)

FILTERS = {
    "decisionDefinitionKey": searching.key("key"),
    "decisionDefinitionId": searching.phrase("id"),
    "name": searching.phrase("name"),
    "version": searching.ordered("version", number),
    "isLatestVersion": Filter("latest", boolean),
}
SORTS = {"decisionDefinitionKey": "key", "decisionDefinitionId": "id", "version": "version"}


@router.post("/decision-definitions/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[DecisionDefinition]:
    arguments = searching.query(search or Search(), FILTERS, SORTS)
    return searching.answer(engine.definitions(kind="decision", **arguments), DecisionDefinition.of, Found[DecisionDefinition])


@router.get("/decision-definitions/{key}/xml", response_class=Response)
def xml(key: Key, _: Reader, engine: Engine) -> Response:
    return Response(engine.resource(definition_of_kind(engine, key, "decision").key), media_type="text/xml")


@router.post("/decision-definitions/evaluation")
def evaluate(body: DecisionRequest, caller: Reader, engine: Engine) -> DecisionAnswer:
    """The value with its explanation: inputs, matched rules, outputs. Nothing is stored."""
    key = int(body.decision_definition_key) if body.decision_definition_key else None
    result = engine.evaluate_decision(
        decision_id=body.decision_definition_id, decision_key=key, variables=body.variables, actor=caller.actor
    )
    definition = engine.definition(result.decision_key)
    output = json_codec.dumps(result.value)
    tables = [_table(n, table, definition, output) for n, table in enumerate(result.explanation.get("tables", []), 1)]
    return DecisionAnswer(
        decision_definition_id=definition.id,
        decision_definition_key=str(definition.key),
        decision_definition_name=definition.name or definition.id,
        decision_definition_version=definition.version,
        decision_evaluation_key=str(definition.key),
        decision_instance_key=str(definition.key),
        decision_requirements_id=definition.resource_name,
        decision_requirements_key=str(definition.key),
        evaluated_decisions=tables,
        output=output,
    )


def _table(number: int, table: dict[str, Any], definition: Definition, output: str) -> EvaluatedDecision:
    return EvaluatedDecision(
        decision_definition_id=str(table["id"]),
        decision_definition_name=str(table["name"] or table["id"]),
        decision_definition_version=definition.version,
        decision_definition_key=str(definition.key),
        decision_evaluation_instance_key=f"{definition.key}-{number}",
        output=output,
        evaluated_inputs=inputs_of(table),
        matched_rules=[rule_of(rule) for rule in table["matched"]],
    )
