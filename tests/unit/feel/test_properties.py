from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Feel, FeelBoundExceeded, FeelError
from engine.feel.bounds import Bounds
from engine.feel.builtins import BUILTINS
from engine.feel.printer import print_expression, print_unary_tests
from engine.feel.semantics.comparison import compare, equal
from engine.feel.semantics.numbers import DECIMAL128
from engine.feel.syntax import nodes as n
from engine.feel.syntax.names import NameTable
from engine.feel.syntax.parsing import parse_expression, parse_unary_tests
from engine.feel.values.calendar import FarDate, from_ordinal, ordinal
from engine.feel.values.durations import YearsMonths, make_duration
from engine.feel.values.literal import literal_text
from engine.feel.values.types import ANY, NUMBER, STRING, ListType
from tests.unit.feel.asking import FEEL

FUNCTIONS = NameTable(BUILTINS)
NAMES = ["采购金额", "Full Name", "a-b", "days in weekend", "x"]

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=0, max_value=10**9)
words = st.sampled_from([*NAMES, "item", "sum", "date and time"])
leaves = st.one_of(
    numbers.map(n.Literal),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6).map(n.Literal),
    st.sampled_from([True, False, None]).map(n.Literal),
    words.map(n.Name),
    st.sampled_from(["2026-03-02", "P1D", "10:00:00"]).map(n.AtLiteral),
)


def conjunctions(inner):
    """As read from text, where the first operand of a chain is never a chain of the same kind."""
    for kind in (n.Conjunction, n.Disjunction):
        yield st.tuples(inner, inner, st.lists(inner, max_size=1)).map(
            lambda parts, kind=kind: kind((n.Negation(parts[0]) if isinstance(parts[0], kind) else parts[0], parts[1], *parts[2]))
        )


def trees(inner):
    lists = st.lists(inner, max_size=3).map(tuple)
    types = st.sampled_from([ANY, NUMBER, STRING, ListType(NUMBER)])
    formals = st.lists(st.sampled_from(["p", "q", "Full Name"]), unique=True, max_size=2).flatmap(
        lambda names: st.tuples(*[st.builds(n.Formal, st.just(name), types) for name in names])
    )
    iterators = st.tuples(
        st.builds(n.Iterator, st.sampled_from(["i", "Full Name"]), st.one_of(inner, st.builds(n.Span, inner, inner)))
    )
    return st.one_of(
        st.builds(n.Negation, inner),
        st.builds(n.Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(n.Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        *conjunctions(inner),
        st.builds(n.Between, inner, inner, inner),
        st.builds(n.In, inner, st.lists(some_tests(inner), min_size=1, max_size=3).map(tuple)),
        st.builds(n.InstanceOf, inner, types),
        st.builds(n.Path, inner, st.sampled_from(["b", "unit price", "a-b"])),
        st.builds(n.Filter, inner, inner),
        st.builds(n.Call, inner, lists),
        st.builds(n.Call, inner, st.tuples(inner, inner), st.just(("m", "start position"))),
        st.builds(n.If, inner, inner, inner),
        st.builds(n.For, iterators, inner),
        st.builds(n.Quantified, st.booleans(), iterators, inner),
        st.builds(n.FunctionLiteral, formals, inner, st.booleans()),
        st.builds(n.RangeLiteral, inner, inner, st.booleans(), st.booleans()),
        st.builds(n.OperatorRange, st.sampled_from(["<", ">=", "=", "!="]), inner),
        st.builds(n.ListLiteral, lists),
        st.builds(
            n.ContextLiteral, st.lists(st.tuples(st.sampled_from(["k", "Full Name", "!", ""]), inner), max_size=2).map(tuple)
        ),
    )


def some_tests(inner):
    return st.one_of(
        st.builds(n.OperatorTest, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner), st.builds(n.ValueTest, inner)
    )


expressions = st.recursive(leaves, trees, max_leaves=12)


@given(expressions)
@settings(max_examples=400, deadline=None)
def test_reading_what_was_printed_gives_the_same_expression(tree):
    text = print_expression(tree)
    assert parse_expression(text, FUNCTIONS, NAMES) == tree, text


@given(st.builds(n.UnaryTestsNode, st.lists(some_tests(expressions), min_size=1, max_size=3).map(tuple), st.booleans()))
@settings(max_examples=300, deadline=None)
def test_reading_what_was_printed_gives_the_same_cell(tree):
    text = print_unary_tests(tree)
    assert parse_unary_tests(text, FUNCTIONS, NAMES) == tree, text


signed = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12).map(DECIMAL128.plus)


@given(signed, signed, st.sampled_from(["+", "-", "*", "/"]))
def test_arithmetic_agrees_with_decimal(left, right, operator):
    expected = {
        "+": DECIMAL128.add,
        "-": DECIMAL128.subtract,
        "*": DECIMAL128.multiply,
        "/": lambda a, b: DECIMAL128.divide(a, b) if b else None,
    }[operator](left, right)
    assert FEEL.expression(f"a {operator} b").evaluate({"a": left, "b": right}) == expected


values = st.one_of(
    signed,
    st.text(max_size=5),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=8))])),
    st.integers(-(10**18), 10**18).map(make_duration),
    st.integers(-(10**6), 10**6).map(YearsMonths),
    st.lists(st.integers(0, 3).map(Decimal), max_size=3),
    st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 3).map(Decimal), max_size=2),
)


