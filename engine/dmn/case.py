"""One set of inputs going through a model: every required element is evaluated once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.dmn.errors import ValueOfWrongType
from engine.dmn.from_json import from_json
from engine.dmn.graph import Graph, Node, Requirement
from engine.dmn.model import BusinessKnowledge, Decision, DecisionService
from engine.dmn.running import Frame, Run
from engine.dmn.shown import shown
from engine.dmn.types import coerce
from engine.feel.run import feel_value
from engine.feel.values.functions import NativeFunction


class Case:
    """``known`` gives values of elements from outside, by id: what a decision service is called with."""

    def __init__(self, graph: Graph, inputs: Mapping[str, Any], run: Run, known: Mapping[str, Any] | None = None) -> None:
        self._graph = graph
        self._inputs = inputs
        self._run = run
        self._values: dict[str, Any] = dict(known or {})
        self._imported: dict[str, Case] = {}
        # The standard shows a decision only what it is connected with. Designers often draw no inputs at all, so variables
        # that are not drawn are seen everywhere, and drawn inputs too unless the standard is to be followed to the letter.
        self._visible = inputs if run.strict else {name: value for name, value in inputs.items() if name not in graph.drawn}

    def value(self, identifier: str) -> Any:
        """The value of the element with this id: a decision's result, an input, or a function."""
        if identifier not in self._values:
            node = self._graph.nodes[identifier]
            self._values[identifier] = self._evaluate(node)
        return self._values[identifier]

    def _evaluate(self, node: Node) -> Any:
        match node.element:
            case Decision():
                assert node.body is not None
                return self._checked(node, node.body(Frame({**self._visible, **self._required(node.requires)}, self._run)))
            case BusinessKnowledge():
                return self._function(node)
            case DecisionService():
                return NativeFunction(node.name, node.parameters, lambda *arguments: self.serve(node, arguments), node.type)
        self._run.read.add(node.name)
        value = feel_value(self._inputs.get(node.name))
        return self._checked(node, from_json(value, node.type) if self._run.strict else value)

    def _checked(self, node: Node, value: Any) -> Any:
        coerced, fits = coerce(value, node.type)
        if not fits:
            error = ValueOfWrongType(what=node.name, value=shown(value), type=node.type.feel_text())
            if self._run.strict:
                raise error
            self._run.warn(str(error))
        return coerced

    def _required(self, requires: tuple[Requirement, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for requirement in requires:
            if requirement.graph is None:
                values[requirement.name] = self.value(requirement.id)
                continue
            value = self._other(requirement).value(requirement.id)
            if requirement.prefix:
                values.setdefault(requirement.prefix, {})[requirement.name] = value
            else:
                values[requirement.name] = value
        return values

    def _other(self, requirement: Requirement) -> Case:
        """The same inputs going through an imported model; those under the import's name come first."""
        assert requirement.graph is not None
        key = requirement.graph.definitions.namespace
        if key not in self._imported:
            own = self._inputs.get(requirement.prefix)
            inputs = {**self._inputs, **own} if isinstance(own, Mapping) else self._inputs
            self._imported[key] = Case(requirement.graph, inputs, self._run)
        return self._imported[key]

    def call(self, node: Node, arguments: tuple[Any, ...]) -> Any:
        """What a business knowledge model gives for these arguments, in the order of its parameters."""
        assert node.body is not None
        own = {parameter.name: value for parameter, value in zip(node.parameters, arguments, strict=True)}
        with self._run.nested(node.name):
            return node.body(Frame({node.name: self.value(node.element.id), **self._required(node.requires), **own}, self._run))

    def _function(self, node: Node) -> NativeFunction:
        """Its requirements are resolved when it is called, so functions may need themselves and one another."""
        return NativeFunction(node.name, node.parameters, lambda *arguments: self.call(node, arguments), node.type)

    def serve(self, node: Node, arguments: tuple[Any, ...]) -> Any:
        """The output of a decision service: one value, or a context when it has several output decisions."""
        service = node.element
        assert isinstance(service, DecisionService)
        outputs = node.requires[: len(node.requires) - len(node.parameters)]
        given = node.requires[len(outputs) :]
        inputs: dict[str, Any] = {}
        known: dict[str, Any] = {}
        for requirement, value in zip(given, arguments, strict=True):
            if requirement.graph is not None:
                inputs.setdefault(requirement.prefix, {})[requirement.name] = value
            elif isinstance(self._graph.nodes[requirement.id].element, Decision):
                known[requirement.id] = value
            else:
                inputs[requirement.name] = value
        with self._run.nested(node.name):
            inner = Case(self._graph, inputs, self._run, known)
            results = [inner.value(r.id) if r.graph is None else inner._other(r).value(r.id) for r in outputs]
        value = results[0] if len(results) == 1 else {r.name: result for r, result in zip(outputs, results, strict=True)}
        return self._checked(node, value)
