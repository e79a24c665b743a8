"""Decision tables: hit policies, defaults, types, errors and explanations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from engine import json_codec
from engine.dmn.errors import NoRuleMatched, RulesOverlap, UnknownDecision, ValueNotAllowed
from engine.errors import ExecutionFailed, NotFound

AMOUNT = [("amount", "number")]
ROUTE = [("route", "string")]
LIMITS = [("<= 50000", '"committee"', "第九条(一)"), ("> 50000", '"open_comparison"', "第九条(二)")]


@pytest.mark.parametrize(
    ("amount", "route"),
    [("49999.99", "committee"), ("50000", "committee"), ("50000.00", "committee"), ("50000.01", "open_comparison")],
)
def test_the_exact_limit_falls_on_the_side_that_is_written(make, amount, route):
    assert make(AMOUNT, ROUTE, LIMITS).evaluate("route", {"amount": Decimal(amount)}).value == route


def test_the_explanation_says_what_was_read_which_rule_matched_and_its_legal_source(make):
    evaluation = make(AMOUNT, ROUTE, LIMITS).evaluate("route", {"amount": 60000, "unread": 1})
    assert evaluation.explanation == {
        "decision": "route",
        "name": "route",
        "inputs": {"amount": 60000},
        "tables": [
            {
                "id": "the_table",
                "name": "route",
                "hit_policy": "UNIQUE",
                "inputs": [{"label": "amount", "expression": "amount", "value": Decimal(60000)}],
                "matched": [
                    {"rule": 2, "id": "rule_2", "annotations": {"依据": "第九条(二)"}, "outputs": {"route": "open_comparison"}},
                ],
            }
        ],
    }
    assert json_codec.loads(json_codec.dumps(evaluation.explanation))["decision"] == "route"


def test_overlapping_unique_rules_are_an_error_with_their_numbers(make):
    model = make(AMOUNT, ROUTE, [("<= 50000", '"a"'), (">= 50000", '"b"')])
    with pytest.raises(RulesOverlap) as caught:
        model.evaluate("route", {"amount": 50000})
    assert "Rules 1, 2" in str(caught.value)
    assert "amount = 50000" in str(caught.value)
    assert isinstance(caught.value, ExecutionFailed)
    assert model.evaluate("route", {"amount": 50000}, strict=False).value is None


def test_no_matching_rule_is_an_error_with_the_inputs(make):
    model = make(AMOUNT, ROUTE, [("< 0", '"a"')])
    with pytest.raises(NoRuleMatched, match="amount = 5"):
        model.evaluate("route", {"amount": 5})
    with pytest.raises(NoRuleMatched, match="amount = null"):
        model.evaluate("route", {})
    assert model.evaluate("route", {"amount": 5}, strict=False).value is None


def test_a_default_output_answers_when_no_rule_does(make):
    model = make(AMOUNT, ROUTE, [("< 0", '"a"')], default='"ask"')
    evaluation = model.evaluate("route", {"amount": 5})
    assert evaluation.value == "ask"
    assert evaluation.explanation["tables"][0]["default"] is True


RISING = [("> 1", "10"), ("> 2", "20"), ("> 3", "20")]


@pytest.mark.parametrize(
    ("hit", "aggregation", "expected"),
    [
        ("FIRST", "", 10),
        ("RULE ORDER", "", [10, 20, 20]),
        ("COLLECT", "", [10, 20, 20]),
        ("COLLECT", "SUM", 50),
        ("COLLECT", "MIN", 10),
        ("COLLECT", "MAX", 20),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_every_hit_policy_combines_matches_in_its_own_way(make, hit, aggregation, expected):
    model = make(AMOUNT, [("n", "number")], RISING, hit=hit, aggregation=aggregation)
    assert model.evaluate("route", {"amount": 9}).value == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("", []), ("SUM", None), ("COUNT", 0)])
def test_collecting_nothing_is_no_error(make, aggregation, expected):
    model = make(AMOUNT, [("n", "number")], RISING, hit="COLLECT", aggregation=aggregation)
    assert model.evaluate("route", {"amount": 0}).value == expected


def test_any_wants_equal_answers(make):
    model = make(AMOUNT, ROUTE, [("> 1", '"a"'), ("> 2", '"a"'), ("> 3", '"b"')], hit="ANY")
    assert model.evaluate("route", {"amount": 3}).value == "a"
    with pytest.raises(RulesOverlap, match="Rules 1, 2, 3"):
        model.evaluate("route", {"amount": 4})


def test_priority_and_output_order_follow_the_listed_output_values(make):
    outputs = [("level", "string", '"high","middle","low"'), ("n", "number", "3,2,1")]
    rules = [("> 1", '"low"', "1"), ("> 2", '"high"', "1"), ("> 3", '"high"', "3")]
    assert make(AMOUNT, outputs, rules, hit="PRIORITY").evaluate("route", {"amount": 9}).value == {"level": "high", "n": 3}
    ordered = make(AMOUNT, outputs, rules, hit="OUTPUT ORDER").evaluate("route", {"amount": 9}).value
    assert [(row["level"], row["n"]) for row in ordered] == [("high", 3), ("high", 1), ("low", 1)]


def test_a_value_outside_the_allowed_ones_is_refused_by_name(make):
    model = make([("kind", "string", '"department","community"')], ROUTE, [('"department"', '"a"'), ('"community"', '"b"')])
    with pytest.raises(ValueNotAllowed, match='kind "party" is not one of the allowed values "department","community"'):
        model.evaluate("route", {"kind": "party"})
    assert model.evaluate("route", {"kind": "community"}).value == "b"


def test_dates_stored_as_text_are_read_as_dates_where_the_column_says_so(make):
    model = make([("signed", "date")], ROUTE, [('< date("2026-01-01")', '"old"'), ('>= date("2026-01-01")', '"new"')])
    assert model.evaluate("route", {"signed": "2025-12-31"}).value == "old"
    assert model.evaluate("route", {"signed": dt.date(2026, 1, 1)}).value == "new"
    assert model.evaluate("route", {"signed": "2026-01-01"}).explanation["tables"][0]["inputs"][0]["value"] == "2026-01-01"


def test_cells_may_read_other_variables_and_test_the_input_by_a_question_mark(make):
    model = make(
        AMOUNT, ROUTE, [("<= limit", '"small"'), ("? > limit and ? < limit * 10", '"middle"'), (">= limit * 10", '"large"')]
    )
    assert [model.evaluate("route", {"amount": n, "limit": 100}).value for n in (100, 101, 1000)] == ["small", "middle", "large"]


def test_chinese_names_and_text_need_nothing_special(make):
    model = make(
        [("采购金额", "number"), ("类别", "string")],
        [("方式", "string")],
        [("<= 50000", '"养老","助残"', '"党工委会议"'), ("-", "-", '"其他"')],
        hit="FIRST",
    )
    assert model.evaluate("route", {"采购金额": 5, "类别": "助残"}).value == "党工委会议"


def test_a_decision_is_found_by_id_or_name_and_an_unknown_one_is_named(make):
    model = make(AMOUNT, ROUTE, LIMITS)
    assert model.decisions["route"].name == "route"
    with pytest.raises(UnknownDecision, match=r"no decision budget\. It has: route") as caught:
        model.evaluate("budget", {})
    assert isinstance(caught.value, NotFound)
