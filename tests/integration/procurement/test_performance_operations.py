from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from engine.errors import NotFound
from procurement.archive import sealed
from procurement.operations.inputs import InputWrong
from procurement.operations.performance import ContractEnded, PaidTooMuch
from procurement.registers.parties import CreditEntry
from procurement.registers.performance import Contract, Milestone, Proposal
from procurement.registers.purchases import Purchase
from tests.integration.procurement.sample import catalogue_item, organisation

MILESTONES = [
    {"title": "启动", "due_on": "2026-04-01", "amount": D(19200)},
    {"title": "中期", "due_on": dt.date(2026, 10, 1), "amount": D(28800)},
]


def contract(perform, **more):
    inputs = {
        "organisation_id": "org-01",
        "amount": D(48000),
        "starts_on": "2026-04-01",
        "ends_on": "2027-03-31",
        "clauses": {"服务范围": "x"},
    }
    return perform("contract.create", **{**inputs, "milestones": MILESTONES, **more})


@pytest.fixture(autouse=True)
def supplier(session):
    organisation(session, "org-01")


def test_a_contract_keeps_its_milestones_and_a_hash_of_what_is_signed(session, perform):
    answer = contract(perform)
    assert answer["number"] == "HT-2026-0001"
    assert [m.title for m in session.query(Milestone).order_by(Milestone.number)] == ["启动", "中期"]
    perform("contract.sign", contract_id=answer["contract_id"], signed_on="2026-03-20")
    assert session.get(Contract, "HT-2026-0001").signed_on == dt.date(2026, 3, 20)


def test_milestones_that_do_not_sum_to_the_contract_are_refused(perform):
    with pytest.raises(InputWrong, match=r"sum to 47999.99"):
        contract(perform, amount=D("47999.99"))


def test_a_contract_that_ends_before_it_starts_is_refused(perform):
    with pytest.raises(InputWrong, match="ends_on"):
        contract(perform, ends_on="2026-03-31")


def test_payments_add_up_and_never_exceed_the_contract(perform):
    number = contract(perform)["contract_id"]
    assert (
        perform("payment.record", contract_id=number, milestone="启动", amount=19200, paid_on="2026-04-10")["paid_total"] == 19200
    )
    answer = perform("payment.record", contract_id=number, milestone=MILESTONES[1], amount=D(28800), paid_on="2026-10-10")
    assert (answer["paid_total"], answer["remaining"]) == (48000, 0)
    with pytest.raises(PaidTooMuch, match=r"0.01 yuan more would be too much"):
        perform("payment.record", contract_id=number, milestone="x", amount=D("0.01"), paid_on="2026-10-10")


def test_a_terminated_contract_can_be_neither_signed_nor_completed(session, perform):
    number = contract(perform)["contract_id"]
    perform("contract.terminate", contract_id=number, reason="拒绝整改")
    assert perform("contract.complete", contract_id=number)["status"] == "terminated"
    with pytest.raises(ContractEnded, match="terminated"):
        perform("contract.sign", contract_id=number)
    with pytest.raises(NotFound, match="Contract HT-2020-0001"):
        perform("contract.sign", contract_id="HT-2020-0001")


def test_a_negative_entry_bars_for_the_years_of_the_rule_first_and_last_day_included(session, perform):
    answer = perform("credit.record", organisation_id="org-01", kind="negative", reason="冒领财政资金")
    assert answer["until"] == dt.date(2029, 3, 1)
    for day, barred in (("2026-03-01", False), ("2026-03-02", True), ("2029-03-01", True), ("2029-03-02", False)):
        assert perform("organisation.check", organisation_id="org-01", on=day)["negative_listed"] is barred
    entry = session.query(CreditEntry).one()
    entry.lifted_on = dt.date(2026, 6, 1)
    session.flush()
    assert perform("organisation.check", organisation_id="org-01", on="2026-06-01")["negative_listed"] is False


def test_an_unknown_organisation_is_checked_without_an_error(perform):
    answer = perform("organisation.check", organisation_id="org-99")
    assert (answer["found"], answer["active"], answer["negative_listed"]) == (False, False, False)


def test_the_list_of_organisations_says_who_is_barred(session, perform):
    organisation(session, "org-02", incubated=True)
    perform("credit.record", organisation_id="org-01", kind="negative", reason="x", until="2026-12-31")
    rows = {row["organisation_id"]: row for row in perform("organisation.list")["organisations"]}
    assert (rows["org-01"]["negative_listed"], rows["org-02"]["negative_listed"], rows["org-02"]["fostered"]) == (
        True,
        False,
        True,
    )


def test_the_catalogue_answers_for_the_day_asked(session, perform):
    catalogue_item(session, "A01", "2024-01-01", "2025-12-31")
    catalogue_item(session, "A01", "2026-01-01", statutory_scope=True)
    assert perform("catalogue.lookup", code="A01", on="2025-12-31")["statutory_scope"] is False
    assert perform("catalogue.lookup", code="A01", on="2026-01-01")["statutory_scope"] is True
    assert perform("catalogue.lookup", code="A99")["found"] is False
    assert [item["code"] for item in perform("catalogue.list")["items"]] == ["A01"]


def test_monitoring_findings_may_be_text_or_structured(perform):
    assert perform("monitoring.record", kind="visit", findings="现场正常")["record_id"]
    assert perform("monitoring.record", kind="satisfaction", findings={"样本": 50, "满意": D("0.96")})["record_id"]


def test_proposals_become_open_demands(session, perform):
    ids = perform("demand.propose", proposals=["继续助餐", {"title": "增加日间照料", "group": "高龄老人"}])["proposal_ids"]
    assert [proposal.title for proposal in session.query(Proposal).order_by(Proposal.id)] == ["继续助餐", "增加日间照料"]
    assert len(ids) == 2
    with pytest.raises(InputWrong, match="title"):
        perform("demand.propose", proposals=[{"group": "老人"}])


def test_the_case_file_lists_every_register_row_with_its_hash(session, perform):
    perform("purchase.record", title="x")
    perform("notice.publish", kind="result", title="结果", content={})
    number = contract(perform)["contract_id"]
    perform("payment.record", contract_id=number, milestone="启动", amount=19200, paid_on="2026-04-10")
    case_file = perform("archive.assemble")["case_file"]
    assert [line["kind"] for line in case_file["manifest"]] == [
        "contract",
        "milestone",
        "milestone",
        "notice",
        "purchase",
        "payment",
    ]
    assert all(len(line["sha256"]) == 64 for line in case_file["manifest"])
    assert case_file["sha256"] == sealed(case_file["manifest"])
    assert case_file["keep_until"] == dt.date(2041, 3, 2)


def test_recording_what_is_no_step_or_status_is_refused(perform):
    for name in ("step", "status", "route"):
        with pytest.raises(InputWrong, match=f"{name} should be one of"):
            perform("purchase.record", title="x", **{name: "nonsense"})


def test_a_purchase_ends_when_its_status_says_so(session, perform):
    perform("purchase.record", title="x", status="delivering", reason="")
    assert session.get(Purchase, "CG-2026-0001").ended_at is None
    perform("purchase.record", status="terminated", reason="拒绝整改")
    assert session.get(Purchase, "CG-2026-0001").ended_at is not None
