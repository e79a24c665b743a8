"""The flag desk: who sees red flags, who judges them, and how often each sort turned out to be nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor, Page, last_key
from procurement.flags import KINDS
from procurement.office.access import parties
from procurement.office.desk import Desk
from procurement.registers.flags import VERDICTS, FlagLook, FlagVerdict, RedFlag
from procurement.registers.parties import Organisation
from procurement.registers.purchases import Purchase

WATCHERS = frozenset({"discipline", "auditor", "street_leader", "procurement_officer"})
JUDGES = frozenset({"discipline", "street_leader", "procurement_officer"})  # auditors look on
# what an agency sees of the comparisons it runs: the panel judges collusion (87号令 第三十七条), not how the buyer buys
OF_COMPARISON = frozenset(KINDS) - {"splitting", "just_below_limit", "repeated_winner"}


class FlagNotYours(NotPermitted):
    """Whoever started the purchase or drew up its need may not judge its red flags. Leave it to somebody else of the office."""


@dataclass(frozen=True)
class SeenFlag:
    """A flag with the purchase it is about. ``names``: organisation id → name."""

    flag: RedFlag
    purchase: Purchase
    names: dict[str, str]


@dataclass(frozen=True)
class FlagCard:
    """Everything about one flag: who looked when, and every verdict, the last one last."""

    seen: SeenFlag
    looks: Sequence[FlagLook]
    verdicts: Sequence[FlagVerdict]
    may_judge: bool


@dataclass(frozen=True)
class FlagFigures:
    """How one sort of flag did: a designer tunes its limit by the share of false alarms."""

    kind: str
    total: int
    open: int
    false_alarms: int

    @property
    def judged(self) -> int:
        return self.total - self.open


class FlagDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def search(
        self, *, actor: Actor, state: str = "", kind: str = "", purchase_id: str = "", limit: int = 50, after: str | None = None
    ) -> Page:
        """SeenFlag, newest first. Others than watchers and the purchase's agency see none."""
        conditions = [_visible(actor)]
        conditions += [RedFlag.state == state] if state else []
        conditions += [RedFlag.kind == kind] if kind else []
        conditions += [RedFlag.purchase_id == purchase_id] if purchase_id else []
        joined = select(RedFlag, Purchase).join(Purchase, Purchase.id == RedFlag.purchase_id).where(*conditions)
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
            query = joined.order_by(RedFlag.id.desc()).limit(limit + 1)
            if (last := last_key(after)) is not None:
                query = query.where(RedFlag.id < last)
            rows = [(flag, purchase) for flag, purchase in session.execute(query)]
            names = _names(session, [flag for flag, _ in rows])
        items = tuple(SeenFlag(flag, purchase, names) for flag, purchase in rows[:limit])
        return Page(items, total, str(items[-1].flag.id) if len(rows) > limit else None)

    def card(self, flag_id: int, *, actor: Actor) -> FlagCard:
        """One flag; the first look of each person is kept. Raises NotFound, also for who may not see it."""
        with self._desk.editing(actor) as session:
            flag, purchase = self._found(session, flag_id, actor)
            look = insert(FlagLook).values(flag_id=flag.id, login=actor.user_id, at=self._desk.now())
            session.execute(look.on_conflict_do_nothing())
            looks = session.scalars(select(FlagLook).where(FlagLook.flag_id == flag.id).order_by(FlagLook.at)).all()
            verdicts = session.scalars(select(FlagVerdict).where(FlagVerdict.flag_id == flag.id).order_by(FlagVerdict.id)).all()
            seen = SeenFlag(flag, purchase, _names(session, [flag]))
            return FlagCard(seen, looks, verdicts, _may_judge(actor) and purchase.initiator != actor.user_id)

    def judge(self, flag_id: int, verdict: str, reason: str, *, actor: Actor) -> None:
        """Say what a flag turned out to be; earlier verdicts stay. Raises NotFound, NotPermitted, FlagNotYours, InvalidInput."""
        with self._desk.reading() as session:
            self._found(session, flag_id, actor)  # first of all: a wrong field tells nobody that the flag is there
        errors = []
        if verdict not in VERDICTS:
            errors.append(FieldError("verdict", "Choose one of {allowed}.", {"allowed": ", ".join(VERDICTS)}))
        if not reason.strip():
            errors.append(FieldError("reason", "Say what you found; it stays with the flag and goes into the case file."))
        if errors:
            raise InvalidInput(fields=tuple(errors))
        with self._desk.editing(actor) as session:
            flag, purchase = self._found(session, flag_id, actor)
            if not _may_judge(actor):
                raise NotPermitted(
                    "Red flags are judged by the street office, its discipline inspection or the agency of the comparison."
                )
            if purchase.initiator == actor.user_id:
                raise FlagNotYours
            flag.state = verdict
            session.add(
                FlagVerdict(flag_id=flag.id, by=actor.user_id, at=self._desk.now(), verdict=verdict, reason=reason.strip())
            )

    def figures(self, *, actor: Actor) -> Sequence[FlagFigures]:
        """One line per sort the actor may see, in the order of KINDS; sorts that were never found are left out."""
        query = (
            select(RedFlag.kind, RedFlag.state, func.count())
            .join(Purchase, Purchase.id == RedFlag.purchase_id)
            .where(_visible(actor))
            .group_by(RedFlag.kind, RedFlag.state)
        )
        with self._desk.reading() as session:
            counted = {(kind, state): number for kind, state, number in session.execute(query)}
        return [
            FlagFigures(
                kind,
                sum(number for (of, _), number in counted.items() if of == kind),
                counted.get((kind, "open"), 0),
                counted.get((kind, "false_alarm"), 0),
            )
            for kind in KINDS
            if any(of == kind for of, _ in counted)
        ]

    def open_of(self, purchase_id: str, *, actor: Actor) -> int:
        """How many flags of a purchase nobody has judged yet, among those the actor may see."""
        query = select(func.count()).select_from(RedFlag).join(Purchase, Purchase.id == RedFlag.purchase_id)
        with self._desk.reading() as session:
            found = query.where(RedFlag.purchase_id == purchase_id, RedFlag.state == "open", _visible(actor))
            return session.scalar(found) or 0

    @staticmethod
    def _found(session: Session, flag_id: int, actor: Actor) -> tuple[RedFlag, Purchase]:
        query = select(RedFlag, Purchase).join(Purchase, Purchase.id == RedFlag.purchase_id)
        row = session.execute(query.where(RedFlag.id == flag_id, _visible(actor))).one_or_none()
        if row is None:
            raise NotFound(kind="Red flag", key=flag_id)
        return row[0], row[1]


def _visible(actor: Actor) -> ColumnElement[bool]:
    """A condition on flags joined with their purchases."""
    if actor.system or actor.groups & WATCHERS:
        return true()
    agencies = parties(actor, "agency")
    if not agencies:
        return false()
    return or_(false(), and_(Purchase.agency_id.in_(agencies), RedFlag.kind.in_(OF_COMPARISON)))


def _may_judge(actor: Actor) -> bool:
    return bool(actor.groups & JUDGES or parties(actor, "agency"))


def _names(session: Session, flags: Sequence[RedFlag]) -> dict[str, str]:
    ids = {organisation_id for flag in flags for organisation_id in flag.organisations}
    if not ids:
        return {}
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}
