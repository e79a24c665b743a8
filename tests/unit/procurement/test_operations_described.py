"""The descriptions are held against the code: what each operation reads, gives and throws, found in its syntax tree."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from procurement.operations import OPERATIONS
from procurement.operations.described import DESCRIBED, described, failures_of, outputs_of, shape_of
from procurement.operations.descriptions.shape import TYPES, Field
from procurement.operations.inputs import Inputs
from procurement.operations.reference import rewritten

ROOT = Path(__file__).parents[3]
READERS = {name for name in vars(Inputs) if not name.startswith("_")} - {"wrong"}
DEMANDING = {"value", "text", "choice", "number", "whole", "money", "date", "mapping", "rows"}  # without a default they raise
SPREADING = {"bid.open": {"price", "files"}}  # the bid's own content is spread into the row
ELSEWHERE = {"rule.value", "archive.assemble"}  # what they give is made by a decision table, by a dictionary with a name


def body(operation: str) -> Callable:
    """The function that ``reading`` or ``writing`` wrapped."""
    return inspect.getclosurevars(OPERATIONS[operation]).nonlocals["body"]


def reached(function: Callable, seen: set[Callable] | None = None) -> Iterator[tuple[Callable, ast.AST]]:
    """The function and everything of procurement it calls by a plain name, each with its syntax tree."""
    seen = set() if seen is None else seen
    if function in seen:
        return
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    yield function, tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            if inspect.isfunction(called) and called.__module__.startswith("procurement."):
                yield from reached(called, seen)


def names(argument: ast.expr, function: Callable, tree: ast.AST) -> set[str]:
    """The texts an argument may be: a constant, or the variable of a loop over something constant."""
    if isinstance(argument, ast.Constant):
        return {argument.value}
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and argument in ast.walk(loop):
            first = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
            if isinstance(first, ast.Name) and isinstance(argument, ast.Name) and first.id == argument.id:
                values = eval(compile(ast.Expression(loop.iter), "loop", "eval"), function.__globals__)
                return {value[0] if isinstance(value, tuple) else value for value in values}
    raise AssertionError(f"{function.__qualname__}: which input {ast.unparse(argument)} is cannot be seen")


def reads(operation: str) -> Iterator[tuple[str, str, bool]]:
    """(input, how it is read, whether a default is given) for every place that reads one of the call's own inputs."""
    for function, tree in reached(body(operation)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                holder, method = ast.unparse(node.func.value), node.func.attr
                ours = (holder == "inputs" and method in READERS) or (holder.endswith("call.inputs") and method == "get")
                if ours:
                    defaults = len(node.args) - (2 if method == "choice" else 1)
                    for name in names(node.args[0], function, tree):
                        yield name, method, defaults > 0
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("call.inputs"):
                for name in names(node.slice, function, tree):
                    yield name, "value", False


def returned(operation: str) -> Iterator[dict[str, ast.expr]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(body(operation))))
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            yield {key.value: value for key, value in zip(node.value.keys, node.value.values, strict=True)}


def rows_of(value: ast.expr) -> set[str] | None:
    """The keys of the rows when the value is a list made from one dictionary."""
    if isinstance(value, ast.ListComp) and isinstance(value.elt, ast.Dict):
        return {key.value for key in value.elt.keys if key is not None}
    return None


def test_every_operation_is_described_and_nothing_else_is():
    assert {name for name, one in DESCRIBED.items() if not one.afterwards} == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_inputs_are_those_the_code_reads(operation):
    assert {field.name for field in DESCRIBED[operation].inputs} == {name for name, _, _ in reads(operation)}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_input_is_required_when_the_code_goes_nowhere_without_it(operation):
    found = list(reads(operation))
    optional = {name for name, method, _ in found if method not in DEMANDING}  # asked for first, or null is an answer
    demanded = {name for name, method, default in found if method in DEMANDING and not default} - optional
    assert {field.name for field in DESCRIBED[operation].inputs if field.required} == demanded


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - ELSEWHERE))
def test_the_outputs_are_those_the_code_gives(operation):
    answers = list(returned(operation))
    assert answers
    for answer in answers:
        assert set(answer) == {field.name for field in DESCRIBED[operation].outputs}
        for field in DESCRIBED[operation].outputs:
            rows = rows_of(answer[field.name])
            if rows is not None:
                assert rows | SPREADING.get(operation, set()) == {inner.name for inner in field.fields}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_business_errors_are_those_the_code_throws(operation):
    thrown = {
        node.args[0].value
        for _, tree in reached(body(operation))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "BpmnError"
    }
    assert set(failures_of(operation)) == thrown


@pytest.mark.parametrize("operation", OPERATIONS)
def test_it_writes_registers_when_it_says_so(operation):
    kept = inspect.getclosurevars(OPERATIONS[operation]).globals
    assert DESCRIBED[operation].changes is ("OperationResult" in kept)


def every_field(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from every_field(field.fields)


@pytest.mark.parametrize("one", DESCRIBED.values(), ids=lambda one: one.operation)
def test_every_field_has_a_type_and_a_meaning_in_words(one):
    assert one.label and one.text.endswith("。")
    for field in every_field((*one.inputs, *one.outputs)):
        assert field.type in TYPES
        assert field.text
        assert not field.fields or field.type in {"list", "context"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_answer_of_the_right_shape_can_be_made_up(operation):
    assert set(shape_of(operation)) == set(outputs_of(operation))


def test_a_day_reaches_a_variable_as_text_and_an_unknown_operation_gives_nothing():
    assert outputs_of("contract.sign") == {"status": "string", "signed_on": "string"}
    assert outputs_of("somebody.else") == {}
    assert described("somebody.else") is None


def test_the_page_for_designers_is_made_from_the_descriptions():
    page = (ROOT / "processes" / "OPERATIONS.md").read_text(encoding="utf-8")
    made = rewritten(page, ROOT / "processes")
    assert page == made, f"run {Path(sys.executable).name} -m procurement.operations.reference"
