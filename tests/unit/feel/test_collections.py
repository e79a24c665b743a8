from __future__ import annotations

import pytest

from tests.unit.feel.asking import same, value, warned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3][1]", "1"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][0]", "null"),
        ("[1, 2, 3][4]", "null"),
        ("[1, 2, 3][1.5]", "null"),
        ("[1, 2, 3][1 + 1]", "2"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[1, 2, 3][true]", "[1, 2, 3]"),
        ('[1, 2, 3]["a"]', "null"),
        ("[][item > 1]", "[]"),
        ("[][1]", "null"),
        ("5[1]", "5"),
        ("5[item > 3]", "[5]"),
        ("null[item > 3]", "null"),
        ("[{a: 1}, {a: 2}][a > 1].a", "[2]"),
        ("[{a: 1}, {b: 2}].a", "[1, null]"),
        ("[{item: 3}, {item: 5}][item > 4]", "[{item: 5}]"),
        ("[[1, 2], [3]][1][2]", "2"),
        ("{a: {b: 1}}.a.b", "1"),
        ("{a: 1}.b", "null"),
        ("{a: 1, a: 2}", "null"),
        ("[1, 2, 3, 4][item >= 2][1]", "2"),
    ],
)
def test_lists_and_contexts_are_read_by_position_condition_and_name(text, expected):
    same(text, expected)


def test_a_filter_sees_the_names_around_it():
    people = [{"name": "甲", "unit": 1}, {"name": "乙", "unit": 2}]
    assert value("people[unit = wanted].name", people=people, wanted=2) == ["乙"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in [1, 2, 3] return i * i", "[1, 4, 9]"),
        ("for i in 1..3 return i", "[1, 2, 3]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in (1..4) return i", "[2, 3]"),
        ("for i in [3..1] return i", "null"),
        ("for i in 5 return i", "[5]"),
        ("for i in null return i", "null"),
        ('for d in @"2026-02-27"..@"2026-03-01" return d.day', "[27, 28, 1]"),
        ("for i in 1..2, j in i..2 return [i, j]", "[[1, 1], [1, 2], [2, 2]]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("for x in [[1, 2], [3]] return for y in x return y", "[[1, 2], [3]]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, 2] satisfies x > 1", "false"),
        ("some x in [] satisfies true", "false"),
        ("every x in [] satisfies false", "true"),
        ("some x in [1, null] satisfies x > 3", "null"),
        ("some x in [null, 5] satisfies x > 3", "true"),
        ('every x in [1] satisfies "yes"', "null"),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
    ],
)
def test_loops_go_through_lists_ranges_and_single_values(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(a, b) a - b)(3, 1)", "2"),
        ("(function(a, b) a - b)(b: 3, a: 1)", "-2"),
        ("(function(a, b) a - b)(3)", "null"),
        ("(function(a: string) a)(3)", "null"),
        ("(function(a: number) a)([3])", "3"),  # a list of one stands for its element
        ("(function(a: list<number>) count(a))(3)", "1"),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r", "120"),
        ("{k: 2, f: function(x) x * k}.f(4)", "8"),
        ("(function(f) f(-5))(abs)", "5"),
        ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
        ('function(x) external {java: {class: "a"}}', "null"),
        ("123()", "null"),
        ("no such(1)", "null"),
    ],
)
def test_functions_are_values(text, expected):
    if "external" in text:
        assert value(f"({text})(1)") is None
    elif text.startswith("no such"):
        assert value("nosuch(1)") is None
    else:
        same(text, expected)


def test_a_call_of_an_unknown_function_suggests_one():
    assert any("did you mean count?" in sentence for sentence in warned("cuont([1])"))


def test_values_given_as_python_become_feel_values():
    assert value("a + b[1] + c.d", a=1, b=(2, 3), c={"d": 0.5}) == value("3.5")
    assert value("x", x=float("nan")) is None
