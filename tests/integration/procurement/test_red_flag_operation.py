"""flags.* against the registers and the real table of limits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import dmn
from engine.errors import NotFound
from engine.feel import Feel
from procurement.operations.inputs import InputWrong
from procurement.registers.comparison import Award, Bid
from procurement.registers.edits import edit_as
from procurement.registers.flags import RedFlag
from procurement.registers.parties import Organisation
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import BidFileMetadata
from tests.integration.procurement.conftest import START, Perform
from tests.integration.procurement.sample import organisation

PURCHASE = "CG-2026-0001"
TABLES = Path(__file__).parents[3] / "processes" / "rules"


@pytest.fixture(scope="module")
def tables():
    feel = Feel()
    return {
        name: dmn.load((TABLES / f"{name}.dmn").read_bytes(), file=f"{name}.dmn", feel=feel)
        for name in ("office_rules", "red_flag_rules")
    }


@pytest.fixture
def perform(session, tables, monkeypatch):
    def decide(_self, decision, inputs):
        return tables[decision].evaluate(decision, inputs).value

    monkeypatch.setattr(Perform, "_decide", decide)
    return Perform(session)


@pytest.fixture
def purchase(session, perform):
    perform("purchase.record", title="为老服务", step="selection", route="open_comparison", unit="民政科")
    row = session.get(Purchase, PURCHASE)
    row.unit, row.catalogue_code, row.amount = "民政科", "A0101", D(40000)
    for n in range(1, 5):
        organisation(session, f"org-{n:02}")
    session.flush()
    return row


def another(session, number, amount, unit="民政科"):
    row = Purchase(
        id=number,
        title=number,
        unit=unit,
        initiator="x",
        initiator_kind="department",
        catalogue_code="A0101",
        amount=D(amount),
        step="selection",
        started_at=START,
        updated_at=START,
    )
    session.add(row)
    session.flush()
    return row


def opened(session, perform, key, price, *, address="", agent="", **metadata):
    number = perform("application.register", application={"organisation_id": key})["application_id"]
    bid = Bid(
        id=f"HZ-{key}",
        purchase_id=PURCHASE,
        application_id=number,
        organisation_id=key,
        name=f"机构{key}",
        sha256="a" * 64,
        submitted_at=START,
        submitted_by=key,
        status="opened",
        sender_address=address,
        user_agent=agent,
    )
    session.add(bid)
    session.flush()
    session.add(
        BidFileMetadata(
            purchase_id=PURCHASE,
            bid_id=bid.id,
            organisation_id=key,
            number=1,
            name="方案.docx",
            media_type="x",
            size=1,
            sha256=f"{key[-2:]}" * 32,
            **metadata,
        )
    )
    session.flush()
    return {"organisation_id": key, "name": bid.name, "price": price}


def kinds(answer):
    return sorted(flag["kind"] for flag in answer["flags"])


def test_a_need_split_below_the_limit_is_flagged_with_each_purchase(session, perform, purchase):
    another(session, "CG-2026-0002", 30000)
    answer = perform("flags.need", amount="49000", catalogue_code="A0101")
    assert kinds(answer) == ["just_below_limit", "splitting"]
    flag = session.scalars(select(RedFlag).where(RedFlag.kind == "splitting")).one()
    assert [e["where"] for e in flag.evidence if e["what"] == "purchase"] == [PURCHASE, "CG-2026-0002"]
    assert flag.rule["article"] == "第二十八条"


def test_applications_that_share_a_telephone(session, perform, purchase):
    session.get(Organisation, "org-01").phone = "028-1234 5678"
    for key, phone in (("org-01", ""), ("org-02", "02812345678"), ("org-03", "1")):
        perform("application.register", application={"organisation_id": key, "phone": phone, "contact": key})
    answer = perform("flags.applications")
    # all sample organisations have one legal representative, which is seen as well
    assert kinds(answer) == ["same_contact", "same_contact"]
    assert ["org-01", "org-02"] in [flag["organisations"] for flag in answer["flags"]]


def test_bids_are_compared_by_what_their_files_and_senders_left(session, perform, purchase):
    same = {"address": "10.0.0.8", "agent": "Firefox"}
    bids = [
        opened(session, perform, "org-01", D(38000), **same, author="李华"),
        opened(session, perform, "org-02", D(38000), **same, author="张敏"),
        opened(session, perform, "org-03", D(39500), author="李华"),
    ]
    answer = perform("flags.bids", bids=bids)
    assert kinds(answer) == ["identical_prices", "same_author", "same_device"]
    assert answer["count"] == 3


def test_evenly_spaced_prices(session, perform, purchase):
    bids = [opened(session, perform, f"org-{n:02}", D(37000 + 1000 * n)) for n in range(1, 4)]
    assert kinds(perform("flags.bids", bids=bids)) == ["patterned_prices"]


def test_a_single_bid(session, perform, purchase):
    assert kinds(perform("flags.bids", bids=[opened(session, perform, "org-01", D(1))])) == ["single_bid"]


def test_the_third_award_to_the_same_one_within_two_years(session, perform, purchase):
    for n, (key, years) in enumerate([("org-01", 0), ("org-01", 1), ("org-02", 0), ("org-01", 3)], 2):
        another(session, f"CG-2026-000{n}", 10000)
        at = START - dt.timedelta(days=365 * years + 1)
        session.add(
            Award(
                purchase_id=f"CG-2026-000{n}",
                organisation_id=key,
                amount=D(1),
                method="open_comparison",
                awarded_at=at,
                status="valid",
            )
        )
    session.flush()
    assert kinds(perform("flags.award", organisation_id="org-01")) == []
    session.add(
        Award(
            purchase_id=PURCHASE,
            organisation_id="org-01",
            amount=D(1),
            method="open_comparison",
            awarded_at=START,
            status="valid",
        )
    )
    session.flush()
    assert kinds(perform("flags.award", organisation_id="org-01")) == ["repeated_winner"]


def test_a_notice_period_across_a_holiday(session, perform, purchase):
    until = dt.datetime(2026, 3, 9, 17, 0, tzinfo=START.tzinfo)
    perform("notice.publish", kind="comparison_notice", title="公告", content={}, until=until)
    assert kinds(perform("flags.notice")) == ["short_period"]
    purchase.apply_until = until + dt.timedelta(days=7)
    session.flush()
    assert kinds(perform("flags.notice")) == []


def test_looking_again_finds_no_second_flag_and_keeps_the_verdict(session, perform, purchase):
    bids = [opened(session, perform, "org-01", D(38000)), opened(session, perform, "org-02", D(38000))]
    (first,) = perform("flags.bids", bids=bids)["flags"]
    edit_as(session, "jw", START)
    session.get(RedFlag, first["flag_id"]).state = "false_alarm"
    session.flush()
    again = perform("flags.bids", bids=bids)
    assert again["flags"] == [{**first, "state": "false_alarm"}]
    assert again["count"] == 0


def test_a_sort_without_a_rule_in_force_is_not_looked_for(session, perform, purchase, monkeypatch):
    decide = Perform._decide
    monkeypatch.setattr(Perform, "_decide", lambda self, d, i: None if i["rule_id"] == "identical_prices" else decide(self, d, i))
    bids = [opened(session, perform, "org-01", D(38000)), opened(session, perform, "org-02", D(38000))]
    assert perform("flags.bids", bids=bids) == {"flags": [], "count": 0}


def test_what_cannot_be_looked_at_is_said(session, perform, purchase):
    with pytest.raises(InputWrong, match="bids should be a list"):
        perform("flags.bids", bids=[{"price": 1}])
    with pytest.raises(NotFound, match="Purchase CG-9"):
        perform("flags.need", purchase_id="CG-9")
