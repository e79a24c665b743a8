"""Which variables of the case a decision reads."""

from __future__ import annotations

from engine.dmn import DecisionModel
from engine.dmn.graph import Graph, Node
from engine.dmn.model import Decision, InputData, Literal, Table
from engine.errors import EngineError
from engine.feel import Feel
from engine.feel.variables import readings


def read_by(model: DecisionModel, decision_id: str) -> tuple[str, ...]:
    """Names the decision and those it needs look up, in the model's order; what one decision hands to another is left out."""
    graph = model.graph
    needed = _needed(graph, decision_id)
    own = {node.name for node in needed if not isinstance(node.element, InputData)}
    found: dict[str, None] = {}
    for node in needed:
        for name in _names(graph, node):
            if name not in own and name not in graph.formulas.feel.functions:
                found[name] = None
    return tuple(found)


def _needed(graph: Graph, decision_id: str) -> list[Node]:
    pending, found = [decision_id], dict[str, Node]()
    while pending:
        here = pending.pop(0)
        node = graph.nodes.get(here)
        if node is not None and here not in found:
            found[here] = node
            pending += [one.id for one in node.requires if one.graph is None]
    return list(found.values())


def _names(graph: Graph, node: Node) -> list[str]:
    element, feel = node.element, graph.formulas.feel
    if isinstance(element, InputData):
        return [] if _is_table_fed(graph) else [node.name]
    if not isinstance(element, Decision):
        return []
    texts: list[str] = []
    if isinstance(element.box, Table):
        texts = [column.expression for column in element.box.inputs]
    elif isinstance(element.box, Literal):
        texts = [element.box.text]
    return [name for text in texts for name in _read_in(text, feel, graph.members)]


def _is_table_fed(graph: Graph) -> bool:
    """Where every decision is a table or one expression their texts say exactly what is read; drawn inputs may be more."""
    decisions = [node.element for node in graph.nodes.values() if isinstance(node.element, Decision)]
    return all(isinstance(one.box, (Table, Literal)) for one in decisions)


def _read_in(text: str, feel: Feel, names: frozenset[str]) -> list[str]:
    try:
        expression = feel.expression(text, names)
    except EngineError:
        return []
    found = readings(expression.tree)
    return [one.node.name for one in found if not one.maybe_entry and not (one.called and one.node.name in feel.functions)]
