from __future__ import annotations

import pytest

from engine.errors import EngineError
from engine.feel import FeelEvaluationError, FeelSyntaxError
from tests.unit.feel.asking import FEEL


@pytest.mark.parametrize(
    ("text", "line", "column", "expected", "suggestion"),
    [
        ("1 +", 1, 4, "an expression", None),
        ("if a thn b else c", 1, 6, "'then' after the condition", "then"),
        ("if a then b", 1, 12, "'else', which every if needs", None),
        ("(1 + 2", 1, 7, "')' to close the parenthesis", None),
        ("[1, 2", 1, 6, "']' or ',' in the list", None),
        ("{a 1}", 1, 2, "a key", None),
        ("f(a: 1, 2)", 1, 9, "either all arguments by name or none", None),
        ("for x on list return x", 1, 5, "a name and 'in'", None),
        ("x instance of nmber", 1, 15, "a type", "number"),
        ("a and\n  or b", 2, 3, "an expression", None),
        ('"abc', 1, 1, 'a closing "', None),
        ("a ＞ 3", 1, 3, "FEEL text", ">"),
        ("amount ≥ 3", 1, 8, "FEEL text", ">="),
        ("count（list）", 1, 6, "FEEL text", "("),
        ("a & b", 1, 3, "FEEL text", None),
        ("1 2", 1, 3, "an operator or the end of the text", None),
        ("a retrun b", 1, 3, "an operator or the end of the text", "return"),
        ("@2026", 1, 2, 'a date, time or duration in quotes after "@"', None),
        ("x between 1 or 2", 1, 13, "'and' and the upper bound of between", None),
        ("", 1, 1, "an expression", None),
    ],
)
def test_a_syntax_error_says_where_what_was_expected_and_what_was_meant(text, line, column, expected, suggestion):
    with pytest.raises(FeelSyntaxError) as caught:
        FEEL.expression(text)
    error = caught.value
    assert (error.line, error.column, error.expected, error.suggestion) == (line, column, expected, suggestion)
    assert error.code == "feel_syntax_error"
    assert isinstance(error, EngineError)
    assert f"Line {line}, column {column}" in str(error)


def test_a_cell_has_the_same_errors():
    with pytest.raises(FeelSyntaxError) as caught:
        FEEL.unary_tests('"A" "B"')
    assert caught.value.position == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("amount > 5", "Line 1, column 8: null > number has no answer."),
        ('1 + "a"', "Line 1, column 3: + is not defined for number and string."),
        ("10 / 0", "Line 1, column 4: 10 / 0: division by zero."),
        ("sum([1, null])", "Line 1, column 4: sum: an element is null."),
        ("nosuch(1)", "Line 1, column 7: there is no function nosuch."),
        ("{a: 1}.a.day", "Line 1, column 9: a number has no day."),
    ],
)
def test_strict_mode_raises_what_would_be_null(text, message):
    assert FEEL.expression(text).evaluate({}) is None
    with pytest.raises(FeelEvaluationError) as caught:
        FEEL.expression(text).evaluate({}, strict=True)
    assert str(caught.value) == message
    assert caught.value.position is not None


def test_strict_mode_lets_null_be_asked_for():
    assert FEEL.expression("amount = null").evaluate({}, strict=True) is True
    assert FEEL.expression("amount != null and amount > 5").evaluate({}, strict=True) is False
    assert FEEL.expression("null").evaluate({}, strict=True) is None


def test_strict_mode_holds_in_cells_too():
    assert FEEL.unary_tests("> 5").matches(None, {}) is None
    with pytest.raises(FeelEvaluationError):
        FEEL.unary_tests("> 5").matches(None, {}, strict=True)


def test_a_variable_that_is_no_feel_value_is_named():
    with pytest.raises(FeelEvaluationError, match="Python object"):
        FEEL.expression("x").evaluate({"x": object()})
