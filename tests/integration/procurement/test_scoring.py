"""Scoring by a panel: own sheets, secrecy until all have signed, hints, corrections, ties, and sums anybody can do again."""

from __future__ import annotations

import json
from decimal import Decimal as D

import pytest

from engine.errors import NotPermitted
from procurement.office.scoring import NotOnThePanel
from procurement.registers.score_runs import SheetSigned, SheetsOpen, SheetUnfinished
from tests.support.panels import seat
from tests.support.purchases import Offices


@pytest.fixture(scope="module")
def offices(new_database):
    return Offices(new_database)


@pytest.fixture
def office(offices):
    office = offices.fresh()
    yield office
    office.close()


def test_an_expert_sees_only_the_own_sheet_until_all_have_signed(office):
    panel = seat(office)
    first, second, third = panel.experts
    secret = D("17.77")
    marks = panel.marks()
    marks[panel.organisations[0]]["service_plan"] = {"points": secret, "reason": "绝密理由"}
    panel.fill(first, marks)
    scoring = office.office.scoring
    assert "绝密理由" not in str(scoring.own_sheet(panel.purchase_id, actor=second).marks)
    for who in (second, office.person("采购经办"), office.person("第三方支持机构"), office.person("纪检")):
        with pytest.raises((SheetsOpen, NotPermitted)):
            scoring.result(panel.purchase_id, actor=who)
    for who in (office.person("采购经办"), office.person("第三方支持机构"), office.person("邻里社区服务中心")):
        with pytest.raises(NotOnThePanel):
            scoring.own_sheet(panel.purchase_id, actor=who)
    with pytest.raises(NotPermitted):
        scoring.progress(panel.purchase_id, actor=office.person("邻里社区服务中心"))
    everything = [
        *(v.value for v in office.engine.variables(panel.root_key).items),
        str(office.engine.history(panel.root_key)),
        *(edit.after for edit in office.office.edits("expert_sheets", "1")),
    ]
    assert "绝密理由" not in json.dumps(everything, default=str, ensure_ascii=False)
    assert "17.77" not in json.dumps(everything, default=str)
    for task in panel.tasks("score_bids"):
        owner = next(e for e in panel.experts if e.user_id == task.assignee)
        assert "绝密理由" not in str(office.engine.task_form(task.key, actor=owner).context)
    progress = scoring.progress(panel.purchase_id, actor=office.person("采购经办"))
    assert [state for _, state, _ in progress.members] == ["draft"] * 3
    panel.sign(first)
    panel.sign(second)
    with pytest.raises(SheetsOpen):
        scoring.result(panel.purchase_id, actor=first)
    panel.sign(third)
    assert set(scoring.result(panel.purchase_id, actor=first).marks) == {"exp-01", "exp-02", "exp-03"}


def test_a_sheet_is_signed_only_when_it_is_complete_and_never_changed_after(office):
    panel = seat(office)
    expert = panel.experts[0]
    with pytest.raises(SheetUnfinished):
        office.office.scoring.sign(panel.purchase_id, actor=expert)
    marks = panel.marks()
    marks[panel.organisations[1]]["service_plan"] = {"points": D(25), "reason": ""}
    panel.fill(expert, marks)
    with pytest.raises(SheetUnfinished) as refused:
        office.office.scoring.sign(panel.purchase_id, actor=expert)
    assert refused.value.ids == {"missing": 0, "out_of_range": 0, "no_reason": 1}
    first = panel.sign(expert)
    assert office.office.scoring.sign(panel.purchase_id, actor=expert) == first
    with pytest.raises(SheetSigned):
        panel.fill(expert, panel.marks("0.2"))


def test_a_task_completed_past_the_sheet_comes_back(office):
    panel = seat(office)
    for task in panel.tasks("score_bids"):
        expert = next(e for e in panel.experts if e.user_id == task.assignee)
        panel.complete(task, expert, sheet_sha256="0" * 64, score_confirmed=True)
    assert len(panel.tasks("score_bids")) == 3
    assert not panel.tasks("review_hints")


