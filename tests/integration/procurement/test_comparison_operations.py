from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from engine.errors import BpmnError, NotFound
from procurement.draw import drawn
from procurement.operations.inputs import InputWrong
from procurement.registers import bidding
from procurement.registers.comparison import Application, Award, ExpertDraw, Notice, Objection, Question
from procurement.registers.edits import edits_of
from procurement.registers.parties import ExpertRecusal
from procurement.registers.purchases import Purchase
from tests.integration.procurement.conftest import START
from tests.integration.procurement.sample import expert, organisation

PURCHASE = "CG-2026-0001"
DEADLINE = START + dt.timedelta(days=10)
FILES = [{"name": "参选文件.pdf", "size": 3, "sha256": "a" * 64, "media_type": "application/pdf"}]


@pytest.fixture
def comparison(session, perform):
    """A comparison whose notice is out until DEADLINE, with org-01 and org-02 confirmed and org-03 refused."""
    perform("purchase.record", title="为老服务", step="selection", route="open_comparison")
    perform("notice.publish", kind="comparison_notice", title="公告", content={"价格": 1}, until=DEADLINE)
    for key, result in (("org-01", "passed"), ("org-02", True), ("org-03", "failed")):
        organisation(session, key)
        number = perform("application.register", application={"organisation_id": key, "contact": "张"})["application_id"]
        perform("application.decide", application_id=number, stage="first_check", result=True)
        perform("application.decide", application_id=number, stage="confirm", result=result, reason="核对")


def bid(session, key, price="100", now=START):
    return bidding.submit(session, PURCHASE, key, {"price": D(price), "files": FILES}, by=key, now=now)


def test_notices_are_numbered_without_gaps_and_the_comparison_notice_sets_the_deadlines(session, perform, comparison):
    second = perform("notice.publish", kind="correction", title="更正", content={})
    assert second["notice_number"] == "GG-2026-0002"
    purchase = session.get(Purchase, PURCHASE)
    assert (purchase.apply_until, purchase.bid_until) == (DEADLINE, DEADLINE)
    assert len(second["sha256"]) == 64


def test_a_bare_date_means_the_end_of_that_day(session, perform):
    number = perform("notice.publish", kind="result_publicity", title="公示", until="2026-03-10")["notice_id"]
    assert session.get(Notice, number).until.isoformat() == "2026-03-10T23:59:59+08:00"


def test_a_notice_is_closed_once_with_its_first_reason(session, perform, comparison):
    for reason in ("终止", "again"):
        perform("notice.close", notice_id="GG-2026-0001", reason=reason)
    assert session.get(Notice, "GG-2026-0001").closed_reason == "终止"
    with pytest.raises(NotFound, match="Notice GG-2026-0099"):
        perform("notice.close", notice_id="GG-2026-0099", reason="x")


def test_a_second_application_gets_the_number_of_the_first(perform, comparison):
    again = perform("application.register", application={"organisation_id": "org-01"})
    assert again["duplicate"] is True
    answer = perform("application.list")
    assert (answer["total"], answer["qualified_count"]) == (3, 2)
    assert [row["status"] for row in answer["applications"]] == ["confirmed", "confirmed", "refused"]


def test_a_decision_in_words_nobody_knows_is_refused(session, perform, comparison):
    number = session.query(Application).first().id
    with pytest.raises(InputWrong, match="qualified, unqualified or late"):
        perform("application.decide", application_id=number, stage="confirm", result="perhaps")


def test_a_bid_gets_a_receipt_and_replacing_it_before_the_deadline_leaves_one_that_counts(session, perform, comparison):
    first, second = bid(session, "org-01", "100"), bid(session, "org-01", "90")
    assert (first.number, second.number) == ("SJ-2026-0001", "SJ-2026-0002")
    assert first.sha256 != second.sha256
    assert bidding.current_bid(session, PURCHASE, "org-01").id == second.number


