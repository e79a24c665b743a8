"""Sheets, objective items, marks and hints: exact, and the same in whatever order they come."""

from __future__ import annotations

import random
from decimal import Decimal as D
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dmn import load
from engine.errors import InvalidInput
from engine.feel import Feel
from procurement.registers.score_sheets import shipped
from procurement.scoring import Candidate, Sheet, TieStep, rank
from procurement.scoring.hints import hints
from procurement.scoring.marks import lacks, totals
from procurement.scoring.objective import computed
from procurement.scoring.sheets import Item, Rule, SheetModel, Step, bands, digest, drawn_up, read, scaled

ITEM = Item("plan", "方案", "subjective", D(40), levels=bands(D(40)))
SHEET = SheetModel("", (ITEM,))


@pytest.mark.parametrize("template", shipped(), ids=lambda one: one.id)
def test_shipped_templates_sum_to_a_hundred_and_every_level_says_what_it_takes(template):
    model = template.model
    assert sum(item.maximum for item in model.items) == 100
    assert all(level.takes for item in model.of_kind("subjective") for level in item.levels)
    assert all(max(level.points for level in item.levels) == item.maximum for item in model.of_kind("subjective"))
    assert all(item.rule.steps[-1].points == item.maximum for item in model.of_kind("objective"))
    assert read(model.as_json()) == model


@given(st.integers(1, 100))
def test_bands_leave_no_cent_out(maximum):
    levels = bands(D(maximum))
    assert levels[0].points == maximum
    assert levels[-1].low == 0
    assert all(upper.low - lower.points == D("0.01") for upper, lower in pairwise(levels))


@given(st.integers(1, 100), st.integers(1, 100))
def test_scaling_keeps_the_best_level_at_the_maximum(before, after):
    item = scaled(Item("a", "a", "subjective", D(before), levels=bands(D(before))), D(after))
    assert item.levels[0].points == item.maximum == after


def test_a_row_named_as_in_the_template_takes_over_its_levels_and_another_is_graded_in_bands():
    template = next(one for one in shipped() if one.id == "community_service").model
    rows = [
        {"criterion": "服务方案", "kind": "technical", "weight": 50, "basis": "x"},
        {"criterion": "持证社会工作者人数", "kind": "objective", "weight": 20, "basis": "x"},
        {"criterion": "自拟", "kind": "technical", "weight": 20, "basis": "四档"},
        {"criterion": "报价", "kind": "price", "weight": 10, "basis": "低价"},
    ]
    made = drawn_up(template, rows)
    assert [item.kind for item in made.items] == ["subjective", "objective", "subjective", "price"]
    assert made.items[0].levels[0].takes
    assert made.items[1].rule.steps[-1].points == 20
    assert [level.label for level in made.items[2].levels] == ["优", "良", "中", "差"]
    assert digest(made.as_json()) == digest(read(made.as_json()).as_json())


@pytest.mark.parametrize(("value", "points"), [(None, 0), ("x", 0), (0, 0), (1, 3), (3, 6), (4, 10), (400, 10)])
def test_objective_points_are_those_of_the_highest_step_reached(value, points):
    rule = Rule("f", "持证社工", "人", (Step(D(1), D(3)), Step(D(2), D(6)), Step(D(4), D(10))))
    assert computed(Item("i", "i", "objective", D(10), rule=rule), value).points == points


def test_at_most_so_much_of_a_fact_counts():
    rule = Rule("f", "同类合同", "份", (Step(D(1), D(5)), Step(D(2), D(8)), Step(D(5), D(10))), most=D(2))
    assert computed(Item("i", "i", "objective", D(10), rule=rule), 9).points == 8


@pytest.mark.parametrize(
    "broken", [{"name": ""}, {"maximum": "x"}, {"kind": "taste"}, {"kind": "objective"}, {"maximum": "-1"}, {"maximum": "NaN"}]
)
def test_an_unreadable_item_is_named(broken):
    with pytest.raises(InvalidInput) as refused:
        read({"items": [{"name": "a", "kind": "subjective", "maximum": 10} | broken]})
    assert refused.value.fields[0].path == "items[0]"


