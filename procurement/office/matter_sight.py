"""Who may know of which matter: what one concerns says it for outsiders, ``seen_by`` of the diagram for everybody while it runs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, cast, false, func, literal, not_, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from engine.model import Actor
from engine.store.tables import process_instance
from procurement.accounts.tables import User
from procurement.office.access import of_office, parties, visible_purchases
from procurement.registers.matters import RESERVED, Matter
from procurement.registers.purchases import Purchase


def visible(session: Session, actor: Actor) -> ColumnElement[bool]:
    """All for the office; else what the actor began, what names their organisation or agency, and of purchases an agency runs.

    What is reserved for others is left out for all of them.
    """
    return and_(_concerning(session, actor), not_(reserved(actor)))


def reserved(actor: Actor) -> ColumnElement[bool]:
    """Matters that are still running and of which the actor may not know: neither a role, a party nor a unit of theirs is named.

    Whoever began one knows of it.
    """
    if actor.system:
        return false()
    unit = func.coalesce(select(User.unit).where(User.login == actor.user_id).scalar_subquery(), "")
    known = cast(array([*(literal(group) for group in sorted(actor.groups)), unit]), ARRAY(Text))
    running = select(process_instance.c.key).where(
        process_instance.c.root_key == Matter.process_key,
        process_instance.c.key == Matter.process_key,
        process_instance.c.ended_at.is_(None),
    )
    return and_(
        RESERVED,
        Matter.starter != actor.user_id,
        not_(Matter.seen_by.op("&&", is_comparison=True)(known)),
        or_(Matter.process_key.is_(None), running.exists()),
    )


def _concerning(session: Session, actor: Actor) -> ColumnElement[bool]:
    if of_office(actor):
        return true()
    conditions: list[ColumnElement[bool]] = [Matter.starter == actor.user_id]
    if organisations := parties(actor, "organisation"):
        conditions.append(Matter.organisation_id.in_(organisations))
    if agencies := parties(actor, "agency"):
        own = select(Purchase.id).where(visible_purchases(session, actor))
        conditions += [Matter.agency_id.in_(agencies), Matter.purchase_id.in_(own)]
    return or_(false(), *conditions)
