"""A loaded decision model: evaluate a decision with its explanation, or check its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.dmn.case import Case
from engine.dmn.errors import TooMuchWork, UnknownDecision, ValueOfWrongType
from engine.dmn.from_json import from_json
from engine.dmn.graph import Graph, Node, build
from engine.dmn.model import BusinessKnowledge, Decision, DecisionService, InputData
from engine.dmn.reader import read
from engine.dmn.running import MAX_CALLS, MAX_DEPTH, Run
from engine.dmn.shown import plain_value, shown
from engine.dmn.table_check import check_table
from engine.dmn.types import coerce
from engine.errors import DefinitionInvalid, Problem
from engine.feel import Feel, Parameter
from engine.feel.run import feel_value


@dataclass(frozen=True)
class DecisionInfo:
    id: str
    name: str
    version_tag: str


@dataclass(frozen=True)
class Evaluation:
    """``value`` is a FEEL value; ``explanation`` is JSON: what was read, and for each table which rules matched and why.

    ``explanation``: ``{"decision", "name", "inputs": {name: value}, "tables": [{"id", "name", "hit_policy", "inputs":
    [{"label", "expression", "value"}], "matched": [{"rule": number from 1, "id", "annotations": {header: text}, "outputs"}]}]}``.
    ``warnings``: what FEEL could not evaluate on the way and took as null.
    """

    value: Any
    explanation: dict[str, Any]
    warnings: tuple[str, ...] = ()


class DecisionModel:
    """One .dmn file. Immutable once loaded; evaluations do not influence one another."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.id = graph.definitions.id
        self.name = graph.definitions.name
        self.namespace = graph.definitions.namespace
        elements = graph.definitions.elements.values()
        infos = [DecisionInfo(e.id, e.name, e.version_tag) for e in elements if isinstance(e, Decision)]
        self.decisions: Mapping[str, DecisionInfo] = MappingProxyType({info.id: info for info in infos})

    def evaluate(
        self, decision_id_or_name: str, inputs: Mapping[str, Any], *, now: dt.datetime | None = None, strict: bool = True
    ) -> Evaluation:
        """The answer of a decision, a decision service or a business knowledge model (called with ``inputs`` by name).

        ``inputs``: FEEL values by name; texts are read as dates and durations where the model's types ask for one. Raises
        NoRuleMatched, RulesOverlap, ValueNotAllowed, ValueOfWrongType; with ``strict=False`` these are null and a warning,
        as the standard has it. UnknownDecision when the model has no such element.
        """
        node = self._find(decision_id_or_name)
        run = Run(now, strict)
        case = Case(self.graph, inputs, run)
        arguments = tuple(_argument(parameter, inputs, run) for parameter in node.parameters)
        try:
            value = _start(case, node, arguments)
        except RecursionError as deep:
            raise TooMuchWork(function=node.name, depth=MAX_DEPTH, calls=MAX_CALLS) from deep
        return Evaluation(value, self._explanation(node, inputs, run), tuple(run.warnings))

    def check(self) -> list[Problem]:
        """What is likely wrong with the model, in the file's order: gaps, overlaps, unreachable rules, wrong types.

        An "error" makes some evaluation fail; a "warning" may be meant. Witness inputs are in the messages.
        """
        problems = list(self.graph.formulas.problems)
        for node in self.graph.nodes.values():
            if isinstance(node.element, Decision) and node.element.box is None:
                template = "Decision {name} has no logic: draw a table or write an expression."
                problems.append(
                    Problem(self.graph.definitions.file, node.element.place.line, node.element.id, template, {"name": node.name})
                )
        for table in self.graph.tables:
            problems += check_table(table, self.graph.formulas.feel, self.graph.definitions.file)
        return sorted(problems)

    def _find(self, wanted: str) -> Node:
        nodes = [node for node in self.graph.nodes.values() if not isinstance(node.element, InputData)]
        for node in nodes:
            if node.element.id == wanted:
                return node
        for kind in (Decision, DecisionService, BusinessKnowledge):
            for node in nodes:
                if isinstance(node.element, kind) and wanted in (node.name, getattr(node.element, "name", "")):
                    return node
        raise UnknownDecision(decision=wanted, known=", ".join(info.id for info in self.decisions.values()) or "none")

    def _explanation(self, node: Node, inputs: Mapping[str, Any], run: Run) -> dict[str, Any]:
        read = {name: plain_value(inputs[name]) for name in sorted(run.read) if name in inputs}
        return {
            "decision": node.element.id,
            "name": getattr(node.element, "name", node.name),
            "inputs": read,
            "tables": run.tables,
        }


def _start(case: Case, node: Node, arguments: tuple[Any, ...]) -> Any:
    if isinstance(node.element, DecisionService):
        return case.serve(node, arguments)
    if isinstance(node.element, BusinessKnowledge):
        return case.call(node, arguments)
    return case.value(node.element.id)


def _argument(parameter: Parameter, inputs: Mapping[str, Any], run: Run) -> Any:
    value = feel_value(inputs.get(parameter.name))
    coerced, fits = coerce(from_json(value, parameter.type) if run.strict else value, parameter.type)
    if not fits:
        error = ValueOfWrongType(what=parameter.name, value=shown(value), type=parameter.type.feel_text())
        if run.strict:
            raise error
        run.warn(str(error))
    return coerced


def load(
    text: str | bytes,
    *,
    file: str = "decision.dmn",
    feel: Feel | None = None,
    imported: Iterable[DecisionModel] = (),
    lenient: bool = False,
) -> DecisionModel:
    """Read and compile a DMN 1.1-1.5 file. DefinitionInvalid lists everything wrong with it, with element and line.

    ``imported``: the models it imports, loaded already. ``lenient`` keeps going over expressions that are not FEEL (they are
    null), as the standard's test kit expects.
    """
    graph = build(read(text, file), feel or Feel(), [model.graph for model in imported], lenient=lenient)
    if graph.formulas.refused:
        raise DefinitionInvalid(graph.formulas.refused)
    return DecisionModel(graph)