@given(values, values)
def test_equality_and_order_do_not_contradict_one_another(left, right):
    assert equal(left, left) is True
    assert equal(left, right) == equal(right, left)
    sign, mirrored = compare(left, right), compare(right, left)
    assert (sign is None) == (mirrored is None)
    if sign is not None:
        assert sign == -mirrored
        if equal(left, right) is False:
            assert sign != 0


@given(values)
def test_the_literal_of_a_value_evaluates_to_it(value):
    again = FEEL.expression(literal_text(value)).evaluate({})
    assert literal_text(again) == literal_text(value)


@given(st.integers(-(10**11), 10**11))
def test_days_are_counted_without_gaps_in_every_year(number):
    date = from_ordinal(number)
    assert ordinal(date) == number
    assert ordinal(FarDate(date.year, date.month, date.day)) == number


tokens = st.sampled_from(
    [
        *[
            "if",
            "then",
            "else",
            "for",
            "return",
            "in",
            "some",
            "every",
            "satisfies",
            "between",
            "and",
            "or",
            "not",
            "instance",
            "of",
        ],
        *["function", "external", "null", "true", "x", "xs", "item", "?", "partial", "number", "list", "date and time"],
        *["1", "2.5", '"a"', '"2026-03-02"', '@"P1D"', '@"2026-03-02"', "+", "-", "*", "/", "**", "=", "<", ">=", "!="],
        *["(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "@", "a", "b", "sum", "matches", "sort", "range", "string"],
    ]
)


@given(st.lists(tokens, max_size=14).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_any_text_ends_in_a_value_or_a_feel_error(text):
    small = Feel(bounds=Bounds(steps=2000))
    context = {"x": 5, "xs": [1, {"a": "b"}], "a": "text", "b": dt.date(2026, 3, 2)}
    for read, run in ((small.expression, lambda e: e.evaluate(context)), (small.unary_tests, lambda e: e.matches(5, context))):
        try:
            ready = read(text)
            ready.findings(context)
            run(ready)
        except FeelError:
            continue


ODD = [
    *[
        "1",
        "-1",
        "0",
        "2.5",
        "1e40",
        "1e6000",
        "-1e6000",
        '"a"',
        '""',
        "null",
        "true",
        "[]",
        "[1, 2]",
        '["a"]',
        "[null]",
        "{a: 1}",
    ],
    *['@"2026-03-02"', '@"10:00:00Z"', '@"10:00:00.000000001"', '@"2026-03-02T10:00:00"', 'date("12345-01-01")'],
    *[
        'date and time("12345-01-01T10:00:00@Asia/Shanghai")',
        '@"P1D"',
        '@"PT0.000000001S"',
        '@"P1Y"',
        "[1..5]",
        "(> 3)",
        "[1..null]",
    ],
    "(function(x, y) x)",
]
VALUES = [FEEL.expression(text).evaluate({}) for text in ODD]


@pytest.mark.parametrize("name", BUILTINS)
def test_no_function_breaks_on_odd_arguments(name):
    forms = [FEEL.expression(f"{name}({arguments})") for arguments in ("a", "a, b", "a, b, 1", "b, a, 1, 1, 1, 1, 1")]
    for first in VALUES:
        for second in VALUES:
            for form in forms:
                form.evaluate({"a": first, "b": second})


@pytest.mark.parametrize("text", ["a + b", "a - b", "a * b", "a / b", "a ** b", "a = b", "a < b", "a in b", "a between b and 1",
                                  "[a..b]", "a[b]", "for i in a..b return i", "-a", "a.year", "some x in a satisfies x in b",
                                  "{k: a, l: [b, k]}", "string([a, b])", "(= a) = (= b)"])  # fmt: skip
def test_no_operator_breaks_on_odd_operands(text):
    form = FEEL.expression(text)
    for first in VALUES:
        for second in VALUES:
            try:
                form.evaluate({"a": first, "b": second})
            except FeelBoundExceeded:
                continue