def test_a_bid_in_the_last_second_is_on_time_and_one_second_later_is_late(session, comparison):
    bid(session, "org-01", now=DEADLINE)
    with pytest.raises(bidding.BidLate, match="until 2026-03-12 09:00:00; yours arrived at 2026-03-12 09:00:01"):
        bid(session, "org-02", now=DEADLINE + dt.timedelta(seconds=1))


def test_only_confirmed_applicants_may_submit(session, comparison):
    organisation(session, "org-04")
    for key in ("org-03", "org-04"):
        with pytest.raises(bidding.NotAdmitted):
            bid(session, key)


def test_a_withdrawn_bid_is_destroyed_and_can_be_submitted_anew(session, perform, comparison):
    bid(session, "org-01")
    assert bidding.withdraw(session, PURCHASE, "org-01", START).status == "withdrawn"
    with pytest.raises(NotFound):
        bidding.withdraw(session, PURCHASE, "org-01", START)
    assert bid(session, "org-01").status == "submitted"


def test_bids_cannot_be_opened_before_the_deadline_and_not_changed_after_the_opening(session, perform, comparison):
    bid(session, "org-02", "99.50")
    bid(session, "org-01", "100", now=START + dt.timedelta(hours=1))
    with pytest.raises(bidding.OpeningTooEarly):
        perform("bid.open")
    perform.now = DEADLINE + dt.timedelta(hours=1)
    opened = perform("bid.open")["bids"]
    assert [(row["organisation_id"], row["price"]) for row in opened] == [("org-02", D("99.50")), ("org-01", D(100))]
    assert opened[0]["files"] == FILES
    with pytest.raises(bidding.BidsOpened):
        bidding.withdraw(session, PURCHASE, "org-01", DEADLINE)


def test_the_edit_history_of_a_bid_never_shows_its_content(session, perform, comparison):
    receipt = bid(session, "org-01", "12345.67")
    shown = "".join(f"{edit.before}{edit.after}" for edit in edits_of(session, "bids", receipt.number))
    assert "12345.67" not in shown


def test_the_draw_leaves_out_conflicts_and_can_be_repeated_from_its_record(session, perform, comparison):
    for n in range(1, 8):
        expert(session, f"exp-0{n}")
    expert(session, "exp-08", unit="机构org-01")
    expert(session, "exp-09", fields=("助残",))
    session.add(ExpertRecusal(expert_id="exp-01", organisation_id="org-02", relation="kinship"))
    session.add(
        ExpertRecusal(
            expert_id="exp-02", organisation_id="org-02", relation="employment", until=START.date() - dt.timedelta(days=1)
        )
    )
    session.flush()
    answer = perform(
        "experts.draw", field="养老", number=3, exclude_organisations=["org-01", "org-02"], exclude_experts=["exp-07"]
    )
    assert answer["candidates"] == ["exp-02", "exp-03", "exp-04", "exp-05", "exp-06"]
    assert {row["expert_id"]: row["reason"] for row in answer["excluded"]} == {
        "exp-01": "kinship",
        "exp-07": "excluded by name",
        "exp-08": "same_unit",
    }
    record = session.query(ExpertDraw).one()
    assert record.chosen == [row["expert_id"] for row in answer["experts"]] == drawn(record.seed, record.candidates, 3)


def test_too_few_experts_are_a_business_outcome(session, perform):
    expert(session, "exp-01")
    with pytest.raises(BpmnError) as outcome:
        perform("experts.draw", field="养老", number=5)
    assert (outcome.value.error_code, outcome.value.variables) == ("NOT_ENOUGH_EXPERTS", {"available": 1})


