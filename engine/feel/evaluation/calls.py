"""Function definitions and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.feel.errors import FeelBoundExceeded, Refused, did_you_mean
from engine.feel.evaluation.compiler import Code, Compiler, compiles
from engine.feel.run import Run, Scope
from engine.feel.syntax.nodes import Call, FunctionLiteral, Name
from engine.feel.values.functions import Function, Parameter, arrange, arrange_named
from engine.feel.values.types import ANY, FeelType, FunctionType, Value, kind_of


class Lambda(Function):
    """A function defined in FEEL, together with the scope it was defined in."""

    def __init__(self, parameters: Sequence[Parameter], body: Code, scope: Scope) -> None:
        self.parameters = tuple(parameters)
        self._body = body
        self._scope = scope

    def invoke(self, run: Run, arguments: Sequence[Value]) -> Value:
        return self._run(run, arrange("the function", self.parameters, arguments))

    def invoke_named(self, run: Run, arguments: Mapping[str, Value]) -> Value:
        return self._run(run, arrange_named("the function", self.parameters, arguments))

    def _run(self, run: Run, arguments: Sequence[Value]) -> Value:
        run.step()
        if run.depth >= run.bounds.call_depth:
            raise FeelBoundExceeded("Functions call one another more than {limit} deep", limit=run.bounds.call_depth)
        run.depth += 1
        try:
            names = {parameter.name: value for parameter, value in zip(self.parameters, arguments, strict=True)}
            return self._body(Scope(run, names, self._scope))
        finally:
            run.depth -= 1

    def types(self) -> Sequence[FeelType]:
        return (FunctionType(tuple(parameter.type for parameter in self.parameters), ANY),)


@compiles(FunctionLiteral)
def function_literal(node: FunctionLiteral, compiler: Compiler) -> Code:
    parameters = [Parameter(formal.name, formal.type) for formal in node.parameters]
    body = _foreign if node.external else compiler.code(node.body)
    return lambda scope: Lambda(parameters, body, scope)


def _foreign(_scope: Scope) -> Value:
    raise Refused("external code is never run")


@compiles(Call)
def call(node: Call, compiler: Compiler) -> Code:
    target = _target(node, compiler)
    codes, names = compiler.codes(node.arguments), node.names
    twice = len(set(names)) != len(names)

    def evaluate(scope: Scope) -> Value:
        function = target(scope)
        arguments = [code(scope) for code in codes]
        run = scope.run
        if not isinstance(function, Function):
            _not_callable(run, node, function, compiler)
            return None
        try:
            if twice:
                raise Refused("an argument is given twice")
            if names:
                return function.invoke_named(run, dict(zip(names, arguments, strict=True)))
            return function.invoke(run, arguments)
        except Refused as reason:
            label = node.function.name if isinstance(node.function, Name) else "function"
            run.null(node.at, "{function}: {reason}", function=label, reason=str(reason))
            return None

    return evaluate


def _target(node: Call, compiler: Compiler) -> Code:
    """What is called. A variable that happens to be named like a built-in function does not hide it, unless it is a function."""
    read = compiler.code(node.function)
    builtin = compiler.functions.get(node.function.name) if isinstance(node.function, Name) else None
    if builtin is None:
        return read

    def choose(scope: Scope) -> Value:
        value = read(scope)
        return value if isinstance(value, Function) else builtin

    return choose


def _not_callable(run: Run, node: Call, value: Value, compiler: Compiler) -> None:
    if isinstance(node.function, Name) and value is None:
        name = node.function.name
        hint = did_you_mean(name, compiler.functions)
        run.null(node.at, "there is no function {name}" + ("; did you mean {hint}?" if hint else ""), name=name, hint=hint)
    else:
        run.null(node.at, "a {kind} cannot be called", kind=kind_of(value))
