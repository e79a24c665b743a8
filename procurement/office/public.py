"""The public desk: what anybody may read without logging in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, true
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Page
from procurement.office.desk import Desk
from procurement.office.disclosure import disclosed
from procurement.office.public_purchase import RESULT_KINDS, PublicFile, PublicPurchase, files_of, shown
from procurement.opendata.tendering import received
from procurement.registers.cataloguing import catalogue_on
from procurement.registers.comparison import Notice
from procurement.registers.money import CatalogueItem
from procurement.registers.parties import Organisation
from procurement.registers.performance import CaseFile
from procurement.registers.purchases import Purchase

OPEN = "comparison_open"
PUBLICITY = "result_publicity"
MOST_COUNTED = 1000  # notices a search finds; nobody counts further
FRONT = 60  # running comparisons and publicity periods on the front page; a street office has a few


@dataclass(frozen=True)
class Running:
    """A purchase that waits for something from outside, and the notice that says so."""

    purchase: Purchase
    notice: Notice


class PublicDesk:
    """Only purchases that have published something exist here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def notices(
        self,
        *,
        words: str = "",
        kinds: Sequence[str] = (),
        community: str = "",
        organisation: str = "",
        open_only: bool = False,
        limit: int = 30,
        after: str | None = None,
    ) -> Page:
        """Newest first. ``open_only``: not closed and not past ``until``. ``organisation``: part of the supplier's name."""
        conditions = self._conditions(words, kinds, open_only=open_only)
        if community:
            conditions.append(Purchase.community == community)
        if organisation:
            chosen = select(Organisation.id).where(Organisation.name.contains(organisation, autoescape=True))
            conditions += [Purchase.organisation_id.in_(chosen), Notice.kind.in_(AFTER_RESULT)]
        newest = select(Notice.id).where(*conditions).order_by(Notice.id.desc())
        if community or organisation:
            newest = newest.join(Purchase, Purchase.id == Notice.purchase_id)
        with self._desk.reading() as session:
            if conditions:  # looked for once, as far as they are counted
                found = session.scalars(newest.limit(MOST_COUNTED + 1)).all()
                total = len(found)
            else:
                found, total = (), session.scalar(select(func.count()).select_from(Notice)) or 0
            if after or not conditions:
                found = session.scalars((newest.where(Notice.id < after) if after else newest).limit(limit + 1)).all()
            shown = select(Notice).where(Notice.id.in_(found[:limit])).order_by(Notice.id.desc())
            rows = disclosed(session, session.scalars(shown))
        is_least = bool(conditions) and total > MOST_COUNTED
        following = rows[-1].id if len(found) > limit else None
        return Page(tuple(rows), MOST_COUNTED if is_least else total, following, is_least=is_least)

    def _conditions(self, words: str, kinds: Sequence[str], *, open_only: bool) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if words:
            searched = Notice.title + "\n" + Notice.id + "\n" + Notice.purchase_id
            conditions.append(searched.icontains(words, autoescape=True))
        if kinds:
            conditions.append(Notice.kind.in_(kinds))
        if open_only:
            conditions += [Notice.closed_at.is_(None), or_(Notice.until.is_(None), Notice.until >= self._desk.now())]
        return conditions

    def results(self, *, words: str = "", limit: int = 30, after: str | None = None) -> Page:
        return self.notices(words=words, kinds=RESULT_KINDS, limit=limit, after=after)

    def notice(self, number: str) -> Notice:
        """Raises NotFound."""
        with self._desk.reading() as session:
            row = session.get(Notice, number)
            if row is None:
                raise NotFound(kind="Notice", key=number)
            return disclosed(session, [row])[0]

    def purchase(self, purchase_id: str) -> PublicPurchase:
        """Raises NotFound for a purchase that has published nothing."""
        with self._desk.reading() as session:
            return shown(session, purchase_id)

    def open_comparisons(self) -> Sequence[Running]:
        """Where organisations may still apply or hand in, the nearest deadline first."""
        with self._desk.reading() as session:
            query = select(Purchase).where(Purchase.status == OPEN, Purchase.bid_until >= self._desk.now())
            purchases = session.scalars(query.order_by(Purchase.bid_until).limit(FRONT)).all()
            return _with_notice(session, purchases, ("comparison_notice",))

    def publicity_periods(self) -> Sequence[Notice]:
        """Results that can still be objected to, or whose clock stands still; the newest first."""
        conditions = self._conditions("", (PUBLICITY,), open_only=True)
        with self._desk.reading() as session:
            rows = session.scalars(select(Notice).where(*conditions).order_by(Notice.id.desc()).limit(FRONT)).all()
            ended = select(Notice.purchase_id).where(
                Notice.purchase_id.in_([row.purchase_id for row in rows]), Notice.kind.in_(("award", "result", "termination"))
            )
            over = set(session.scalars(ended))
            return [row for row in rows if row.purchase_id not in over]

    def communities(self) -> Sequence[str]:
        """Those with published purchases: of each the first one that is found, not all."""
        named = select(Purchase.community).where(Purchase.community != "").distinct().subquery()
        told = (
            select(true())
            .select_from(Purchase)
            .join(Notice, Notice.purchase_id == Purchase.id)
            .where(Purchase.community == named.c.community)
        )
        query = select(named.c.community).where(told.limit(1).scalar_subquery()).order_by(named.c.community)
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def receipt(self, number: str) -> tuple[Notice, str]:
        """The published list that names a receipt, and the hash it gives. Raises NotFound."""
        query = select(Notice).where(Notice.kind == "bid_list", cast(Notice.content, Text).contains(number, autoescape=True))
        with self._desk.reading() as session:
            for notice in session.scalars(query.order_by(Notice.id.desc())):
                for row in received(notice.content):
                    if row["id"] == number:
                        return notice, row.get("sha256", "")
        raise NotFound(kind="Receipt", key=number)

    def catalogue(self) -> Sequence[CatalogueItem]:
        """The guiding catalogue in force today."""
        with self._desk.reading() as session:
            return catalogue_on(session, self._desk.now().date())

    def case_file(self, number: str) -> tuple[Purchase, PublicFile]:
        """A volume and the purchase it is of. Raises NotFound, also while it is not accepted or nothing of the purchase is public."""
        with self._desk.reading() as session:
            row = session.get(CaseFile, number)
            purchase = session.get(Purchase, row.purchase_id) if row else None
            told = select(Notice.id).where(Notice.purchase_id == purchase.id).limit(1) if purchase else None
            if purchase is not None and told is not None and session.scalar(told):
                for file in files_of(session, purchase):
                    if file.number == number:
                        return purchase, file
        raise NotFound(kind="Case file", key=number)


AFTER_RESULT = (*RESULT_KINDS, "contract", "acceptance", "termination_of_contract", "negative_list")


def _with_notice(session: Session, purchases: Sequence[Purchase], kinds: Sequence[str]) -> list[Running]:
    """Each purchase with its newest notice of these kinds; one that has none is not public."""
    numbers = [purchase.id for purchase in purchases]
    query = select(Notice).where(Notice.purchase_id.in_(numbers), Notice.kind.in_(kinds)).order_by(Notice.id)
    newest = {notice.purchase_id: notice for notice in session.scalars(query)}
    return [Running(purchase, newest[purchase.id]) for purchase in purchases if purchase.id in newest]
