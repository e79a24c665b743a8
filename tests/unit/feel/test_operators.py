from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.feel.asking import same, text_of, value, warned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("2 ** 3 ** 2", "64"),  # powers are read from the left
        ("-2 ** 2", "4"),  # negation binds tighter than a power
        ("2 ** -1", "0.5"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("1 / 3 * 3 = 1", "false"),
        ("1.2e3", "1200"),
        (".5 + 1E-1", "0.6"),
        ("10 / 0", "null"),
        ("0 ** 0", "null"),
        ("(-8) ** 0.5", "null"),
        ("10 ** 7000", "null"),
        ('"a" + "b"', '"ab"'),
        ('"a" + 1', "null"),
        ("1 + null", "null"),
        ("-null", "null"),
        ("- - 5", "5"),
    ],
)
def test_numbers_and_texts_are_calculated(text, expected):
    same(text, expected)


def test_numbers_keep_34_digits_and_round_half_to_even():
    assert text_of("1 / 3") == "0." + "3" * 34
    assert value("12345678901234567890.12 + 0.01") == Decimal("12345678901234567890.13")


@pytest.mark.parametrize("left", ["true", "false", "null"])
@pytest.mark.parametrize("right", ["true", "false", "null", "5"])
def test_logic_has_three_values_and_takes_everything_else_for_null(left, right):
    known = {"true": True, "false": False}
    both = [known.get(left), known.get(right)]
    conjunction = False if False in both else None if None in both else True
    disjunction = True if True in both else None if None in both else False
    assert value(f"{left} and {right}") is conjunction
    assert value(f"{right} and {left}") is conjunction
    assert value(f"{left} or {right}") is disjunction
    assert value(f"{right} or {left}") is disjunction


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = 1.0", "true"),
        ('1 = "1"', "null"),
        ("1 = null", "false"),
        ("null = null", "true"),
        ("null != null", "false"),
        ("[1] = 1", "true"),  # a list of one stands for its element
        ("[1, 2] = [1, 2.0]", "true"),
        ('[1, "a"] = [1, 2]', "false"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("{a: 1} = {a: 1, b: null}", "false"),
        ("(< 10) = (null..10)", "false"),
        ("[1..2) = [1..2[", "true"),
        ('"a" < "b"', "true"),
        ("true < false", "null"),
        ("null < 5", "null"),
        ("5 between 1 and 5", "true"),
        ("5 between null and 9", "null"),
        ("1 = 1 = true", "true"),
        ("function(x) x = function(x) x", "null"),
    ],
)
def test_values_are_compared_within_their_type(text, expected):
    if text.startswith("function"):
        assert value(f"({text.split(' = ')[0]}) = ({text.split(' = ')[1]})") is False
    else:
        same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 in [1..5]", "true"),
        ("5 in [1..5)", "false"),
        ("5 in ]4..6[", "true"),
        ("5 in > 4", "true"),
        ("5 in (< 3, > 4)", "true"),
        ("5 in (1, 5)", "true"),
        ("5 in [1, 5]", "true"),
        ("5 in [[1..2], [4..6]]", "true"),
        ('5 in ["a", 4]', "false"),
        ("[1, 2] in [[1, 2, 3], [1, 2]]", "true"),
        ("9 in (1 + 2) * 3", "true"),
        ("null in [1..5]", "null"),
        ("5 in null", "false"),
        ("5 in true", "null"),
        ('"e" in ["a".."f"]', "true"),
    ],
)
def test_in_asks_for_a_range_a_list_or_a_test(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if 1 < 2 then 3 else 4", "3"),
        ("if null then 3 else 4", "4"),
        ("if 5 then 3 else 4", "4"),
        ("if false then 1 else if true then 2 else 3", "2"),
        ("(if true then 1 else 2) + 10", "11"),
        ("if true then 1 else 2 + 10", "1"),
    ],
)
def test_if_takes_the_else_branch_unless_the_condition_is_true(text, expected):
    same(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", "true"),
        ("null instance of Any", "false"),
        ("null instance of Null", "true"),
        ('[1, "a"] instance of list<number>', "false"),
        ("[1, null] instance of list<number>", "true"),
        ("{a: 1} instance of context<a: number, b: string>", "false"),
        ("[1..2] instance of range<number>", "true"),
        ("(function(a: number) a) instance of function<number> -> Any", "true"),
        ("abs instance of function<number> -> number", "true"),
        ("abs instance of function<number, number> -> number", "false"),
        ('@"P1Y" instance of days and time duration', "false"),
        ('@"P1Y" instance of years and months duration', "true"),
        ("-1 instance of number", "true"),
    ],
)
def test_instance_of_looks_inside(text, expected):
    same(text, expected)


def test_a_run_time_error_is_null_with_a_warning_that_names_the_place():
    assert warned('1 +\n  "a"') == ["line 1, column 3: + is not defined for number and string"]


def test_a_name_that_does_not_exist_is_null_with_a_suggestion():
    assert warned("amuont > 1", amount=5)[0] == "line 1, column 1: there is no variable amuont; did you mean amount?"


def test_there_is_one_zero():
    assert str(value("ceiling(-0.3)")) == "0"
    assert str(value("-5 * 0")) == "0"


def test_comments_count_as_space():
    assert value("1 + /* one // or\n two */ 1 // end") == 2
