"""One purchase as everybody may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from procurement.office.disclosure import disclosed
from procurement.opendata.redaction import without_private
from procurement.registers.comparison import OBJECTIONS_OPEN, Award, Notice, Objection, Question
from procurement.registers.opendata import PublishedRelease
from procurement.registers.parties import Agency, Organisation
from procurement.registers.performance import CaseFile, Contract, Milestone, Payment
from procurement.registers.publicity import PublicityStop
from procurement.registers.purchases import Purchase

ACCEPTED = ("accepted", "disposed")
RESULT_KINDS = ("result_publicity", "result", "award")


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question and its answer without the asker."""

    question: str
    answer: str
    asked_at: dt.datetime
    answered_at: dt.datetime


@dataclass(frozen=True)
class AnsweredObjection:
    """An objection that was decided, without who raised it. ``status``: refused, rejected, upheld, withdrawn."""

    number: int
    about: str
    notice_id: str | None
    raised_at: dt.datetime
    decided_at: dt.datetime
    status: str
    answer: str


@dataclass(frozen=True)
class PublicContract:
    """A signed contract, what is due under it and what was paid."""

    contract: Contract
    milestones: Sequence[Milestone]
    payments: Sequence[Payment]


@dataclass(frozen=True)
class PublicFile:
    """A volume of the closed case file as everybody may know it: its seal, never its contents list.

    ``root``: over the archive's entries; of a file older than archives, ``listing`` over its contents list instead.
    """

    number: str
    volume: int
    root: str
    listing: str
    archive_sha256: str
    entries: int
    closed_at: dt.datetime
    keep_until: dt.date
    disposed_at: dt.datetime | None


@dataclass(frozen=True)
class PublicPurchase:
    """What is public about one purchase. Nothing of applicants, bids and experts but what a notice says."""

    purchase: Purchase
    notices: Sequence[Notice]  # newest first
    questions: Sequence[AnsweredQuestion]
    awards: Sequence[Award]  # valid ones, once a result is published
    contracts: Sequence[Contract]  # signed ones
    organisation: Organisation | None  # the supplier, once a result is published
    objections_decided: int
    agency: str = ""
    signed: Sequence[PublicContract] = ()
    objections: Sequence[AnsweredObjection] = ()
    objections_open: int = 0
    stops: Sequence[PublicityStop] = ()
    files: Sequence[PublicFile] = ()
    ocid: str | None = None

    def newest(self, *kinds: str) -> Notice | None:
        """The last notice of one of these kinds."""
        return next((notice for notice in self.notices if notice.kind in kinds), None)


def shown(session: Session, purchase_id: str) -> PublicPurchase:
    """Raises NotFound for a purchase that has published nothing."""
    purchase = session.get(Purchase, purchase_id)
    notices = session.scalars(select(Notice).where(Notice.purchase_id == purchase_id).order_by(Notice.id.desc())).all()
    if purchase is None or not notices:
        raise NotFound(kind="Purchase", key=purchase_id)
    published = any(notice.kind in RESULT_KINDS for notice in notices)
    awards = session.scalars(select(Award).where(Award.purchase_id == purchase_id, Award.status == "valid")).all()
    signed = _signed(session, purchase_id) if published else []
    objections = session.scalars(select(Objection).where(Objection.purchase_id == purchase_id).order_by(Objection.id)).all()
    agency = session.get(Agency, purchase.agency_id) if purchase.agency_id else None
    return PublicPurchase(
        purchase=purchase,
        notices=disclosed(session, notices),
        questions=_questions(session, purchase_id),
        awards=awards if published else (),
        contracts=[row.contract for row in signed],
        organisation=session.get(Organisation, purchase.organisation_id) if published and purchase.organisation_id else None,
        objections_decided=sum(row.decided_at is not None for row in objections),
        agency=agency.name if agency and purchase.route == "open_comparison" else "",
        signed=signed,
        objections=[_objection(session, row) for row in objections if row.decided_at is not None],
        objections_open=sum(row.status in OBJECTIONS_OPEN for row in objections),
        stops=session.scalars(
            select(PublicityStop).where(PublicityStop.purchase_id == purchase_id).order_by(PublicityStop.id)
        ).all(),
        files=files_of(session, purchase),
        ocid=session.scalar(select(func.min(PublishedRelease.ocid)).where(PublishedRelease.purchase_id == purchase_id)),
    )


def _questions(session: Session, purchase_id: str) -> list[AnsweredQuestion]:
    query = select(Question).where(Question.purchase_id == purchase_id, Question.answered_at.is_not(None)).order_by(Question.id)
    return [_question(session, row) for row in session.scalars(query)]


def _question(session: Session, row: Question) -> AnsweredQuestion:
    """Who asked is not said, also where the asker says it."""
    organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
    names = [organisation.name, organisation.legal_representative, organisation.contact] if organisation else []
    assert row.answered_at is not None
    return AnsweredQuestion(
        without_private(row.question, names), without_private(row.answer, names), row.asked_at, row.answered_at
    )


def _objection(session: Session, row: Objection) -> AnsweredObjection:
    """The objector's name is taken out of the answer, wherever it stands."""
    organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
    names = [row.person, row.contact, organisation.name if organisation else ""]
    assert row.decided_at is not None
    return AnsweredObjection(
        row.id, row.about, row.notice_id, row.raised_at, row.decided_at, row.status, without_private(row.decision, names)
    )


def _signed(session: Session, purchase_id: str) -> list[PublicContract]:
    query = select(Contract).where(Contract.purchase_id == purchase_id, Contract.signed_on.is_not(None)).order_by(Contract.id)
    return [
        PublicContract(
            contract,
            session.scalars(select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number)).all(),
            session.scalars(
                select(Payment).where(Payment.contract_id == contract.id).order_by(Payment.paid_on, Payment.id)
            ).all(),
        )
        for contract in session.scalars(query)
    ]


def files_of(session: Session, purchase: Purchase) -> list[PublicFile]:
    """The accepted volumes, the first first; files older than archives once the purchase is closed."""
    statuses = ACCEPTED if purchase.status != "archived" else (*ACCEPTED, "listed")
    query = select(CaseFile).where(CaseFile.purchase_id == purchase.id, CaseFile.status.in_(statuses))
    rows = session.scalars(query.order_by(CaseFile.volume, CaseFile.id)).all()
    return [
        PublicFile(
            row.id,
            row.volume,
            row.root,
            "" if row.root else row.sha256,
            row.archive_sha256,
            row.entries or len(row.manifest),
            row.accepted_at or row.assembled_at,
            row.keep_until,
            row.disposed_at,
        )
        for row in rows
    ]
