"""Boxed expressions become evaluators."""

from __future__ import annotations

from typing import Any

from engine.dmn.formulas import Formulas
from engine.dmn.item_types import TypeTable
from engine.dmn.model import (
    Box,
    Conditional,
    Context,
    Filter,
    FunctionDefinition,
    Invocation,
    Iterator,
    ListBox,
    Literal,
    Relation,
    Table,
)
from engine.dmn.running import Evaluator, Frame
from engine.dmn.shown import shown
from engine.dmn.table_builder import build_table
from engine.dmn.tables import CompiledTable
from engine.dmn.types import ANY, FeelType, ModelParameter, coerce
from engine.feel import Feel, NativeFunction

_ELEMENTS = Feel().expression("for element in collection return element")


class BoxCompiler:
    """Compiles the logic of one model. ``names`` are those in scope; FEEL must know the ones with spaces."""

    def __init__(self, formulas: Formulas, types: TypeTable, members: frozenset[str]) -> None:
        self.formulas = formulas
        self.types = types
        self._members = members
        self.tables: list[CompiledTable] = []

    def compile(self, box: Box | None, names: frozenset[str]) -> Evaluator:
        """An evaluator of ``box`` that gives a value of its declared type, or null with a warning."""
        if box is None:
            return lambda _frame: None
        return typed(self._compile(box, names), self.types.find(box.type_ref, box.place), "The expression")

    def _compile(self, box: Box, names: frozenset[str]) -> Evaluator:
        match box:
            case Literal():
                return self.formulas.expression(box.text, names | self._members, box.place)
            case Table():
                table = build_table(box, names | self._members, self.formulas, self.types)
                self.tables.append(table)
                return table
            case Context():
                return self._context(box, names)
            case Invocation():
                return self._invocation(box, names)
            case FunctionDefinition():
                return self.function(box, names)
            case Relation():
                rows = [[self.compile(cell, names) for cell in row] for row in box.rows]
                return lambda frame: [{name: cell(frame) for name, cell in zip(box.columns, row, strict=True)} for row in rows]
            case ListBox():
                items = [self.compile(item, names) for item in box.items]
                return lambda frame: [item(frame) for item in items]
            case Conditional():
                return self._conditional(box, names)
            case Iterator():
                return self._iterator(box, names)
            case Filter():
                return self._filter(box, names)

    def _context(self, box: Context, names: frozenset[str]) -> Evaluator:
        entries: list[tuple[str | None, Evaluator]] = []
        for variable, inner in box.entries:
            evaluator = self.compile(inner, names)
            if variable is None:
                entries.append((None, evaluator))
                continue
            wanted = self.types.find(variable.type_ref, box.place)
            entries.append((variable.name, typed(evaluator, wanted, variable.name)))
            names |= {variable.name}

        def run(frame: Frame) -> Any:
            inner = frame.with_values({})
            result: dict[str, Any] = {}
            for name, evaluator in entries:
                value = evaluator(inner)
                if name is None:
                    return value
                result[name] = inner.values[name] = value
            return result

        return run

    def _invocation(self, box: Invocation, names: frozenset[str]) -> Evaluator:
        """Written as FEEL's own call with named arguments, so that built-in functions and all its rules come along."""
        arguments = [(f"binding_{n}_", self.compile(inner, names)) for n, (_, inner) in enumerate(box.bindings)]
        parameters = ", ".join(f"{name}: {argument}" for (name, _), (argument, _) in zip(box.bindings, arguments, strict=True))
        more = {name for name, _ in box.bindings}
        called: Evaluator | None = None
        text = box.called.text if isinstance(box.called, Literal) else ""
        if not text:
            called, text = self.compile(box.called, names), "binding_function_"
        call = self.formulas.expression(f"{text}({parameters})", names | self._members | more, box.place)

        def run(frame: Frame) -> Any:
            values = {name: evaluator(frame) for name, evaluator in arguments}
            if called is not None:
                values["binding_function_"] = called(frame)
            return call(frame.with_values(values))

        return run

    def function(self, box: FunctionDefinition, names: frozenset[str], name: str = "", result: FeelType = ANY) -> Evaluator:
        """An evaluator that gives the function as a value, closed over the scope it is made in."""
        if box.kind != "FEEL":
            self.formulas.problem(
                box.place, "Functions of kind {kind} are not run here: write FEEL.", kind=box.kind, severity="warning"
            )
        own = [parameter.name for parameter in box.parameters]
        parameters = [ModelParameter(p.name, self.types.find(p.type_ref, box.place)) for p in box.parameters]
        body = self.compile(box.body if box.kind == "FEEL" else None, names | frozenset(own))

        def run(frame: Frame) -> Any:
            def call(*arguments: Any) -> Any:
                with frame.run.nested(name):
                    return body(frame.with_values(dict(zip(own, arguments, strict=True))))

            return NativeFunction(name, parameters, call, result)

        return run

    def _conditional(self, box: Conditional, names: frozenset[str]) -> Evaluator:
        condition, then, otherwise = (self.compile(part, names) for part in (box.condition, box.then, box.otherwise))

        def run(frame: Frame) -> Any:
            holds = condition(frame)
            if holds is not None and not isinstance(holds, bool):
                frame.run.warn(f"The condition is neither true nor false but {shown(holds)}")
                return None
            return then(frame) if holds else otherwise(frame)

        return run

    def _iterator(self, box: Iterator, names: frozenset[str]) -> Evaluator:
        collection = self.compile(box.collection, names)
        body = self.compile(box.body, names | {box.variable, "partial"})

        def run(frame: Frame) -> Any:
            items = as_list(collection(frame))
            if items is None:
                return None
            results: list[Any] = []
            for item in items:
                more = {box.variable: item, "partial": results} if box.kind == "for" else {box.variable: item}
                results.append(body(frame.with_values(more)))
            return results if box.kind == "for" else quantified(box.kind, results)

        return run

    def _filter(self, box: Filter, names: frozenset[str]) -> Evaluator:
        collection, match = self.compile(box.collection, names), self.compile(box.match, names | {"item"})

        def run(frame: Frame) -> Any:
            items = as_list(collection(frame))
            if items is None:
                return None
            kept = []
            for item in items:
                holds = match(frame.with_values((item if isinstance(item, dict) else {}) | {"item": item}))
                if holds is not None and not isinstance(holds, bool):
                    frame.run.warn(f"The match is neither true nor false but {shown(holds)}")
                    return None
                if holds:
                    kept.append(item)
            return kept

        return run


def typed(evaluator: Evaluator, wanted: FeelType, what: str) -> Evaluator:
    if wanted == ANY:
        return evaluator

    def run(frame: Frame) -> Any:
        value = evaluator(frame)
        coerced, fits = coerce(value, wanted)
        if not fits:
            frame.run.warn(f"{what}: {shown(value)} is not of type {wanted.feel_text()}")
        return coerced

    return run


def as_list(value: Any) -> list[Any] | None:
    """The elements FEEL's own ``for`` would go through; null when there are none to go through."""
    if isinstance(value, list) or value is None:
        return value
    elements = _ELEMENTS.evaluate({"collection": value})
    return elements if isinstance(elements, list) else None


def quantified(kind: str, results: list[Any]) -> bool | None:
    """some: one true is enough; every: one false is enough; null is unknown. Anything else has no answer."""
    if any(result is not None and not isinstance(result, bool) for result in results):
        return None
    decisive = kind == "some"
    if decisive in results:
        return decisive
    return None if None in results else not decisive
