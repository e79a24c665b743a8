"""From the registers to the facts the detectors read, and from their findings to rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.calendar import WorkingCalendar
from procurement.flags import ApplicationFacts, BidFacts, FileFacts, Finding, PastAward, PurchaseFacts
from procurement.flags.limits import Limits
from procurement.registers.comparison import NO_LONGER, Application, Award, Bid, Notice
from procurement.registers.flags import RedFlag
from procurement.registers.office_calendar import entered_years
from procurement.registers.parties import Organisation
from procurement.registers.purchases import GIVEN_UP, Purchase
from procurement.registers.sealing import BidFileMetadata


def applications_of(session: Session, purchase_id: str) -> list[ApplicationFacts]:
    """Who stands behind each application that still counts: its own words and the register's."""
    query = (
        select(Application, Organisation)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.purchase_id == purchase_id, Application.status.not_in(NO_LONGER))
        .order_by(Application.id)
    )
    return [
        ApplicationFacts(
            organisation.id,
            organisation.name,
            {
                "contact": application.contact,
                "phone": application.phone or organisation.phone,
                "address": organisation.address,
                "legal_representative": organisation.legal_representative,
            },
        )
        for application, organisation in session.execute(query)
    ]


def bids_of(session: Session, purchase_id: str, prices: Mapping[str, Decimal | None]) -> list[BidFacts]:
    """The opened bids of the organisations in ``prices`` (id → yuan), with what their files and senders left behind."""
    files: dict[str, list[FileFacts]] = {}
    query = select(BidFileMetadata).where(BidFileMetadata.purchase_id == purchase_id)
    for row in session.scalars(query.order_by(BidFileMetadata.id)):
        facts = FileFacts(row.name, row.sha256, row.author, row.last_modified_by, row.tool, row.created)
        files.setdefault(row.bid_id, []).append(facts)
    opened = select(Bid).where(Bid.purchase_id == purchase_id, Bid.status == "opened", Bid.organisation_id.in_(prices))
    return [
        BidFacts(
            bid.organisation_id,
            bid.name,
            prices[bid.organisation_id],
            tuple(files.get(bid.id, ())),
            bid.sender_address,
            bid.user_agent,
        )
        for bid in session.scalars(opened.order_by(Bid.submitted_at, Bid.id))
    ]


def purchase_facts(purchase: Purchase) -> PurchaseFacts:
    return PurchaseFacts(purchase.id, purchase.title, purchase.amount or purchase.estimate or Decimal(0))


def awards_of_unit(session: Session, purchase: Purchase, since: dt.datetime) -> list[PastAward]:
    """Valid awards of the purchase's unit since then, in order of time."""
    query = (
        select(Award, Purchase, Organisation.name)
        .join(Purchase, Purchase.id == Award.purchase_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(Purchase.unit == purchase.unit, Award.status == "valid", Award.awarded_at >= since)
        .where(Purchase.status.not_in(GIVEN_UP))
        .order_by(Award.awarded_at, Award.id)
    )
    return [
        PastAward(of.id, award.organisation_id, name, award.amount, award.awarded_at.date())
        for award, of, name in session.execute(query)
    ]


def period_of(session: Session, purchase: Purchase) -> tuple[dt.date, dt.date, int] | None:
    """From the newest comparison notice to the end of applications: both days and the working days between; None without one."""
    query = select(Notice).where(Notice.purchase_id == purchase.id, Notice.kind == "comparison_notice")
    notice = session.scalars(query.order_by(Notice.published_at.desc()).limit(1)).first()
    if notice is None or purchase.apply_until is None:
        return None
    opened, closes = notice.published_at.date(), purchase.apply_until.date()
    return opened, closes, WorkingCalendar.published(*entered_years(session)).between(opened, closes)


def keep(
    session: Session, purchase_id: str, stage: str, findings: Iterable[Finding], limits: Limits, now: dt.datetime
) -> Sequence[RedFlag]:
    """Write the flags that are new; found again, an earlier one stays as it was judged. Returns all that were found."""
    known = {
        flag.fingerprint: flag
        for flag in session.scalars(select(RedFlag).where(RedFlag.purchase_id == purchase_id).with_for_update())
    }
    flags = []
    for finding in findings:
        flag = known.get(finding.fingerprint)
        if flag is None:
            flag = known[finding.fingerprint] = _row(purchase_id, stage, finding, limits.row(finding.rule_id) or {}, now)
            session.add(flag)
        flags.append(flag)
    session.flush()
    return flags


def _row(purchase_id: str, stage: str, finding: Finding, rule: Mapping[str, Any], now: dt.datetime) -> RedFlag:
    return RedFlag(
        purchase_id=purchase_id,
        kind=finding.kind,
        stage=stage,
        fingerprint=finding.fingerprint,
        organisations=list(finding.organisations),
        evidence=finding.evidence_json(),
        rule_id=finding.rule_id,
        rule=dict(rule),
        found_at=now,
        state="open",
    )