def test_a_drift_is_hinted_to_the_chair_corrected_by_the_expert_and_kept(office):
    panel = seat(office, experts=5)
    *usual, odd = panel.experts
    for expert in usual:
        panel.sign(expert)
    panel.sign(odd, panel.marks(**{panel.organisations[0].replace("-", "_"): "0.2"}))
    hints = panel.variable("hints")
    assert {hint["kind"] for hint in hints} == {"drift"}
    assert {hint["expert_id"] for hint in hints} == {"exp-05"}
    [task] = panel.tasks("review_hints")
    before = panel.variable("ranking")
    corrections = [{"expert_id": "exp-05", "cause": "drift", "reason": "与其他四位相差过大"}]
    panel.complete(task, panel.experts[0], review_hints_decision="correct", corrections=corrections)
    assert [task.assignee for task in panel.tasks("score_bids")] == [odd.user_id]
    panel.sign(odd)
    assert panel.variable("hints") == []
    assert panel.variable("ranking") != before
    [task] = panel.tasks("review_hints")
    panel.complete(task, panel.experts[0], review_hints_decision="confirm")
    result = office.office.scoring.result(panel.purchase_id, actor=office.person("采购经办"))
    assert {c.cause.partition("：")[0] for c in result.corrections} == {"drift"}
    assert any(hint["kind"] == "drift" for hint in result.hints), "what was hinted stays on record"


def test_every_number_of_the_ranking_can_be_summed_again(office):
    facts = [
        {"organisation_id": key, "fact": fact, "value": value}
        for key, value in (("org-01", 4), ("org-02", 1), ("org-03", 9))
        for fact in ("certified_workers", "similar_contracts")
    ]
    panel = seat(office, fact_rows=facts)
    for n, expert in enumerate(panel.experts):
        panel.sign(expert, panel.marks(("0.8", "0.5", "1")[n]))
    result = office.office.scoring.result(panel.purchase_id, actor=panel.experts[1])
    for place in result.ranking:
        rows = result.explained[place["organisation_id"]]
        assert abs(sum(row["points"] for row in rows) - place["score"]) < D("0.001")
    contracts = next(row for row in result.explained["org-03"] if row["item"] == "similar_contracts")
    assert (contracts["points"], contracts["from"]["counted"]) == (10, 2), "at most two similar contracts count"
    price = next(row for row in result.explained["org-01"] if row["kind"] == "price")
    assert price["from"]["formula"] == "360000 ÷ 370000 × 10"
    assert price["points"] == D("9.73")


def test_equal_scores_go_by_price_and_then_by_a_lot_anybody_can_draw_again(office):
    panel = seat(office, prices=[360000, 360000, 360000], scoring_basis="statutory")
    for expert in panel.experts:
        panel.sign(expert)
    ranking, report = panel.variable("ranking"), panel.variable("score_report")
    assert {place["score"] for place in ranking} == {ranking[0]["score"]}
    assert [place["tie_note"] for place in ranking[1:]] == ["draw", "draw"]
    assert report["seed"] == report["tie_seed"]
    assert "supported_organisation" not in report["tie_steps"], "no preference in the statutory band"


def test_a_bidder_is_told_the_own_score_after_the_publication_only(office):
    panel = seat(office)
    for expert in panel.experts:
        panel.sign(expert)
    bidder = next(o for o in panel.organisations if o == "org-02")
    actor = next(a for a in map(office.person, ["邻里社区服务中心"]) if f"organisation:{bidder}" in a.groups)
    with pytest.raises(NotPermitted, match="not published"):
        office.office.scoring.own_result(panel.purchase_id, bidder, actor=actor)
    with pytest.raises(NotPermitted):
        office.office.scoring.own_result(panel.purchase_id, "org-01", actor=actor)


@pytest.mark.parametrize(("experts", "bids"), [(30, 6), (7, 200)])
def test_large_panels_and_many_bids_are_scored(office, experts, bids):
    panel = seat(office, experts=experts, prices=[400000 - n * 100 for n in range(bids)])
    marks = panel.marks()
    for expert in panel.experts:
        panel.sign(expert, marks)
    assert len(panel.variable("ranking")) == bids
    assert len(office.office.scoring.result(panel.purchase_id, actor=panel.experts[0]).explained) == bids
