"""Who may look into which purchase and file. The table of pages and routes is in web; this is the net under it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Text, false, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from engine.model import Actor
from procurement.registers.comparison import Application, ExpertDraw
from procurement.registers.draws import Draw, PanelInvitation
from procurement.registers.files import FileUse
from procurement.registers.purchases import Purchase

# people of the office who follow every case; designers, operators and administrators do not, unless they have such a role too
OFFICE_ROLES = frozenset(
    {
        "department",
        "community",
        "service_centre",
        "finance",
        "procurement_officer",
        "street_leader",
        "legal",
        "committee",
        "committee_secretary",
        "discipline",
        "auditor",
        "district_centre",
    }
)


def of_office(actor: Actor) -> bool:
    return actor.system or bool(actor.groups & OFFICE_ROLES)


def parties(actor: Actor, kind: str) -> tuple[str, ...]:
    """The ids of the actor's party groups of one kind: agency, organisation or expert."""
    return tuple(sorted(group.partition(":")[2] for group in actor.groups if group.startswith(f"{kind}:")))


def visible_purchases(session: Session, actor: Actor) -> ColumnElement[bool]:
    """A condition on purchases: all for the office; else the ones the actor started, runs, applied for, won or judges."""
    if of_office(actor):
        return true()
    conditions: list[ColumnElement[bool]] = [Purchase.initiator == actor.user_id]
    if agencies := parties(actor, "agency"):
        conditions.append(Purchase.agency_id.in_(agencies))
    if organisations := parties(actor, "organisation"):
        applied = select(Application.purchase_id).where(Application.organisation_id.in_(organisations))
        conditions += [Purchase.organisation_id.in_(organisations), Purchase.id.in_(applied)]
    if experts := parties(actor, "expert"):
        conditions.append(Purchase.id.in_(judged_by(session, experts)))
    return or_(false(), *conditions)


def judged_by(session: Session, experts: Iterable[str]) -> frozenset[str]:
    """The purchases one of the experts was drawn for in the old way, or was invited to and has not left."""
    experts = list(experts)
    drawn = or_(false(), *(type_coerce(ExpertDraw.chosen, Text).like(f'%"{expert}"%') for expert in experts))
    earlier = select(ExpertDraw.purchase_id).where(drawn, ExpertDraw.by.not_in(select(Draw.id)))
    standing = PanelInvitation.state.in_(("invited", "coming"))
    invited = select(PanelInvitation.purchase_id).where(PanelInvitation.expert_id.in_(experts), standing)
    return frozenset(session.scalars(earlier)) | frozenset(session.scalars(invited))


def may_see_purchase(session: Session, actor: Actor, purchase_id: str) -> bool:
    query = select(Purchase.id).where(Purchase.id == purchase_id, visible_purchases(session, actor))
    return session.scalar(query) is not None


def may_read_file(session: Session, actor: Actor, use: FileUse) -> bool:
    """See FileUse.visibility. A bidder's rivals never see its files, not even after the opening."""
    if use.visibility == "public" or use.uploaded_by == actor.user_id or (use.party and use.party in actor.groups):
        return True
    if use.visibility == "sealed":
        return False
    if use.visibility == "quarantine":  # a file that may do harm: one place handles it
        return bool(use.purchase_id and parties(actor, "agency") and may_see_purchase(session, actor, use.purchase_id))
    if of_office(actor):
        return True
    if use.visibility == "party" or use.purchase_id is None or not (parties(actor, "agency") or parties(actor, "expert")):
        return False
    return may_see_purchase(session, actor, use.purchase_id)