def test_ranking_prefers_the_fostered_organisation_only_when_asked_and_never_in_the_statutory_route(session, perform):
    organisation(session, "org-01")
    organisation(session, "org-02", supported=True)
    bids = [{"organisation_id": key, "name": key, "price": D(100)} for key in ("org-01", "org-02")]
    sheets = [
        {"expert_id": "exp-01", "organisation_id": key, "scores": {"plan": 50, "team": D("40.5")}, "total": None}
        for key in ("org-01", "org-02")
    ]
    perform("purchase.record", title="x", route="open_comparison")
    ranking = perform(
        "scores.rank",
        bids=bids,
        score_sheets=sheets,
        tie_rule={"order": ["score", "price", "fostered", "draw"], "seed": "CG-2026-0001"},
    )["ranking"]
    assert [(row["organisation_id"], row["tie_note"]) for row in ranking] == [
        ("org-02", ""),
        ("org-01", "supported_organisation"),
    ]
    perform("purchase.record", route="statutory")
    ranking = perform("scores.rank", bids=bids, score_sheets=sheets, tie_rule=["price", "fostered", "draw"])["ranking"]
    assert ranking[1]["tie_note"] == "draw"


def test_an_answer_is_published_without_the_asker_and_kept_in_the_register(session, perform, comparison):
    asked = Question(purchase_id=PURCHASE, asked_by="wang", asked_at=START, question="几家?", organisation_id="org-01")
    session.add(asked)
    session.flush()
    content = {"question": {"question_id": asked.id, "name": "王", "text": "几家?"}, "answer": "三家"}
    number = perform("notice.publish", kind="correction", title="答疑", content=content)["notice_id"]
    assert session.get(Notice, number).content == {"question": "几家?", "answer": "三家"}
    assert (asked.answer, asked.answered_at) == ("三家", START)
    assert session.get(Purchase, PURCHASE).bid_until == DEADLINE


def test_an_extension_moves_both_deadlines(session, perform, comparison):
    later = {"applications_close_at": "2026-04-01T17:00:00+08:00", "bids_due_at": "2026-04-08T17:00:00+08:00"}
    perform("notice.publish", kind="correction", title="延期", content=later, until=later["applications_close_at"])
    purchase = session.get(Purchase, PURCHASE)
    assert [purchase.apply_until.isoformat(), purchase.bid_until.isoformat()] == list(later.values())


def test_an_objection_is_registered_once_and_its_outcome_kept(session, perform, comparison):
    sent = {"name": "李", "contact": "1", "request": "重评", "facts": "专家应当回避", "files": FILES}
    first = perform("objection.register", objection=sent)["objection_id"]
    assert perform("objection.register", objection={**sent, "objection_id": first})["objection_id"] == first
    for result, status in (("re_evaluate", "upheld"), ("refuse", "rejected")):
        assert perform("objection.decide", objection_id=first, result=result, answer="已核查")["status"] == status
    assert session.get(Objection, first).evidence == FILES


def test_a_comparison_that_is_closed_to_be_run_again_begins_empty(session, perform, comparison):
    bid(session, "org-01")
    perform("notice.close", notice_id="GG-2026-0001", reason="不足三家")
    assert perform("application.list")["total"] == 0
    assert bidding.current_bid(session, PURCHASE, "org-01") is None
    with pytest.raises(bidding.BidsNotAwaited):
        bid(session, "org-02")
    assert perform("application.register", application={"organisation_id": "org-01"})["duplicate"] is False


def test_a_late_application_is_registered_as_late(perform, comparison, session):
    organisation(session, "org-09")
    number = perform("application.register", application={"organisation_id": "org-09"})["application_id"]
    assert (
        perform("application.decide", application_id=number, stage="first_check", result="late", reason="逾期")["status"]
        == "late"
    )


def test_an_award_replaces_the_one_before(session, perform):
    organisation(session, "org-01")
    organisation(session, "org-02")
    perform("purchase.record", title="x")
    for key in ("org-01", "org-02"):
        perform("award.record", organisation_id=key, amount=D(48000), method="committee")
    assert [(award.organisation_id, award.status) for award in session.query(Award).order_by(Award.id)] == [
        ("org-01", "void"),
        ("org-02", "valid"),
    ]
    assert session.get(Purchase, PURCHASE).organisation_id == "org-02"
