"""The static check of tables, and the promise it makes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import load
from engine.dmn.analysis import analyse
from engine.dmn.errors import NoRuleMatched, RulesOverlap
from engine.feel import Feel
from tests.unit.dmn.conftest import decision_xml, model_xml, table_xml

FEEL = Feel()
AMOUNT = [("amount", "number")]
OUT = [("out", "string")]


def messages(model, severity=None):
    return [p.message for p in model.check() if severity in (None, p.severity)]


def test_a_sound_table_has_no_findings(make):
    assert messages(make(AMOUNT, OUT, [("<= 50000", '"a"'), ("> 50000", '"b"')])) == []


def test_a_gap_at_the_limit_is_shown_with_the_amount(make):
    (gap,) = messages(make(AMOUNT, OUT, [("< 50000", '"a"'), ("> 50000", '"b"')]))
    assert "no rule matches amount = 50000" in gap


def test_a_gap_between_limits_and_below_zero_is_shown(make):
    found = messages(make(AMOUNT, OUT, [("[0..100]", '"a"'), (">= 200", '"b"')]))
    assert any("amount = -1" in gap for gap in found)
    assert any("amount = 150" in gap for gap in found)


def test_allowed_input_values_narrow_what_must_be_answered(make):
    assert messages(make([("amount", "number", ">= 0")], OUT, [("< 100", '"a"'), (">= 100", '"b"')])) == []
    assert messages(make([("kind", "string", '"x","y"')], OUT, [('"x"', '"a"'), ('"y"', '"b"')])) == []


def test_an_overlap_of_unique_rules_is_an_error_with_numbers_and_witness(make):
    (overlap,) = messages(make(AMOUNT, OUT, [("<= 50000", '"a"'), (">= 50000", '"b"')]), "error")
    assert "rules 1, 2 all match amount = 50000" in overlap


def test_any_may_overlap_with_equal_answers_only(make):
    assert messages(make(AMOUNT, OUT, [("<= 5", '"a"'), (">= 5", '"a"')], hit="ANY")) == []
    assert len(messages(make(AMOUNT, OUT, [("<= 5", '"a"'), (">= 5", '"b"')], hit="ANY"))) == 1


def test_a_rule_behind_rules_that_take_everything_is_unreachable(make):
    (found,) = messages(make(AMOUNT, OUT, [("<= 5", '"a"'), ("> 5", '"b"'), ("7", '"c"')], hit="FIRST"))
    assert "rule 3 can never answer" in found


def test_a_cell_that_contradicts_the_allowed_values_is_unreachable(make):
    found = messages(make([("kind", "string", '"x","y"')], OUT, [('"x"', '"a"'), ('"y"', '"b"'), ('"z"', '"c"')]))
    assert any("rule 3 can never answer" in message for message in found)


def test_days_next_to_each_other_leave_no_gap(make):
    rules = [('<= date("2025-12-31")', '"a"'), ('>= date("2026-01-01")', '"b"')]
    assert messages(make([("day", "date")], OUT, rules)) == []


def test_a_missing_day_is_shown(make):
    rules = [('< date("2025-12-31")', '"a"'), ('>= @"2026-01-01"', '"b"')]
    (gap,) = messages(make([("day", "date")], OUT, rules))
    assert "2025-12-31" in gap


def test_booleans_and_negations_are_understood(make):
    inputs = [("scope", "boolean"), ("kind", "string")]
    assert messages(make(inputs, OUT, [("true", "-", '"a"'), ("false", 'not("x")', '"b"'), ("false", '"x"', '"c"')])) == []
    (gap,) = messages(make(inputs, OUT, [("true", "-", '"a"'), ("false", 'not("x")', '"b"')]))
    assert 'scope = false, kind = "x"' in gap


def test_wrong_types_are_errors(make):
    (found,) = messages(make(AMOUNT, OUT, [('"much"', '"a"'), ("-", '"b"')], hit="FIRST"), "error")
    assert 'rule 1, column amount: "much" is a string, but the column is of type number' in found
    (found,) = messages(make([("day", "date")], OUT, [('< "2026-01-01"', '"a"')], hit="FIRST"), "error")
    assert "is a string" in found
    (found,) = messages(make(AMOUNT, [("out", "number")], [("-", '"a"')]), "error")
    assert 'output out: "a" is not of type number' in found
    (found,) = messages(make(AMOUNT, [("out", "string", '"x"')], [("-", '"a"')]), "error")
    assert "not one of the allowed values" in found


def test_what_cannot_be_analysed_is_neither_gap_nor_overlap_nor_complete(make):
    model = make(AMOUNT, OUT, [("< limit", '"a"'), (">= limit", '"b"')])
    assert messages(model) == []
    assert analyse(model.graph.tables[0], FEEL).complete is False


def test_a_wide_table_is_checked_quickly(make):
    inputs = [(f"x{n}", "number") for n in range(8)]
    rules = [(*(f"> {row * column}" if row % 3 else "-" for column in range(8)), '"a"') for row in range(25)]
    assert messages(make(inputs, OUT, rules, hit="COLLECT")) is not None


number_cells = st.one_of(
    st.just("-"),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), st.integers(-3, 3)),
    st.builds("{}{}..{}{}".format, st.sampled_from("[("), st.integers(-3, 0), st.integers(1, 3), st.sampled_from("])")),
    st.builds("not({})".format, st.integers(-3, 3)),
    st.integers(-3, 3).map(str),
)
text_cells = st.sampled_from(["-", '"x"', '"y"', '"x","y"', 'not("x")', 'not("x","y")'])
flag_cells = st.sampled_from(["-", "true", "false"])
rows = st.lists(st.tuples(number_cells, text_cells, flag_cells), min_size=1, max_size=6)
cases = st.tuples(st.decimals(-5, 5, places=1), st.sampled_from(["x", "y", "z", "other"]), st.booleans())


@settings(max_examples=150, deadline=None)
@given(rows, st.lists(cases, min_size=1, max_size=12))
def test_a_table_called_complete_never_fails_to_match_and_one_without_overlaps_never_matches_twice(rules, inputs):
    columns = [("n", "number"), ("t", "string"), ("b", "boolean")]
    text = model_xml(decision_xml(table_xml(columns, OUT, [(*rule, f'"{k}"') for k, rule in enumerate(rules)])))
    model = load(text, feel=FEEL)
    found = analyse(model.graph.tables[0], FEEL)
    failures = set()
    for n, t, b in inputs:
        try:
            model.evaluate("route", {"n": Decimal(n), "t": t, "b": b})
        except (NoRuleMatched, RulesOverlap) as error:
            failures.add(type(error))
    assert not (found.complete and NoRuleMatched in failures)
    assert not (not found.overlaps and RulesOverlap in failures)


@settings(max_examples=100, deadline=None)
@given(rows)
def test_every_witness_is_a_real_one(rules):
    columns = [("n", "number"), ("t", "string"), ("b", "boolean")]
    model = load(model_xml(decision_xml(table_xml(columns, OUT, [(*rule, '"k"') for rule in rules]))), feel=FEEL)
    found = analyse(model.graph.tables[0], FEEL)
    for gap in found.gaps:
        with pytest.raises(NoRuleMatched):
            model.evaluate("route", dict(zip("ntb", gap, strict=True)))
    for positions, witness in found.overlaps:
        with pytest.raises(RulesOverlap, match=", ".join(str(p + 1) for p in positions)):
            model.evaluate("route", dict(zip("ntb", witness, strict=True)))


def test_columns_that_read_the_same_variable_are_not_combined_impossibly(make):
    inputs = [
        ("fund", "string", '"fiscal","other"'),
        ('in_catalogue and fund = "fiscal"', "boolean"),
        ("amount > 5", "boolean"),
        ("amount", "number"),
    ]
    rules = [('"fiscal"', "true", "-", "-", '"a"'), ("-", "false", "true", "> 5", '"b"'), ("-", "false", "false", "<= 5", '"c"')]
    assert messages(make(inputs, OUT, rules)) == []
    gaps = messages(make(inputs, OUT, [rules[0], rules[1], ("-", "false", "false", "< 5", '"c"')]))
    assert gaps
    assert all("amount > 5 = false, amount = 5" in gap for gap in gaps)
