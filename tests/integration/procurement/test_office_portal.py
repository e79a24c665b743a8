from __future__ import annotations

import datetime as dt
import io

import pytest

from engine.errors import InvalidInput, NotFound
from engine.model import Actor
from procurement.accounts.errors import TooManyAttempts, WrongCredentials
from procurement.office.objections import ObjectionTooLate
from procurement.office.portal import (
    AlreadyApplied,
    ApplicationsClosed,
    ApplicationsNotAwaited,
    NotYourOrganisation,
    OrganisationBarred,
)
from procurement.office.voices import ObjectionNotPossible
from procurement.registers.comparison import Application, Notice
from procurement.registers.parties import CreditEntry
from procurement.registers.purchases import Purchase
from tests.integration.procurement.conftest import START
from tests.integration.procurement.sample import organisation

CLERK = Actor("wang", frozenset({"procurement_officer"}))
BIDDER = Actor("bidder", frozenset({"organisation", "organisation:org-01"}))
RIVAL = Actor("rival", frozenset({"organisation", "organisation:org-02"}))
PURCHASE = "CG-2026-0001"
CLOSES = START + dt.timedelta(days=5)
PDF = b"%PDF-1.7 bid"
ASKED = {"name": "李", "contact": "138", "request": "重评", "facts": "计分有误"}


@pytest.fixture
def comparison(office):
    """A comparison that accepts applications and bids until CLOSES."""
    office.purchases.start(actor=CLERK, title="长者食堂", unit="民政科", initiator_kind="department")
    with office.desk.editing(CLERK) as session:
        organisation(session, "org-01")
        organisation(session, "org-02")
        purchase = session.get(Purchase, PURCHASE)
        purchase.step, purchase.apply_until, purchase.bid_until = "selection", CLOSES, CLOSES
        session.add(
            Notice(
                id="GG-2026-0001",
                purchase_id=PURCHASE,
                kind="comparison_notice",
                title="公告",
                content={},
                published_at=START,
                until=CLOSES,
                published_by="wang",
                sha256="a" * 64,
            )
        )
    return office


def admit(office, key):
    with office.desk.editing(CLERK) as session:
        session.add(
            Application(
                id=f"BM-{key}",
                purchase_id=PURCHASE,
                organisation_id=key,
                name=key,
                content={},
                status="confirmed",
                registered_at=START,
            )
        )


def test_an_application_becomes_a_message_to_the_case(comparison, engine):
    assert [n.id for n in comparison.portal.open_comparisons()] == ["GG-2026-0001"]
    comparison.portal.apply(PURCHASE, "org-01", {"contact": "张", "organisation_id": "org-02"}, actor=BIDDER)
    (message,) = engine.messages
    assert (message["name"], message["key"]) == ("application_submitted", PURCHASE)
    assert message["variables"]["application"]["organisation_id"] == "org-01"
    assert message["variables"]["application"]["contact"] == "张"


def test_an_application_nobody_waits_for_is_refused(comparison, engine):
    engine.fault = NotFound(kind="Message", key="application_submitted")
    with pytest.raises(ApplicationsNotAwaited):
        comparison.portal.apply(PURCHASE, "org-01", {}, actor=BIDDER)


def test_nobody_applies_for_somebody_else_late_twice_or_while_barred(comparison, clock):
    portal = comparison.portal
    with pytest.raises(NotYourOrganisation):
        portal.apply(PURCHASE, "org-01", {}, actor=RIVAL)
    admit(comparison, "org-01")
    with pytest.raises(AlreadyApplied, match="BM-org-01"):
        portal.apply(PURCHASE, "org-01", {}, actor=BIDDER)
    with comparison.desk.editing(CLERK) as session:
        session.add(
            CreditEntry(
                organisation_id="org-02",
                kind="negative",
                reason="x",
                starts_on=START.date(),
                recorded_by="wang",
                recorded_at=START,
            )
        )
    with pytest.raises(OrganisationBarred):
        portal.apply(PURCHASE, "org-02", {}, actor=RIVAL)
    clock.forward(days=6)
    with pytest.raises(ApplicationsClosed, match="2026-03-07 09:00:00"):
        portal.apply(PURCHASE, "org-01", {}, actor=BIDDER)
    with comparison.desk.editing(CLERK) as session:
        session.get(Purchase, PURCHASE).step = "delivery"
    with pytest.raises(ApplicationsNotAwaited):
        portal.apply(PURCHASE, "org-01", {}, actor=BIDDER)


