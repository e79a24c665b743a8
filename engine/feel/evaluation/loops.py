"""for, some and every."""

from __future__ import annotations

from collections.abc import Iterator as Iteration
from decimal import Decimal

from engine.feel.errors import Refused
from engine.feel.evaluation.compiler import Code, Compiler, compiles
from engine.feel.run import Run, Scope
from engine.feel.semantics.comparison import compare
from engine.feel.syntax.nodes import For, Iterator, Quantified, Span
from engine.feel.syntax.walk import mentions
from engine.feel.values.calendar import AnyDate, from_ordinal, ordinal
from engine.feel.values.ranges import Range
from engine.feel.values.types import Value, kind_of


@compiles(Span)
def span(node: Span, compiler: Compiler) -> Code:
    start, end = compiler.code(node.start), compiler.code(node.end)

    def build(scope: Scope) -> Value:
        return _enumerated(scope.run, start(scope), end(scope))

    return build


def _enumerated(run: Run, start: Value, end: Value) -> list[Value]:
    """All whole numbers, or all days, from ``start`` to ``end``, up or down. Raises Refused."""
    kind = kind_of(start)
    if kind != kind_of(end) or kind not in ("number", "date"):
        raise Refused("only whole numbers and dates can be gone through, not {start} to {end}", start=kind, end=kind_of(end))
    first, last = _countable(start), _countable(end)
    run.room(abs(last - first) + 1)
    numbers = range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return [from_ordinal(number) for number in numbers] if kind == "date" else [Decimal(number) for number in numbers]


def _countable(value: Decimal | AnyDate) -> int:
    if not isinstance(value, Decimal):
        return ordinal(value)
    if value.adjusted() > 30 or value != value.to_integral_value():
        raise Refused("{number} is not a whole number", number=value)
    return int(value)


def _elements(run: Run, value: Value) -> list[Value]:
    """What ``in`` goes through: a list, a range, or one value. Raises Refused."""
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        if value.operator is not None or compare(value.start, value.end) not in (-1, 0):
            raise Refused("a range that is gone through must have a start, and an end not before it")
        items = _enumerated(run, value.start, value.end)
        return items[not value.start_included : None if value.end_included else -1]
    if value is None:
        raise Refused("null cannot be gone through")
    return [value]


def _rounds(scope: Scope, iterators: tuple[tuple[str, Code], ...]) -> Iteration[Scope]:
    """A scope for each combination of elements, the first iterator turning slowest."""
    (name, source), rest = iterators[0], iterators[1:]
    for element in _elements(scope.run, source(scope)):
        scope.run.step()
        inner = scope.inner({name: element})
        if rest:
            yield from _rounds(inner, rest)
        else:
            yield inner


def _compiled(iterators: tuple[Iterator, ...], compiler: Compiler) -> tuple[tuple[str, Code], ...]:
    return tuple((iterator.name, compiler.code(iterator.source)) for iterator in iterators)


@compiles(For)
def for_(node: For, compiler: Compiler) -> Code:
    iterators, body = _compiled(node.iterators, compiler), compiler.code(node.body)
    wants_partial = mentions(node.body, "partial")

    def evaluate(scope: Scope) -> Value:
        run = scope.run
        results: list[Value] = []
        try:
            for inner in _rounds(scope, iterators):
                if wants_partial:  # a copy: a list must never contain itself
                    run.step(len(results))
                    inner = inner.inner({"partial": list(results)})  # noqa: PLW2901
                results.append(body(inner))
        except Refused as reason:
            run.null(node.at, "for: {reason}", reason=str(reason))
            return None
        run.room(len(results))
        return results

    return evaluate


@compiles(Quantified)
def quantified(node: Quantified, compiler: Compiler) -> Code:
    """``some`` is or, ``every`` is and, over all combinations; a condition that is no boolean makes the whole null."""
    iterators, condition = _compiled(node.iterators, compiler), compiler.code(node.condition)
    decisive, word = not node.every, "every" if node.every else "some"

    def evaluate(scope: Scope) -> Value:
        unknown = False
        try:
            for inner in _rounds(scope, iterators):
                answer = condition(inner)
                if answer is decisive:
                    return decisive
                if answer is None:
                    unknown = True
                elif not isinstance(answer, bool):
                    raise Refused("the condition is a {kind}", kind=kind_of(answer))
        except Refused as reason:
            scope.run.null(node.at, "{word}: {reason}", word=word, reason=str(reason))
            return None
        return None if unknown else not decisive

    return evaluate
