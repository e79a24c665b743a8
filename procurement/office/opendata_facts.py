"""Reading the register rows open data is written from, and finding the purchases that have something new to tell."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, String, cast, exists, literal, select, union
from sqlalchemy.orm import Session

from procurement.opendata import Facts
from procurement.opendata.events import APPEALS_DECIDED, CLOSED, DECIDED, UNTOLD
from procurement.registers.cataloguing import catalogue_item_on
from procurement.registers.comparison import Award, Notice, Objection
from procurement.registers.opendata import PublishedRelease
from procurement.registers.parties import Agency, Organisation
from procurement.registers.performance import Contract, Milestone, Payment, Proposal
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase


def unpublished(session: Session, limit: int) -> Sequence[str]:
    """Purchases with an event that no release tells of, in order of their numbers."""
    found = union(
        _new("notice ", Notice.id, select(Notice.purchase_id).where(Notice.purchase_id != "", Notice.kind.not_in(UNTOLD))),
        _new(
            "objection ", Objection.id, _public(Objection).where(Objection.status.in_(DECIDED), Objection.decided_at.is_not(None))
        ),
        _new("appeal ", Appeal.id, _public(Appeal).where(Appeal.status.in_(APPEALS_DECIDED), Appeal.decided_at.is_not(None))),
        _new("contract ", Contract.id, _public(Contract).where(Contract.signed_on.is_not(None))),
        _new(
            "payment ",
            Payment.id,
            _public(Contract).join(Payment, Payment.contract_id == Contract.id).where(Contract.signed_on.is_not(None)),
        ),
        _new(
            "contract_end ",
            Contract.id,
            _public(Contract).where(Contract.signed_on.is_not(None), Contract.status.in_(CLOSED), Contract.ended_on.is_not(None)),
        ),
    ).subquery()
    return session.scalars(select(found.c.purchase_id).order_by(found.c.purchase_id).limit(limit)).all()


def _public(table: type[Objection | Appeal | Contract]) -> Select[str]:
    """Rows of purchases that have published something and exist in the register."""
    told = exists().where(Notice.purchase_id == table.purchase_id, Notice.kind.not_in(UNTOLD))
    return select(table.purchase_id).where(told)


def _new(prefix: str, key: object, rows: Select[str]) -> Select[str]:
    event = literal(prefix, String) + cast(key, String)
    return rows.where(~exists().where(PublishedRelease.event == event))


def facts_of(session: Session, purchase_id: str) -> Facts | None:
    """None for a purchase that is not in the register."""
    purchase = session.get(Purchase, purchase_id)
    if purchase is None:
        return None
    notices = session.scalars(
        select(Notice).where(Notice.purchase_id == purchase_id).order_by(Notice.published_at, Notice.id)
    ).all()
    contracts = session.scalars(select(Contract).where(Contract.purchase_id == purchase_id).order_by(Contract.id)).all()
    numbers = [contract.id for contract in contracts]
    day = notices[0].published_at.date() if notices else purchase.started_at.date()
    return Facts(
        purchase=purchase,
        notices=notices,
        organisations=_organisations(session, purchase_id, notices),
        agency=session.get(Agency, purchase.agency_id) if purchase.agency_id else None,
        catalogue_item=catalogue_item_on(session, purchase.catalogue_code, day) if purchase.catalogue_code else None,
        objections=session.scalars(select(Objection).where(Objection.purchase_id == purchase_id).order_by(Objection.id)).all(),
        appeals=session.scalars(select(Appeal).where(Appeal.purchase_id == purchase_id).order_by(Appeal.id)).all(),
        contracts=contracts,
        milestones=session.scalars(select(Milestone).where(Milestone.contract_id.in_(numbers)).order_by(Milestone.id)).all(),
        payments=session.scalars(select(Payment).where(Payment.contract_id.in_(numbers)).order_by(Payment.id)).all(),
        earlier=_earlier(session, purchase_id),
    )


def _organisations(session: Session, purchase_id: str, notices: Sequence[Notice]) -> dict[str, Organisation]:
    """Those the purchase's notices, awards and contracts may name."""
    named = {row.get("name") for notice in notices for row in _ranking(notice)} | {n.content.get("organisation") for n in notices}
    names = [name for name in named if isinstance(name, str) and name]
    awarded = select(Award.organisation_id).where(Award.purchase_id == purchase_id)
    contracted = select(Contract.organisation_id).where(Contract.purchase_id == purchase_id)
    objecting, appealing = (
        select(table.organisation_id).where(table.purchase_id == purchase_id, table.organisation_id.is_not(None))
        for table in (Objection, Appeal)
    )
    ids = union(awarded, contracted, objecting, appealing).subquery()
    query = select(Organisation).where(Organisation.name.in_(names) | Organisation.id.in_(select(ids.c[0])))
    return {row.id: row for row in session.scalars(query)}


def _ranking(notice: Notice) -> list[dict[str, object]]:
    ranking = notice.content.get("ranking")
    return [row for row in ranking if isinstance(row, dict)] if isinstance(ranking, list) else []


def _earlier(session: Session, purchase_id: str) -> dict[str, str]:
    """Published purchases whose tracking proposed this one."""
    query = (
        select(PublishedRelease.purchase_id, PublishedRelease.ocid)
        .join(Proposal, Proposal.purchase_id == PublishedRelease.purchase_id)
        .where(Proposal.taken_up_by == purchase_id)
        .distinct()
        .order_by(PublishedRelease.purchase_id)
    )
    return {row.purchase_id: row.ocid for row in session.execute(query)}
