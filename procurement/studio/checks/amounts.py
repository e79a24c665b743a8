"""Amounts of money written into diagrams instead of the table of limits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from engine.checks import Finding, Read, World
from engine.checks.fields import expressions_of
from engine.feel.syntax import nodes
from engine.feel.syntax.walk import walk
from procurement.studio.checks.catalogue import AMOUNT_IN_DIAGRAM

WRITTEN = "{element} compares with the amount {amount} itself (in {text})."
WRITTEN_OTHERWISE = "{element} compares with the amount {amount} itself (in {text}), while office_rules has {names} = {limits}."
_MONEY = Decimal(1000)  # smaller numbers are counts, days, percents
_LIMITS = ("small_limit", "statutory_limit")


def findings(world: World) -> Iterator[Finding]:
    limits = _limits(world)
    rule = AMOUNT_IN_DIAGRAM
    for path, read in world.reads.items():
        for line, element, name, amount, text in world.library.once("amounts", path, read.sha256, partial(_in_file, read)):
            facts: dict[str, object] = {"element": name, "amount": amount, "text": text}
            differs = bool(limits) and str(amount) not in limits.values()
            if differs:
                facts |= {"names": ", ".join(limits), "limits": ", ".join(limits.values())}
            yield Finding(rule.code, rule.severity, path, line, element, WRITTEN_OTHERWISE if differs else WRITTEN, facts)


def _in_file(read: Read) -> list[tuple[int, str, str, Decimal, str]]:
    """Line, id and label of the element, the amount, and the expression it stands in."""
    return [
        (model.elements[node.bpmn_id].line, node.bpmn_id, node.bpmn_name or node.bpmn_id, amount, _short(expression.text))
        for model in read.processes
        for node in model.nodes.values()
        for expression in expressions_of(node)
        for amount in _amounts(expression.tree)
    ]


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _amounts(tree: nodes.Located) -> Iterator[Decimal]:
    for part in walk(tree):
        if isinstance(part, (nodes.Comparison, nodes.Between)):
            for side in walk(part):
                if isinstance(side, nodes.Literal) and isinstance(side.value, Decimal) and side.value >= _MONEY:
                    yield side.value


def _limits(world: World) -> dict[str, str]:
    """The newest rows of the limits, as the table has them."""
    model = world.decisions.get("office_rules")
    found: dict[str, str] = {}
    for table in model.graph.tables if model is not None else ():
        for rule in table.source.rules:
            name = rule.tests[0].strip('"') if rule.tests else ""
            if name in _LIMITS and name not in found:
                found[name] = getattr(rule.outputs[0], "text", "")
    return found
