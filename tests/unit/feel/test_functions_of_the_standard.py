"""Corners of the built-in functions; the plain cases are the examples of the reference page."""

from __future__ import annotations

import pytest

from tests.unit.feel.asking import same, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(2.5, 0)", "2"),
        ("decimal(0.515, 2)", "0.52"),
        ("decimal(1234.5, -2)", "1200"),
        ("decimal(1, 7000)", "null"),
        ("round half up(-2.5, 0)", "-3"),
        ("round half up(0.125, 2)", "0.13"),
        ("round up(5.5, 6176)", "5.5"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-0.3)", "0"),
        ("ceiling(1.5, null)", "null"),
        ("modulo(10.1, -4.5)", "-3.4"),
        ("modulo(1, 0)", "null"),
        ("sqrt(-1)", "null"),
        ("log(0)", "null"),
        ("exp(1000000)", "null"),
        ("odd(2.5)", "false"),
        ("even(1e40)", "true"),
        ("odd(1234567890123456789012345678901.0)", "true"),
        ("abs(null)", "null"),
        ('number("1,000.5", ",", ".")', "1000.5"),
        ('number("1.5", null, ",")', "null"),
        ('number("1 000", ".", ".")', "null"),
        ('number("1e3")', "1000"),
        ('number("")', "null"),
    ],
)
def test_numbers(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", -2, 1)', '"a"'),
        ('substring("foobar", 0)', "null"),
        ('substring("foobar", 7)', "null"),
        ('substring("比选公告", 3)', '"公告"'),
        ('substring("\\U01F40Eab", 2)', '"ab"'),
        ('substring before("abc", "")', '""'),
        ('substring after("abc", "")', '"abc"'),
        ('split("a;b;;", ";")', '["a", "b", "", ""]'),
        ('split("abc", "")', "null"),
        ('split("", ";")', "[]"),
        ('string join(["a", null, "b"], "-")', '"a-b"'),
        ('string join(["a", "b"])', '"ab"'),
        ("string join([1])", "null"),
        ("string join([])", '""'),
        ('matches("Mary\\u000DJones", "Mary.Jones")', "false"),
        ('matches("x", "[A-Z-[OI]]", "i")', "true"),
        ('matches("i", "[A-Z-[OI]]", "i")', "false"),
        ('matches("a_1", "^\\i\\c*$")', "true"),
        ('matches("公开", "^\\p{IsCJKUnifiedIdeographs}+$")', "true"),
        ('matches("abc", "a.c", "q")', "false"),
        ('matches("h", "(.)\\2")', "null"),
        ('matches("h", "[a")', "null"),
        ('matches("h", "a**")', "null"),
        ('matches("h", "h", "p")', "null"),
        ('replace("abcd", "(b)(c)", "$2$1")', '"acbd"'),
        ('replace("a.b", ".", "-", "q")', '"a-b"'),
        ('replace("a", "a", "$")', "null"),
        ('replace("a", "a", "\\\\$1")', '"$1"'),
        ("string(null)", "null"),
        ('string([1, "a", @"2026-03-02"])', '"[1, \\"a\\", 2026-03-02]"'),
        ('string({a: 1, "b c": null})', '"{a: 1, \\"b c\\": null}"'),
        ("string([1..3))", '"[1..3)"'),
        ("string(1e3)", '"1000"'),
    ],
)
def test_texts(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(null)", "null"),
        ("count(5)", "1"),
        ("sum([])", "null"),
        ("sum([1, null])", "null"),
        ('sum([1, "a"])', "null"),
        ("min([])", "null"),
        ('min("b", "a")', '"a"'),
        ('max([@"2026-03-02", @"2026-03-10"])', '@"2026-03-10"'),
        ('max([1, "a"])', "null"),
        ("median([])", "null"),
        ("mode([])", "[]"),
        ("stddev([4])", "null"),
        ("all([])", "true"),
        ("any([])", "false"),
        ("all([true, null])", "null"),
        ("all([false, 1])", "false"),
        ("any([false, null])", "null"),
        ("all()", "null"),
        ("sublist([1, 2, 3], -2)", "[2, 3]"),
        ("sublist([1, 2, 3], 2, 9)", "null"),
        ("append([1], [2])", "[1, [2]]"),
        ("append(list: [1], item: 2)", "[1, 2]"),
        ("concatenate([1], 2)", "[1, 2]"),
        ("insert before([1, 2], -1, 9)", "[1, 9, 2]"),
        ("insert before([1, 2], 3, 9)", "null"),
        ("remove([1, 2], 0)", "null"),
        ("list replace([1, 2], 5, 9)", "null"),
        ("list replace([1, 2], function(item, new) 5, 9)", "null"),
        ("list contains([1, null], null)", "true"),
        ("index of([1, null, null], null)", "[2, 3]"),
        ("distinct values([1, 1.0, null, null, [1], [1]])", "[1, null]"),
        ("flatten([[[]], [1, [2, [3]]]])", "[1, 2, 3]"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        ('sort([3, "a"])', "null"),
        ("union([1, 2], [2], [3])", "[1, 2, 3]"),
        ("reverse([])", "[]"),
    ],
)
def test_lists(text, expected):
    same(text, expected)


def test_a_list_of_one_and_its_element_are_one_value_among_distinct_ones():
    assert value("distinct values([[1, 2], [1, 2], 3])") == [[1, 2], 3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('get value({a: 1}, "b")', "null"),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
        ('context({key: "a", value: null})', "{a: null}"),
        ('context([{key: "a"}])', "null"),
        ('context put({a: 1}, "a", 2)', "{a: 2}"),
        ("context put({a: 1}, [], 2)", "null"),
        ('context put({a: 1}, ["a", "b"], 2)', "null"),
        ("context merge([{a: {b: 1}}, {a: {c: 2}}])", "{a: {c: 2}}"),
        ("context merge([{a: 1}, 2])", "null"),
        ("context merge([])", "{}"),
    ],
)
def test_contexts(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('range("[1..3")', "null"),
        ('range("[3..1]")', "null"),
        ('range("[date(\\"2026-01-01\\")..@\\"2026-12-31\\"]")', '[@"2026-01-01"..@"2026-12-31"]'),
        ('range("[date(x)..@\\"2026-12-31\\"]")', "null"),
        ('range("[1..\\"b\\"]")', "null"),
        ("overlaps([1..5], (5..8])", "false"),
        ("overlaps after((1..5], [1..5])", "true"),
        ("during(1, (1..10])", "false"),
        ('before(1, "a")', "null"),
        ("after((11..20], 11)", "true"),
        ("coincides((1..5), [1..5])", "false"),
        ("meets([1..5), [5..10])", "false"),
    ],
)
def test_ranges(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    "text",
    [
        "abs()",
        "abs(1, 2)",
        "abs(number: 1)",
        "abs(n: 1, n: 2)",
        'substring(string: "abc")',
        "sum(list: null)",
        "sum(l: [1])",
    ],
)
def test_wrong_arguments_give_null(text):
    assert value(text) is None