def test_a_bid_is_receipted_and_its_files_stay_sealed_from_everybody_else(comparison):
    admit(comparison, "org-01")
    files = comparison.files
    reference = files.upload(
        io.BytesIO(PDF), "参选文件.pdf", actor=BIDDER, purchase_id=PURCHASE, party="organisation:org-01", visibility="sealed"
    )
    receipt = comparison.portal.submit_bid(PURCHASE, "org-01", price="47,500.00", files=[reference.as_variable()], actor=BIDDER)
    assert (receipt.number, receipt.status, receipt.submitted_at) == ("SJ-2026-0001", "submitted", START)
    assert [r.sha256 for r in comparison.portal.receipts("org-01", actor=BIDDER)] == [receipt.sha256]
    for reader in (CLERK, RIVAL, Actor("op", frozenset({"operator", "admin"})), None):
        with pytest.raises(NotFound):
            files.open(reference.sha256, actor=reader)
    assert b"".join(files.open(reference.sha256, actor=BIDDER)[1]) == PDF
    assert "47500" not in str(vars(comparison.purchases.dossier(PURCHASE).bids[0]))


@pytest.mark.parametrize("price", ["", "abc", "0", "-5", "1.001", "NaN", "Infinity", None])
def test_a_price_that_is_none_is_refused_beside_its_field(comparison, price):
    admit(comparison, "org-01")
    with pytest.raises(InvalidInput) as refusal:
        comparison.portal.submit_bid(PURCHASE, "org-01", price=price, files=[{"sha256": "a"}], actor=BIDDER)
    assert refusal.value.fields[0].path == "price"


def test_own_pages_show_own_papers_only(comparison):
    admit(comparison, "org-01")
    admit(comparison, "org-02")
    own = comparison.portal.purchase(PURCHASE, "org-01", actor=BIDDER)
    assert own.application.id == "BM-org-01"
    assert [p.id for p in comparison.portal.own_purchases("org-01", actor=BIDDER).items] == [PURCHASE]
    with pytest.raises(NotYourOrganisation):
        comparison.portal.purchase(PURCHASE, "org-02", actor=BIDDER)


def test_a_question_reaches_the_case_and_the_answer_everybody(comparison, engine):
    asked = comparison.voices.ask(PURCHASE, " 场地由谁提供? ", name="张", organisation_id="org-01", actor=BIDDER)
    assert engine.messages[0]["variables"]["question"]["text"] == "场地由谁提供?"
    assert comparison.public.purchase(PURCHASE).questions == []
    comparison.voices.answer(asked.id, "街道提供", actor=CLERK)
    assert [q.answer for q in comparison.public.purchase(PURCHASE).questions] == ["街道提供"]


def test_an_objection_to_a_result_needs_an_open_publicity(comparison, engine, clock):
    with pytest.raises(ObjectionNotPossible):
        comparison.voices.object(PURCHASE, **ASKED, actor=RIVAL)
    with comparison.desk.editing(CLERK) as session:
        session.get_one(Notice, "GG-2026-0001").kind = "result_publicity"
    objection = comparison.voices.object(PURCHASE, **ASKED, actor=RIVAL)
    assert objection.notice_id == "GG-2026-0001"
    assert engine.messages[0]["name"] == "objection_raised"
    with pytest.raises(InvalidInput) as refusal:
        comparison.voices.object(PURCHASE, **{**ASKED, "facts": " "}, actor=RIVAL)
    assert refusal.value.fields[0].path == "facts"
    clock.forward(days=6)
    with pytest.raises(ObjectionTooLate) as too_late:
        comparison.voices.object(PURCHASE, **ASKED, actor=RIVAL)
    assert str(objection.raised_at.year) in str(too_late.value), "the sentence names the days"


def test_logging_in_counts_failures_and_demo_accounts_stay_in_the_demo(office, clock):
    office.accounts.create("lin", "林", "long enough 1", roles=["department"])
    assert office.accounts.log_in("lin", "long enough 1", "192.0.2.1").last_login_at == START
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            office.accounts.log_in("lin", "wrong", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        office.accounts.log_in("lin", "long enough 1", "192.0.2.1")
    clock.forward(minutes=1)
    assert office.accounts.log_in("lin", "long enough 1").login == "lin"
    with office.desk.editing(CLERK) as session:
        session.get(type(office.accounts.user("lin")), "lin").demo = True
    with pytest.raises(WrongCredentials):
        office.accounts.log_in("lin", "long enough 1")
    office.accounts.demo = True
    assert office.accounts.actor("lin").groups == {"department"}


def test_files_of_a_case_are_for_the_office_the_agency_and_the_uploader(office):
    office.purchases.start(actor=CLERK, title="长者食堂", unit="民政科", initiator_kind="department")
    with office.desk.editing(CLERK) as session:
        session.get(Purchase, PURCHASE).agency_id = "agy-01"
    reference = office.files.upload([PDF], "计划.pdf", actor=CLERK, purchase_id=PURCHASE)
    readers = {
        "street_leader": True,
        "agency:agy-01": True,
        "agency:agy-02": False,
        "organisation:org-01": False,
        "designer": False,
    }
    for group, allowed in readers.items():
        reader = Actor("somebody", frozenset({group}))
        assert office.files.readable([reference.sha256], actor=reader) == (
            frozenset({reference.sha256}) if allowed else frozenset()
        )
        assert len(office.files.of_purchase(PURCHASE, actor=reader)) == int(allowed)
