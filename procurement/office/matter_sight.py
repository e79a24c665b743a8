"""Who may know of which matter: what one concerns says it for outsiders, ``seen_by`` of the diagram for everybody while it runs."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, cast, false, func, literal, not_, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from engine.facade import ProcessEngine
from engine.model import Actor, Comparisons
from engine.store.tables import process_instance
from procurement.accounts.tables import User
from procurement.office.access import of_office, parties, visible_purchases
from procurement.registers.matters import RESERVED, Matter
from procurement.registers.purchases import Purchase

OPERATORS = frozenset({"operator", "admin"})  # who mend running cases
THEIR_TASKS = 500  # of an outsider, the newest, in which a list looks for matters


def listed(session: Session, engine: ProcessEngine, actor: Actor) -> ColumnElement[bool]:
    """What is visible, and beside it what the actor has a task of, or had one."""
    if of_office(actor):
        at_work = _at_work(engine, actor, _reserved_cases(session, actor))
    else:
        theirs = engine.tasks(visible_to=actor, limit=THEIR_TASKS, counted=False).items
        at_work = frozenset(task.root_key for task in theirs)
    return or_(visible(session, actor), Matter.process_key.in_(at_work)) if at_work else visible(session, actor)


def hidden_cases(session: Session, engine: ProcessEngine, actor: Actor) -> frozenset[int]:
    """Root keys of the running cases the actor may not know of; none for operators."""
    if actor.system or actor.groups & OPERATORS:
        return frozenset()
    secret = _reserved_cases(session, actor)
    return secret - _at_work(engine, actor, secret)


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


def _reserved_cases(session: Session, actor: Actor) -> frozenset[int]:
    query = select(Matter.process_key).where(reserved(actor), Matter.process_key.is_not(None))
    return frozenset(key for key in session.scalars(query) if key is not None)


def _at_work(engine: ProcessEngine, actor: Actor, roots: Collection[int]) -> frozenset[int]:
    """Of these cases the ones the actor has a task of, or had one."""
    if not roots:
        return frozenset()
    among = Comparisons((("in", tuple(roots)),))
    found = engine.tasks(visible_to=actor, root_key=among, state=None, limit=None, counted=False)
    return frozenset(task.root_key for task in found.items)
