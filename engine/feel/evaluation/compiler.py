"""A syntax tree into Python closures: one closure per node, each given the scope it runs in. No Python source is ever made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from engine.feel.run import Scope
from engine.feel.syntax.nodes import Node
from engine.feel.values.functions import Function
from engine.feel.values.types import Value

Code: TypeAlias = Callable[[Scope], Value]
Handler: TypeAlias = Callable[[Any, "Compiler"], Code]

_HANDLERS: dict[type, Handler] = {}


def compiles(kind: type) -> Callable[[Handler], Handler]:
    """Register the decorated function as the one that compiles nodes of ``kind``."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        return handler

    return register


class Compiler:
    """Knows the functions that exist apart from the variables."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self.functions = functions

    def code(self, node: Node) -> Code:
        return _HANDLERS[type(node)](node, self)

    def codes(self, nodes: tuple[Node, ...]) -> tuple[Code, ...]:
        return tuple(self.code(node) for node in nodes)


def constant(value: Value) -> Code:
    return lambda _scope: value
