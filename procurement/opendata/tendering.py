"""The planning and tender parts of a release, from the notices before the result."""

from __future__ import annotations

from typing import Any

from procurement.opendata.events import Event
from procurement.opendata.facts import Facts
from procurement.opendata.parties import Parties
from procurement.opendata.shapes import Json, amount, document, known, moment, rows, text
from procurement.registers.comparison import Notice

CATALOGUE = "BIXUAN-CATALOGUE"
# route, or the statutory method → method.csv of OCDS; the own word stands in procurementMethodDetails
METHODS = {
    "open_comparison": ("open", "公开比选"),
    "committee": ("limited", "党工委会议决定"),
    "public_tender": ("open", "公开招标"),
    "invited_tender": ("selective", "邀请招标"),
    "negotiation": ("limited", "竞争性谈判"),
    "consultation": ("limited", "竞争性磋商"),
    "inquiry": ("limited", "询价"),
    "single_source": ("direct", "单一来源采购"),
}
STATUTORY = ("open", "法定采购")
RECEIPT = ("receipt", "bid_id", "number", "id")  # how a bid list may name a receipt


def planning(facts: Facts) -> Json:
    """What was decided before anything was announced: the budget, and for whom."""
    purchase = facts.purchase
    budget = known(
        id=purchase.budget_code,
        description=purchase.category,
        amount=amount(purchase.amount),
        project=purchase.title,
        projectID=purchase.id,
    )
    return known(rationale=_rationale(facts), budget=budget)


def _rationale(facts: Facts) -> str:
    purchase = facts.purchase
    group = purchase.beneficiary_group
    people = f"（约 {purchase.beneficiary_count} 人）" if purchase.beneficiary_count else ""
    return f"服务对象：{group}{people}" if group else ""


def opened(facts: Facts, event: Event, parties: Parties) -> Json:
    """The tender as its comparison notice announces it."""
    notice: Notice = event.row
    content = notice.content
    return tender(facts, parties, content) | known(
        status="active",
        value=amount(content.get("budget")) or amount(facts.purchase.amount),
        description=text(content.get("requirements")),
        eligibilityCriteria=text(content.get("conditions")),
        tenderPeriod=known(
            startDate=moment(notice.published_at), endDate=moment(content.get("bids_due_at")) or moment(notice.until)
        ),
        applicationPeriod=known(startDate=moment(notice.published_at), endDate=moment(content.get("applications_close_at"))),
        awardCriteria="ratedCriteria" if rows(content.get("criteria")) else None,
        scoreSheet=_score_sheet(content),
        submissionMethod=["electronicSubmission"],
        documents=[document(notice, "tenderNotice")],
    )


def tender(facts: Facts, parties: Parties, content: Json) -> Json:
    """What every tender says, however it is run."""
    purchase = facts.purchase
    code, words = METHODS.get(text(content.get("method"))) or METHODS.get(purchase.route) or STATUTORY
    entity = _entity(facts, parties)
    return known(
        id=purchase.id,
        title=purchase.title,
        procuringEntity=entity,
        procurementMethod=code,
        procurementMethodDetails=words if text(content.get("method")) in {"", *METHODS} else text(content.get("method")),
        route=purchase.route,
        mainProcurementCategory="services",
        items=_items(facts),
    )


def _entity(facts: Facts, parties: Parties) -> Json:
    """Who runs it: the agency an open comparison was entrusted to, else the office."""
    if facts.agency is not None and facts.purchase.route == "open_comparison":
        return parties.registered(facts.agency, "procuringEntity")
    return parties.office("procuringEntity")


def _items(facts: Facts) -> list[Json]:
    purchase, item = facts.purchase, facts.catalogue_item
    if not purchase.catalogue_code:
        return []
    classification = known(scheme=CATALOGUE, id=purchase.catalogue_code, description=item.name if item else purchase.category)
    return [{"id": "1", "description": purchase.title, "classification": classification}]


def _score_sheet(content: Json) -> list[Json]:
    found = []
    for number, row in enumerate(rows(content.get("criteria")), 1):
        title = text(row.get("criterion")) or text(row.get("name")) or text(row.get("title"))
        found.append(
            known(
                id=str(number),
                title=title,
                group=text(row.get("group")),
                weight=_number(row.get("weight")),
                kind=text(row.get("kind")),
                description=text(row.get("basis")),
            )
        )
    return found


def _number(value: Any) -> Any:
    return amount(value).get("amount")


def amended(event: Event) -> Json:
    """A correction, an extension or an answer to everybody: what it changes, and why."""
    notice: Notice = event.row
    content = notice.content
    answers = notice.kind == "correction" and "answer" in content
    due = moment(content.get("bids_due_at"))
    applications = moment(content.get("applications_close_at"))
    return known(
        tenderPeriod=known(endDate=due),
        applicationPeriod=known(endDate=applications),
        hasEnquiries=True if answers else None,
        amendments=[]
        if answers
        else [
            known(id=notice.id, date=moment(notice.published_at), rationale=text(content.get("reason")), description=notice.title)
        ],
        documents=[document(notice, "clarifications" if answers else "tenderNotice")],
    )


def cancelled(event: Event) -> Json:
    notice: Notice = event.row
    reason = text(notice.content.get("reason"))
    amendment = known(id=notice.id, date=moment(notice.published_at), rationale=reason, description=notice.title)
    return known(status="cancelled", amendments=[amendment], documents=[document(notice, "cancellationDetails")])


def received(content: Json) -> list[Json]:
    """The receipts a bid list names: id, date and sha256 each, as far as it says them."""
    found = []
    for row in rows(content.get("bids") or content.get("receipts")):
        number = next((text(row[name]) for name in RECEIPT if text(row.get(name))), "")
        if number:
            found.append(
                known(id=number, date=moment(row.get("submitted_at") or row.get("received_at")), sha256=text(row.get("sha256")))
            )
    return found


def bids_received(event: Event) -> Json:
    """The list of receipts and hashes published at the deadline: who bid is not in it."""
    notice: Notice = event.row
    listed = received(notice.content)
    return known(receivedBids=listed, numberOfTenderers=len(listed) or None, documents=[document(notice, "bidList")])


def bids_opened(event: Event) -> Json:
    notice: Notice = event.row
    opening = known(date=moment(notice.published_at), notice=notice.id)
    return known(bidOpening=opening, documents=[document(notice, "openingRecord")])