@pytest.mark.parametrize(
    ("points", "reason", "problem"),
    [(None, "", "missing"), ("", "", "missing"), ("abc", "", "missing"), ("40.01", "r", "out_of_range"), ("20.005", "", "out_of_range"),
     ("-1", "r", "out_of_range"), ("40", "", "no_reason"), ("0", " ", "no_reason")],
)  # fmt: skip
def test_a_cell_says_what_it_lacks(points, reason, problem):
    [lack] = lacks(SHEET, ["o"], {"o": {"plan": {"points": points, "reason": reason}}})
    assert lack.problem == problem


@given(st.lists(st.decimals(0, 40, places=2), min_size=1, max_size=8))
def test_totals_are_exact(points):
    items = tuple(Item(f"i{n}", f"i{n}", "subjective", D(40), levels=bands(D(40))) for n in range(len(points)))
    marks = {"o": {item.id: {"points": value, "reason": "r"} for item, value in zip(items, points, strict=True)}}
    assert totals(SheetModel("", items), ["o"], marks)["o"] == sum(points)
    assert not lacks(SheetModel("", items), ["o"], marks)


def drifting(*points, share="0.3"):
    marks = {f"e{n}": {"o": {"plan": {"points": D(value)}}} for n, value in enumerate(points)}
    return [hint.expert_id for hint in hints(SHEET, ["o"], marks, D(share)) if hint.kind == "drift"]


def test_exactly_at_the_limit_is_no_drift_and_a_cent_beyond_is():
    assert drifting(30, 30, 30, 18) == []
    assert drifting(30, 30, 30, "17.99") == ["e3"]


def test_two_experts_cannot_drift_from_each_other():
    assert drifting(40, 1) == []


@given(st.lists(st.integers(0, 40), min_size=3, max_size=9), st.randoms(use_true_random=False))
def test_hints_do_not_depend_on_the_order_of_the_experts(points, shuffle: random.Random):
    experts = list(enumerate(points))
    shuffle.shuffle(experts)
    again = {f"e{n}": {"o": {"plan": {"points": D(value)}}} for n, value in experts}
    assert sorted(drifting(*points)) == sorted(h.expert_id for h in hints(SHEET, ["o"], again, D("0.3")) if h.kind == "drift")


def test_unequal_objective_points_are_hinted():
    rule = Rule("f", "f", "", (Step(D(1), D(5)),))
    sheet = SheetModel("", (Item("x", "x", "objective", D(5), rule=rule),))
    marks = {"a": {"o": {"x": {"points": 5}}}, "b": {"o": {"x": {"points": 4}}}}
    assert {hint.kind for hint in hints(sheet, ["o"], marks, D("0.3"))} == {"unequal_objective"}


def test_a_tie_in_a_consultation_goes_by_price_and_then_by_the_technical_score():
    candidates = [Candidate("a", "A", D(100)), Candidate("b", "B", D(100))]
    sheets = [Sheet("e", "a", D(80)), Sheet("e", "b", D(81))]
    points = {"a": D(10), "b": D(9)}
    found = rank(candidates, sheets, [TieStep.LOWER_PRICE, TieStep.TECHNICAL], "s", price_points=points)
    assert [(place.organisation_id, place.tie_note) for place in found.places] == [("b", ""), ("a", "technical")]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2)), min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_the_order_in_which_bids_come_changes_no_rank(rows, shuffle: random.Random):
    candidates = [Candidate(f"o{n}", f"o{n}", D(price)) for n, (_, price) in enumerate(rows)]
    sheets = [Sheet("e", f"o{n}", D(score)) for n, (score, _) in enumerate(rows)]
    points = {candidate.organisation_id: D(0) for candidate in candidates}
    steps = [TieStep.LOWER_PRICE, TieStep.DRAW]
    first = rank(candidates, sheets, steps, "seed", price_points=points).places
    shuffle.shuffle(candidates)
    shuffle.shuffle(sheets)
    assert rank(candidates, sheets, steps, "seed", price_points=points).places == first


@pytest.mark.parametrize("template", shipped(), ids=lambda one: one.id)
def test_shipped_templates_pass_the_check_a_comparison_makes_of_its_sheet(template):
    path = Path(__file__).parents[3] / "processes/comparison_preparation/score_sheet_check.dmn"
    table = load(path.read_bytes(), feel=Feel())
    facts = {"sheet": template.model.as_json(), "scoring_basis": "comparison"}
    assert table.evaluate("score_sheet_check", facts).value == []
