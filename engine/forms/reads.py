"""Which variables a form reads besides its own fields, and what their use tells about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Any

from engine.feel import Expression
from engine.feel.syntax import nodes
from engine.feel.syntax.walk import walk as walk_nodes
from engine.feel.variables import readings
from engine.forms.form import Form
from engine.forms.formula import Setting
from engine.forms.model import ChoiceField, Component, DocumentPreview, DynamicList, Table, walk
from engine.forms.template import Block

SPECIAL = frozenset({"this", "parent", "i", "_this_", "_parent_", "_i_"})


@dataclass
class Use:
    """``kind``: text, number, boolean, date, list or object, as far as the formulas tell; "" when they do not.

    ``compared``: a value it is compared with. ``entries``: names read of it, of its rows when it is a list.
    """

    kind: str = ""
    compared: Any = None
    entries: set[str] = field(default_factory=set)

    def is_a(self, kind: str) -> None:
        self.kind = self.kind or kind


def read_by(form: Form, functions: frozenset[str] = frozenset()) -> dict[str, Use]:
    """The variables the form's texts and formulas read, in the order they come; names of ``functions`` and own keys left out."""
    uses: dict[str, Use] = {}
    rows = {part for c in walk(form.components) if isinstance(c, DynamicList) for r in walk(c.components) for part in _own(r)}
    own = set(form.keys) | rows | SPECIAL | functions
    for component in walk(form.components):
        for expression in _expressions(component):
            _learn(expression.tree, uses)
        _sources(component, uses)
    return {name: use for name, use in uses.items() if name not in own}


def _own(component: Component) -> tuple[str, ...]:
    path = getattr(component, "path", ())
    return path[:1] if isinstance(path, tuple) else ()


def _expressions(part: Any) -> Iterator[Expression]:
    """Every formula in a component, not those of the components inside it; the body of a loop reads its rows first."""
    if isinstance(part, Expression):
        yield part
    elif isinstance(part, Block):
        yield part.expression
        if part.kind != "loop":
            yield from _expressions(part.body)
    elif isinstance(part, Setting):
        yield from _expressions(part.expression)
    elif isinstance(part, tuple):
        for item in part:
            if not isinstance(item, Component):
                yield from _expressions(item)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _expressions(getattr(part, one.name))


def _sources(component: Component, uses: dict[str, Use]) -> None:
    """Lists that are shown: what their rows must have."""
    if isinstance(component, Table):
        _listed(component.source, {key for key, _ in component.columns}, uses)
    elif isinstance(component, DocumentPreview):
        _listed(component.source, {"name", "size", "sha256"}, uses)
    elif isinstance(component, ChoiceField) and component.options_expression is not None:
        _listed(component.options_expression, {"label", "value"}, uses)
    for block in _loops(component):
        inner: dict[str, Use] = {}
        for expression in _expressions(block.body):
            _learn(expression.tree, inner)
        _listed(block.expression, set(inner) - SPECIAL, uses)


def _loops(part: Any) -> Iterator[Block]:
    if isinstance(part, Block):
        if part.kind == "loop":
            yield part
        yield from _loops(part.body)
    elif isinstance(part, tuple):
        for item in part:
            if not isinstance(item, Component):
                yield from _loops(item)
    elif is_dataclass(part) and not isinstance(part, Expression):
        for one in fields(part):
            yield from _loops(getattr(part, one.name))


def _listed(source: Expression, entries: set[str], uses: dict[str, Use]) -> None:
    for name in _names(source.tree):
        use = uses.setdefault(name, Use())
        if isinstance(source.tree, nodes.Name):
            use.kind = "list"
            use.entries |= entries


def _names(tree: nodes.Located) -> list[str]:
    return [one.node.name for one in readings(tree) if not one.maybe_entry]


def _learn(tree: nodes.Located, uses: dict[str, Use]) -> None:
    for name in sorted(set(_names(tree))):
        uses.setdefault(name, Use())
    for node in walk_nodes(tree):
        match node:
            case nodes.Path(source=nodes.Name(name=name), name=entry):
                _told(uses, name, "object", entry)
            case nodes.Comparison(left=nodes.Name(name=name), right=nodes.Literal(value=value)):
                _compared(uses, name, value)
            case nodes.Arithmetic(left=left, right=right):
                for side in (left, right):
                    if isinstance(side, nodes.Name):
                        _told(uses, side.name, "number")
            case nodes.Call(function=nodes.Name(name="date"), arguments=(nodes.Name(name=name),)):
                _told(uses, name, "date")
            case nodes.Filter(source=nodes.Name(name=name), condition=condition):
                _rows(
                    uses, name, {one.node.name for one in readings(condition) if one.node.name not in SPECIAL} & _bare(condition)
                )
            case nodes.Path(source=nodes.Filter(source=nodes.Name(name=name)), name=entry):
                _rows(uses, name, {entry})
            case nodes.For(iterators=iterators) | nodes.Quantified(iterators=iterators):
                _iterated(node, iterators, uses)


def _bare(tree: nodes.Located) -> set[str]:
    """Names compared with something: in a filter they are entries of the rows."""
    sides = [side for node in walk_nodes(tree) if isinstance(node, nodes.Comparison) for side in (node.left, node.right)]
    return {side.name for side in sides if isinstance(side, nodes.Name)}


def _iterated(node: nodes.Located, iterators: tuple[nodes.Iterator, ...], uses: dict[str, Use]) -> None:
    for iterator in iterators:
        if isinstance(iterator.source, nodes.Name):
            entries = {
                one.name
                for one in walk_nodes(node)
                if isinstance(one, nodes.Path) and isinstance(one.source, nodes.Name) and one.source.name == iterator.name
            }
            _rows(uses, iterator.source.name, entries)


def _rows(uses: dict[str, Use], name: str, entries: set[str]) -> None:
    if name in uses:
        uses[name].kind = "list"
        uses[name].entries |= entries


def _told(uses: dict[str, Use], name: str, kind: str, entry: str = "") -> None:
    if name in uses:
        uses[name].is_a(kind)
        if entry:
            uses[name].entries.add(entry)


def _compared(uses: dict[str, Use], name: str, value: Any) -> None:
    if name not in uses or value is None:
        return
    uses[name].is_a("boolean" if isinstance(value, bool) else "number" if isinstance(value, Decimal) else "text")
    uses[name].compared = value
