from __future__ import annotations

import pytest

from engine.feel import Extension, Feel, FeelSyntaxError
from tests.unit.feel.asking import FEEL, value


def test_chinese_names_need_no_announcement():
    assert value('采购金额 > 50000 and 采购方式 = "公开比选"', 采购金额=60000, 采购方式="公开比选") is True


def test_announced_names_may_hold_spaces_and_signs():
    names = ["Full Name", "Pre-bureau risk", "days in weekend", "Person's age", "社区 名称"]
    context = {"Full Name": "A", "Pre-bureau risk": 2, "days in weekend": 3, "Person's age": 4, "社区 名称": 5}
    text = "[Full   Name, Pre-bureau risk + days in weekend, Person's age, 社区 名称]"
    assert FEEL.expression(text, names).evaluate(context) == ["A", 5, 4, 5]


def test_the_longest_announced_name_wins():
    context = {"a": 1, "b": 2, "a-b": 10}
    assert FEEL.expression("a-b", ["a-b"]).evaluate(context) == 10
    assert FEEL.expression("a-b").evaluate(context) == -1


def test_an_unannounced_name_of_two_words_is_an_error_with_a_suggestion():
    with pytest.raises(FeelSyntaxError) as caught:
        FEEL.expression("Full Nam + 1", ["Full Name"])
    assert caught.value.suggestion == "Full Name"


def test_entries_with_spaces_follow_a_dot_without_announcement():
    assert value("x.total amount + 1", x={"total amount": 4}) == 5
    assert value("x.line 2 amount", x={"line 2 amount": 4}) == 4
    assert value('@"2026-03-02T10:00:00Z".time offset = @"PT0S"') is True


def test_keys_of_a_context_are_names_in_what_follows():
    assert value("{net price: 10, vat: net price * 0.1, gross price: net price + vat}.gross price") == 11
    assert value('{foo+bar: "x"}.foo+bar') == "x"


def test_entries_of_the_elements_are_names_inside_a_filter():
    rows = [{"unit price": 5, "item": 1}, {"unit price": 9, "item": 2}]
    assert value("rows[unit price > limit].item", rows=rows, limit=6) == [2]
    assert value("rows[item = 1].unit price", rows=rows) == [5]


def test_loop_variables_and_parameters_may_have_several_words():
    assert value("for unit price in [1, 2] return unit price * 2") == [2, 4]
    assert value("(function(unit price, n) unit price * n)(unit price: 3, n: 2)") == 6


def test_a_variable_named_like_a_function_does_not_hide_it():
    assert value("count(count)", count=[1, 2]) == 2
    assert value("sum > 3", sum=5) is True


def test_an_application_adds_functions_with_spaces_in_their_name():
    feel = Feel([Extension("working days after", ("date", "n"), lambda date, n: f"{date}+{n}")])
    assert feel.expression("working days after(d, 5)").evaluate({"d": "x"}) == "x+5"
    assert feel.expression("working days after(n: 5, date: d)").evaluate({"d": "x"}) == "x+5"


def test_what_an_extension_raises_becomes_null_with_its_sentence():
    def refuse(_day):
        raise ValueError("the calendar of 2031 is not published")

    warnings: list[str] = []
    feel = Feel([Extension("is working day", ("date",), refuse)])
    assert feel.expression("is working day(1)").evaluate({}, warnings=warnings) is None
    assert warnings == ["line 1, column 15: is working day: the calendar of 2031 is not published"]


def test_an_extension_may_say_the_types_it_takes():
    feel = Feel([Extension("twice", ("n: number",), lambda n: n * 2)])
    assert feel.expression("twice(4)").evaluate({}) == 8
    assert feel.expression('twice("4")').evaluate({}) is None
