"""Names, paths and filters: finding values in what is there."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.errors import did_you_mean
from engine.feel.evaluation.compiler import Code, Compiler, compiles
from engine.feel.evaluation.literals import number_of
from engine.feel.run import Run, Scope
from engine.feel.semantics.properties import read_property
from engine.feel.syntax.nodes import (
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    Filter,
    In,
    InstanceOf,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
)
from engine.feel.values.types import Value, kind_of

_BOOLEAN_NODES = (Between, Comparison, Conjunction, Disjunction, In, InstanceOf, Quantified)


@compiles(Name)
def name(node: Name, compiler: Compiler) -> Code:
    key, function = node.name, compiler.functions.get(node.name)

    def read(scope: Scope) -> Value:
        here = scope
        while here.outer is not None:
            if key in here.names:
                return here.names[key]
            here = here.outer
        known = here.run.read
        if key in known:
            return known[key]
        try:
            return here.run.variable(key)
        except KeyError:
            if function is None:
                _missing(scope.run, node)
            return function

    return read


def _missing(run: Run, node: Name) -> None:
    if run.warnings is None:
        return
    hint = did_you_mean(node.name, run.context)
    run.note(node.at, "there is no variable {name}" + ("; did you mean {hint}?" if hint else ""), name=node.name, hint=hint)


@compiles(Path)
def path(node: Path, compiler: Compiler) -> Code:
    source, key, at = compiler.code(node.source), node.name, node.at

    def read(scope: Scope) -> Value:
        value = source(scope)
        if type(value) is dict and key in value:
            return value[key]
        return _step(scope.run, at, value, key)

    return read


def _step(run: Run, at: int, value: Value, key: str) -> Value:
    """One step of a path, spread over the elements of a list."""
    if isinstance(value, list):
        run.step(len(value))
        return [_step(run, at, item, key) for item in value]
    if isinstance(value, dict):
        if key not in value:
            hint = did_you_mean(key, value) if run.warnings is not None else None
            run.note(at, "the context has no entry {key}" + ("; did you mean {hint}?" if hint else ""), key=key, hint=hint)
        return value.get(key)
    if value is None:
        run.note(at, "null has no entry {key}", key=key)
        return None
    try:
        return read_property(value, key)
    except KeyError:
        run.null(at, "a {kind} has no {key}", kind=kind_of(value), key=key)
        return None


@compiles(Filter)
def filter_(node: Filter, compiler: Compiler) -> Code:
    source = compiler.code(node.source)
    position = _literal_position(node.condition)
    if position is not None:
        return lambda scope: _element(scope.run, node.at, source(scope), position)
    condition = compiler.code(node.condition)
    is_test = isinstance(node.condition, _BOOLEAN_NODES)

    def select(scope: Scope) -> Value:
        value = source(scope)
        if value is None:
            scope.run.note(node.at, "null cannot be filtered")
            return None
        items = value if isinstance(value, list) else [value]
        if not items and not is_test:
            return None if isinstance(condition(scope), Decimal) else []
        return _selected(scope, node.at, items, condition)

    return select


def _literal_position(node: Node) -> Decimal | None:
    if isinstance(node, Negation):
        number = number_of(node.operand)
        return None if number is None else number.copy_negate()
    return number_of(node)


def _selected(scope: Scope, at: int, items: list[Value], condition: Code) -> Value:
    run = scope.run
    chosen: list[Value] = []
    for item in items:
        run.step()
        inner = Scope(run, {"item": item}, scope)
        answer = condition(Scope(run, item, inner) if isinstance(item, dict) else inner)
        if answer is True:
            chosen.append(item)
        elif type(answer) is Decimal and item is items[0]:
            return _element(run, at, items, answer)
        elif answer is not False and answer is not None:
            run.null(at, "a filter must be a condition or a position, not a {kind}", kind=kind_of(answer))
            return None
    return chosen


def _element(run: Run, at: int, value: Value, position: Decimal) -> Value:
    """The element at a position counted from 1, from the end when negative; null when there is none."""
    if value is None:
        run.note(at, "null has no elements")
        return None
    items = value if isinstance(value, list) else [value]
    index = int(position)
    if index != position or index == 0 or abs(index) > len(items):
        run.note(at, "there is no element {position} in a list of {size}", position=position, size=len(items))
        return None
    return items[index - 1 if index > 0 else index]
