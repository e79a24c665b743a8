"""The thread desk: the thread of a purchase for whoever may see it, its public part, and what became of a topic."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Text, cast, select

from engine.errors import NotFound
from engine.model import Actor
from procurement.office.access import may_see_purchase
from procurement.office.desk import Desk
from procurement.registers.comparison import Notice
from procurement.registers.ledgers import LedgerEntry
from procurement.registers.purchases import Purchase
from procurement.threads import Thread, thread_of


class ThreadDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_purchase(self, number: str, *, actor: Actor) -> tuple[Purchase, Thread]:
        """Raises NotFound, also for who may not see the purchase."""
        with self._desk.reading() as session:
            purchase = session.get(Purchase, number)
            if purchase is None or not may_see_purchase(session, actor, number):
                raise NotFound(kind="Purchase", key=number)
            return purchase, thread_of(session, purchase)

    def public(self, purchase: Purchase) -> Thread | None:
        """None until the contract is public: score items and milestones are not told before."""
        with self._desk.reading() as session:
            if purchase.contract_id is None:
                return None
            return thread_of(session, purchase, public=True)

    def of_topic(self, matter: str) -> tuple[LedgerEntry, Sequence[Purchase]]:
        """The newest record of a deliberation and the purchases that name it and have published something. Raises NotFound."""
        with self._desk.reading() as session:
            query = select(LedgerEntry).where(LedgerEntry.ledger == "deliberations", LedgerEntry.matter == matter)
            entry = session.scalars(query.order_by(LedgerEntry.id.desc())).first()
            if entry is None:
                raise NotFound(kind="Topic", key=matter)
            told = select(Notice.purchase_id)
            named = cast(Purchase.details, Text).contains(f'"deliberation":"{matter}"', autoescape=True)
            found = session.scalars(select(Purchase).where(named, Purchase.id.in_(told)).order_by(Purchase.id)).all()
            return entry, found
