"""The names FEEL must know to read a model's texts: it cannot see on its own that ``Monthly Income`` is one name."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import model
from engine.dmn.model import Box, BusinessKnowledge, Decision, Definitions


def member_names(definitions: Definitions) -> frozenset[str]:
    """Names of entries any value of the model may have: context entries, relation columns, output columns."""
    return frozenset(
        name
        for element in definitions.elements.values()
        for box in _logic(element)
        for inner in boxes_in(box)
        for name in _entries(inner)
    )


def boxes_in(box: Box | None) -> Iterator[Box]:
    """The box and every box inside it."""
    if box is None:
        return
    yield box
    for inner in _inner(box):
        yield from boxes_in(inner)


def _logic(element: model.Element) -> tuple[Box | None, ...]:
    if isinstance(element, Decision):
        return (element.box,)
    return (element.function,) if isinstance(element, BusinessKnowledge) else ()


def _entries(box: Box) -> list[str]:
    match box:
        case model.Context():
            return [variable.name for variable, _ in box.entries if variable]
        case model.Relation():
            return list(box.columns)
        case model.Table():
            return [output.name for output in box.outputs if output.name]
    return []


def _inner(box: Box) -> list[Box | None]:
    match box:
        case model.Context():
            return [inner for _, inner in box.entries]
        case model.Invocation():
            return [box.called, *(inner for _, inner in box.bindings)]
        case model.FunctionDefinition():
            return [box.body]
        case model.Relation():
            return [cell for row in box.rows for cell in row]
        case model.ListBox():
            return list(box.items)
        case model.Conditional():
            return [box.condition, box.then, box.otherwise]
        case model.Iterator():
            return [box.collection, box.body]
        case model.Filter():
            return [box.collection, box.match]
    return []
