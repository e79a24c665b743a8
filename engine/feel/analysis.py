"""What can be said of an expression before it runs: unknown names, wrong arguments, types that can never meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel.builtins import Builtin
from engine.feel.errors import did_you_mean, line_and_column
from engine.feel.inference import Inference, outer_types
from engine.feel.syntax.nodes import Arithmetic, AtLiteral, Call, Comparison, ContextLiteral, FunctionLiteral, Located, Name, Path
from engine.feel.syntax.walk import walk
from engine.feel.values.functions import Function, NativeFunction, Parameter
from engine.feel.values.reading import parse_literal
from engine.feel.values.types import FeelType
from engine.feel.variables import readings

_NO_FUNCTION = ("there is no function {name}", "there is no function {name}; did you mean {hint}?")
_NO_VARIABLE = ("there is no variable {name}", "there is no variable {name}; did you mean {hint}?")


@dataclass(frozen=True)
class Finding:
    """One thing a designer should look at. ``error`` will give null whenever it runs; ``warning`` may be meant."""

    position: int
    line: int
    column: int
    severity: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        where = f"line {self.line}, column {self.column}: "
        return where + self.template.format(**self.params)

    def __str__(self) -> str:
        return self.message


class Analysis:
    """The findings of one text."""

    def __init__(self, text: str, tree: Located, functions: Mapping[str, Function]) -> None:
        self._text = text
        self._tree = tree
        self._functions = functions
        self._found: list[Finding] = []

    def findings(self, names: Collection[str] | None, types: Mapping[str, FeelType]) -> tuple[Finding, ...]:
        """``names`` are all variables there are; None means that they are not known, so none is called unknown."""
        known = None if names is None else {*names, *types}
        self._names(known)
        inference = Inference(self._functions, outer_types(self._tree, types), self._error)
        for node in walk(self._tree):
            self._node(node, inference)
        return tuple(sorted(_once(self._found), key=lambda finding: finding.position))

    def _names(self, known: set[str] | None) -> None:
        for reading in readings(self._tree):
            name = reading.node.name
            if reading.maybe_entry and not reading.called:
                continue
            if name in self._functions or (known is not None and name in known):
                continue
            if reading.called:
                self._suggest("error", reading.node, _NO_FUNCTION, [*self._functions, *(known or ())])
            elif known is not None:
                self._suggest("warning", reading.node, _NO_VARIABLE, known)

    def _node(self, node: Located, inference: Inference) -> None:
        if isinstance(node, (Arithmetic, Comparison, Path)):
            inference.type_of(node)
        elif isinstance(node, AtLiteral) and parse_literal(node.text) is None:
            self._error(node.at, "{text!r} is not a date, time or duration", text=node.text[:60])
        elif isinstance(node, FunctionLiteral) and node.external:
            self._error(node.at, "external code is never run")
        elif isinstance(node, ContextLiteral):
            self._keys(node)
        elif isinstance(node, Call):
            self._call(node)

    def _keys(self, node: ContextLiteral) -> None:
        keys = [key for key, _ in node.entries]
        for key in {key for key in keys if keys.count(key) > 1}:
            self._error(node.at, "the context has the key {key} twice", key=key)

    def _call(self, node: Call) -> None:
        function = self._functions.get(node.function.name) if isinstance(node.function, Name) else None
        if function is None:
            return
        shapes = list(_parameter_lists(function))
        if not any(_fits(parameters, node) for parameters in shapes):
            forms = " or ".join(dict.fromkeys(_shape(function.name, parameters) for parameters in shapes))
            self._error(node.at, "the arguments do not fit {forms}", forms=forms)

    def _suggest(self, severity: str, node: Name, templates: tuple[str, str], candidates: Collection[str]) -> None:
        hint = did_you_mean(node.name, candidates)
        self._add(severity, node.at, templates[bool(hint)], name=node.name, hint=hint)

    def _error(self, position: int, template: str, **params: Any) -> None:
        self._add("error", position, template, **params)

    def _add(self, severity: str, position: int, template: str, **params: Any) -> None:
        line, column = line_and_column(self._text, position)
        self._found.append(Finding(position, line, column, severity, template, params))


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """Each finding once."""
    seen: set[tuple[int, str]] = set()
    for finding in findings:
        if (finding.position, finding.message) not in seen:
            seen.add((finding.position, finding.message))
            yield finding


def _parameter_lists(function: Function) -> Iterator[tuple[Parameter, ...]]:
    if isinstance(function, Builtin):
        yield from (signature.parameters for signature in function.signatures)
    elif isinstance(function, NativeFunction):
        yield function.parameters


def _fits(parameters: tuple[Parameter, ...], node: Call) -> bool:
    required = [parameter.name for parameter in parameters if not parameter.optional]
    if node.names:
        known = {parameter.name for parameter in parameters}
        return set(required) <= set(node.names) <= known
    many = bool(parameters) and parameters[-1].variadic
    return len(required) <= len(node.arguments) and (many or len(node.arguments) <= len(parameters))


def _shape(name: str, parameters: tuple[Parameter, ...]) -> str:
    marks = (
        parameter.name + ("?" if parameter.optional else "") + ("..." if parameter.variadic else "") for parameter in parameters
    )
    return f"{name}({', '.join(marks)})"
