"""From XML to boxed expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from lxml import etree

from engine.dmn.model import (
    Box,
    Conditional,
    Context,
    Filter,
    FunctionDefinition,
    InputClause,
    Invocation,
    Iterator,
    ListBox,
    Literal,
    OutputClause,
    Place,
    Relation,
    Rule,
    Table,
    Variable,
)
from engine.dmn.xml import FEEL_NAMESPACES, child, children, line_of, local, name_of, text_of, type_ref
from engine.errors import Problem

_HIT_POLICIES = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"})
_AGGREGATIONS = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})
_MAX_DEPTH = 60


class BoxReader:
    """Reads the expression inside an element and notes what is wrong with it."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._depth = 0

    def problem(self, place: Place, template: str, **params: Any) -> None:
        self._problems.append(Problem(self._file, place.line, place.element, template, params))

    def place(self, element: etree._Element) -> Place:
        """The nearest id, from the element outwards: expressions often have none of their own."""
        inner: etree._Element | None = element
        while inner is not None and not (inner.get("id") or inner.get("name")):
            inner = inner.getparent()
        name = "definitions" if inner is None else inner.get("id") or inner.get("name") or ""
        return Place(name, line_of(element))

    def inside(self, element: etree._Element | None, owner: str) -> Box | None:
        """The first expression child of ``element``; None when it holds none. ``owner`` names tables without a name."""
        for candidate in [] if element is None else children(element):
            if local(candidate) in self._builders:
                return self.read(candidate, owner)
        return None

    def needed(self, element: etree._Element | None, parent: etree._Element, owner: str, what: str) -> Box:
        box = self.inside(element, owner)
        if box is None:
            self.problem(self.place(parent), "The {what} of this {kind} is missing.", what=what, kind=local(parent))
            return Literal(self.place(parent), "null")
        return box

    def read(self, element: etree._Element, owner: str) -> Box:
        self._depth += 1
        try:
            if self._depth > _MAX_DEPTH:
                self.problem(self.place(element), "Expressions are nested deeper than {max}.", max=_MAX_DEPTH)
                return Literal(self.place(element), "null")
            return self._builders[local(element)](self, element, owner)
        finally:
            self._depth -= 1

    def _literal(self, element: etree._Element, _owner: str) -> Box:
        language = element.get("expressionLanguage")
        if language and language not in FEEL_NAMESPACES and language.lower() != "feel":
            self.problem(self.place(element), "Expression language {language} is not known here: write FEEL.", language=language)
        return Literal(self.place(element), text_of(element), type_ref(element))

    def _context(self, element: etree._Element, owner: str) -> Box:
        entries: list[tuple[Variable | None, Box]] = []
        for entry in children(element, "contextEntry"):
            variable = self.variable(entry)
            entries.append((variable, self.needed(entry, entry, variable.name if variable else owner, "expression")))
        return Context(self.place(element), tuple(entries), type_ref(element))

    def _invocation(self, element: etree._Element, owner: str) -> Box:
        bindings = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            name = "" if parameter is None else name_of(parameter)
            if not name:
                self.problem(self.place(binding), "A binding names no parameter.")
            bindings.append((name, self.inside(binding, name)))
        return Invocation(
            self.place(element), self.needed(element, element, owner, "function"), tuple(bindings), type_ref(element)
        )

    def _function(self, element: etree._Element, owner: str) -> Box:
        return self.function(element, owner)

    def function(self, element: etree._Element, owner: str) -> FunctionDefinition:
        parameters = tuple(Variable(name_of(p), type_ref(p)) for p in children(element, "formalParameter"))
        return FunctionDefinition(
            self.place(element), parameters, self.inside(element, owner), element.get("kind", "FEEL"), type_ref(element)
        )

    def _relation(self, element: etree._Element, owner: str) -> Box:
        columns = tuple(name_of(column) for column in children(element, "column"))
        rows = []
        for row in children(element, "row"):
            cells = tuple(self.read(cell, owner) for cell in children(row) if local(cell) in self._builders)
            if len(cells) != len(columns):
                self.problem(
                    self.place(row), "This row has {cells} cells for {columns} columns.", cells=len(cells), columns=len(columns)
                )
            rows.append(cells)
        return Relation(self.place(element), columns, tuple(rows), type_ref(element))

    def _list(self, element: etree._Element, owner: str) -> Box:
        items = tuple(self.read(item, owner) for item in children(element) if local(item) in self._builders)
        return ListBox(self.place(element), items, type_ref(element))

    def _conditional(self, element: etree._Element, owner: str) -> Box:
        condition, then, otherwise = (self.needed(child(element, name), element, owner, name) for name in ("if", "then", "else"))
        return Conditional(self.place(element), condition, then, otherwise, type_ref(element))

    def _iterator(self, element: etree._Element, owner: str) -> Box:
        kind = local(element)
        variable = name_of(element, "iteratorVariable")
        if not variable:
            self.problem(self.place(element), "This {kind} names no iterator variable.", kind=kind)
        collection = self.needed(child(element, "in"), element, owner, "in")
        what = "return" if kind == "for" else "satisfies"
        body = self.needed(child(element, what), element, owner, what)
        return Iterator(self.place(element), kind, variable, collection, body, type_ref(element))

    def _filter(self, element: etree._Element, owner: str) -> Box:
        collection, match = (self.needed(child(element, name), element, owner, name) for name in ("in", "match"))
        return Filter(self.place(element), collection, match, type_ref(element))

    def _table(self, element: etree._Element, owner: str) -> Box:
        place = self.place(element)
        hit_policy = element.get("hitPolicy", "UNIQUE")
        aggregation = element.get("aggregation", "")
        if hit_policy not in _HIT_POLICIES or aggregation not in _AGGREGATIONS:
            self.problem(place, "Hit policy {policy} {aggregation} is not known.", policy=hit_policy, aggregation=aggregation)
        inputs = tuple(self._input(clause) for clause in children(element, "input"))
        outputs = tuple(self._output(clause, owner) for clause in children(element, "output"))
        if not outputs:
            self.problem(place, "A decision table needs an output column.")
        if len(outputs) > 1:
            for clause in outputs:
                if not clause.name:
                    self.problem(clause.place, "With several output columns each needs a name.")
        headers = [name_of(a) for a in children(element, "annotation")]
        table_rules = tuple(self._rule(rule, n, owner, headers) for n, rule in enumerate(children(element, "rule"), 1))
        for rule in table_rules:
            self._check_widths(rule, len(inputs), len(outputs))
        table_type = type_ref(element)
        return Table(place, element.get("id", ""), owner, hit_policy, aggregation, inputs, outputs, table_rules, table_type)

    def _check_widths(self, rule: Rule, inputs: int, outputs: int) -> None:
        for what, cells, columns in (("input", len(rule.tests), inputs), ("output", len(rule.outputs), outputs)):
            if cells != columns:
                self.problem(
                    rule.place,
                    "Rule {rule} has {cells} {kind} cells for {columns} columns.",
                    rule=rule.number,
                    cells=cells,
                    kind=what,
                    columns=columns,
                )

    def _input(self, clause: etree._Element) -> InputClause:
        expression = child(clause, "inputExpression")
        text = text_of(expression)
        place = self.place(clause)
        if not text:
            self.problem(place, "An input column needs an expression.")
        label = clause.get("label") or text
        return InputClause(
            clause.get("id", ""), label, text or "null", type_ref(expression), text_of(child(clause, "inputValues")), place
        )

    def _output(self, clause: etree._Element, owner: str) -> OutputClause:
        name = name_of(clause)
        default = child(clause, "defaultOutputEntry")
        return OutputClause(
            clause.get("id", ""),
            name,
            clause.get("label") or name or owner,
            type_ref(clause),
            text_of(child(clause, "outputValues")),
            None if default is None or not text_of(default) else self._literal(default, owner),
            self.place(clause),
        )

    def _rule(self, rule: etree._Element, number: int, owner: str, headers: list[str]) -> Rule:
        entries = [text_of(entry) for entry in children(rule, "annotationEntry")]
        annotations = {
            (headers[n] if n < len(headers) and headers[n] else f"annotation {n + 1}"): text
            for n, text in enumerate(entries)
            if text
        }
        description = text_of(rule, "description")
        if description:
            annotations["description"] = description
        return Rule(
            rule.get("id", ""),
            number,
            tuple(text_of(entry) or "-" for entry in children(rule, "inputEntry")),
            tuple(self._literal(entry, owner) for entry in children(rule, "outputEntry")),
            annotations,
            self.place(rule),
        )

    def variable(self, element: etree._Element) -> Variable | None:
        found = child(element, "variable")
        return None if found is None else Variable(name_of(found), type_ref(found))

    _builders: ClassVar[dict[str, Callable[[BoxReader, etree._Element, str], Box]]] = {
        "literalExpression": _literal,
        "context": _context,
        "invocation": _invocation,
        "functionDefinition": _function,
        "relation": _relation,
        "list": _list,
        "conditional": _conditional,
        "for": _iterator,
        "some": _iterator,
        "every": _iterator,
        "filter": _filter,
        "decisionTable": _table,
    }
