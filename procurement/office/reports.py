"""The dashboards' desk: which figures somebody may look at, what they come to, and the cases behind every number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, false, func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.forms.model import CheckboxField, Field
from engine.model import Actor, Page
from engine.store.tables import definition, user_task
from procurement import ledgers, reports
from procurement.accounts.users import names_of
from procurement.ledgers import importing
from procurement.ledgers.definitions import OWN, Ledger
from procurement.office.access import parties, visible_purchases
from procurement.office.desk import Desk
from procurement.office.matter_sight import hidden_cases
from procurement.office.matter_sight import listed as listed_matters
from procurement.registers.ledgers import LedgerEntry
from procurement.registers.parties import Agency
from procurement.registers.purchases import Purchase
from procurement.reports import BOARDS, SOURCES, Board, Counted, Figure, Scope, Source, words
from procurement.reports.counting import communities, units
from procurement.reports.definitions import LEDGER
from procurement.reports.entries import of_entries

Labels = Mapping[tuple[str, str, str], str]
MOST_LISTED = 20_000  # cases of one number that are handed on as a table


@dataclass(frozen=True)
class Wanted:
    """What a dashboard is narrowed to; ``year`` None: every year."""

    year: int | None = None
    unit: str = ""
    community: str = ""


@dataclass(frozen=True)
class Drawn:
    """A figure that was counted. ``labels``: (kind of the source, dimension, code) → word."""

    counted: Counted
    source: Source
    labels: Labels

    @property
    def figure(self) -> Figure:
        return self.counted.figure

    @property
    def knows_unit(self) -> bool:
        return self.source.unit is not None

    def label(self, code: str) -> str:
        return self.labels[self.source.kind, self.figure.by, code]

    def split_label(self, code: str) -> str:
        return self.labels[self.source.kind, self.figure.split, code]


class ReportDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def boards(self, *, actor: Actor) -> list[Board]:
        """The dashboards the actor may look at."""
        return [one for one in BOARDS.values() if actor.system or one.roles & actor.groups]

    def board(self, id_: str, *, actor: Actor) -> Board:
        """Raises NotFound, also for who may not look at it."""
        found = BOARDS.get(id_)
        if found is None or not (actor.system or found.roles & actor.groups):
            raise NotFound(kind="Dashboard", key=id_)
        return found

    def draw(self, board: Board, wanted: Wanted, *, actor: Actor, only: str | None = None) -> list[Drawn]:
        """Every figure of the dashboard, counted; ``only``: the id of one. Raises NotFound when there is no such figure."""
        with self._desk.reading() as session:
            scope = self._scope(session, wanted, actor)
            offered = [pair for pair in self._offered(session, board, actor) if only in (None, pair[0].id)]
            if only is not None and not offered:
                raise NotFound(kind="Figure", key=only)
            counted = reports.count(session, offered, scope)
            return self._named(session, [(one, source) for one, (_, source) in zip(counted, offered, strict=True)])

    def of_year(self, year: int) -> list[Drawn]:
        """Every figure over all rows of a year, for the report of the office."""
        with self._desk.reading() as session:
            offered = [(one, SOURCES[one.source]) for one in reports.shipped()]
            for ledger in ledgers.in_force(session).values():
                offered += _of_ledger(ledger)
            counted = reports.count(session, offered, Scope(self._desk.now(), year))
            return self._named(session, [(one, source) for one, (_, source) in zip(counted, offered, strict=True)])

    def cases(
        self,
        board: Board,
        figure_id: str,
        wanted: Wanted,
        *,
        actor: Actor,
        value: str | None = None,
        split: str | None = None,
        beyond: int | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """The cases one number counts, newest first; ``beyond``: those of all values but the first. Raises NotFound."""
        with self._desk.reading() as session:
            figure, source = self._one(session, board, figure_id, actor)
            scope = self._scope(session, wanted, actor)
            return reports.cases(
                session, figure, source, scope, value=value, split=split, beyond=beyond, limit=limit, after=after
            )

    def labels(self, source: Source, codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Words for (dimension, code) of a source's rows."""
        with self._desk.reading() as session:
            found = self._labels(session, {(source.kind, *code) for code in codes})
        return {(dimension, code): word for (_, dimension, code), word in found.items()}

    def figure(self, board: Board, figure_id: str, *, actor: Actor) -> tuple[Figure, Source]:
        """Raises NotFound."""
        with self._desk.reading() as session:
            return self._one(session, board, figure_id, actor)

    def choices(self, *, actor: Actor) -> tuple[list[int], Sequence[str], Sequence[str]]:
        """Years there is something to count in, units and communities, for filters. Outsiders are given no names of others."""
        with self._desk.reading() as session:
            seen = visible_purchases(session, actor)
            first = session.scalar(select(func.min(Purchase.started_at)).where(seen))
            this = self._desk.now().year
            years = list(range(this, min(this, first.year if first else this) - 1, -1))
            return years, units(session, seen), communities(session, seen)

    def _scope(self, session: Session, wanted: Wanted, actor: Actor) -> Scope:
        purchases, engine = visible_purchases(session, actor), self._desk.engine
        sights = {"purchase": purchases, "matter": listed_matters(session, engine, actor)}
        sights["case"] = and_(purchases, user_task.c.root_key.not_in(hidden_cases(session, engine, actor)))
        for one in ledgers.in_force(session).values():
            if not (actor.system or one.may_read(actor.groups)):
                owners = _owners(one, actor)
                sights[LEDGER + one.id] = LedgerEntry.owner.in_(owners) if owners else false()
        return Scope(self._desk.now(), wanted.year, wanted.unit, wanted.community, sights)

    def _one(self, session: Session, board: Board, figure_id: str, actor: Actor) -> tuple[Figure, Source]:
        for pair in self._offered(session, board, actor):
            if pair[0].id == figure_id:
                return pair
        raise NotFound(kind="Figure", key=figure_id)

    def _offered(self, session: Session, board: Board, actor: Actor) -> list[tuple[Figure, Source]]:
        """The figures of a dashboard whose rows the actor may count."""
        shipped = [(one, SOURCES[one.source]) for one in reports.shipped()]
        found = [(one, source) for one, source in shipped if _counts(source, actor)]
        for ledger in ledgers.in_force(session).values():
            if not (actor.system or ledger.may_read(actor.groups) or _owners(ledger, actor)):
                continue
            found += _of_ledger(ledger, board)
        return [pair for pair in found if board.id in pair[0].boards]

    def _named(self, session: Session, drawn: Collection[tuple[Counted, Source]]) -> list[Drawn]:
        codes = {
            (source.kind, dimension, code)
            for counted, source in drawn
            for dimension, used in ((counted.figure.by, counted.values), (counted.figure.split, counted.splits))
            for code in used
        }
        labels = self._labels(session, codes)
        return [Drawn(counted, source, labels) for counted, source in drawn]

    def _labels(self, session: Session, codes: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
        """Codes are (kind of the source, dimension, code). People, agencies, processes and each ledger take one statement."""
        wanted = {dimension: {code for _, of, code in codes if of == dimension} for _, dimension, _ in codes}
        named = {dimension: _NAMES[dimension](session, wanted[dimension]) for dimension in _NAMES.keys() & wanted.keys()}
        entries = {kind for kind, dimension, _ in codes if kind.startswith(LEDGER) and dimension != "month"}
        known = ledgers.in_force(session) if entries else {}
        forms = {kind: self._fields(known[kind.removeprefix(LEDGER)]) for kind in entries}
        found = {}
        for kind, dimension, code in codes:
            if kind in entries and dimension != "month":
                found[kind, dimension, code] = _told(forms[kind].get(dimension), code)
            else:
                found[kind, dimension, code] = named.get(dimension, {}).get(code) or words.label(dimension, code)
        return found

    def _fields(self, ledger: Ledger) -> Mapping[str, Field]:
        return importing.fields(self._desk.engine.newest_form(ledger.form)[0])


def _of_ledger(ledger: Ledger, board: Board | None = None) -> list[tuple[Figure, Source]]:
    """The figures of one ledger, or those it has on a dashboard, each with its entries as the rows it counts."""
    own = [one for one in reports.of_ledger(ledger) if board is None or board.id in one.boards]
    if not own:
        return []
    fields = tuple(dict.fromkeys(name for one in own for name in (one.by, *one.sums)))
    entries = of_entries(ledger.id, ledger.title, fields, in_force=bool(ledger.key))
    return [(one, entries) for one in own]


def _told(known: Field | None, code: str) -> str:
    """What the ledger's form calls a value."""
    return importing.told(known, code == "true" if isinstance(known, CheckboxField) else code) or words.NOT_GIVEN


def _counts(source: Source, actor: Actor) -> bool:
    return actor.system or source.readers is None or bool(source.readers & actor.groups)


def _owners(ledger: Ledger, actor: Actor) -> tuple[str, ...]:
    kind = OWN.get(ledger.own)
    return tuple(f"{kind}:{party}" for party in parties(actor, kind)) if kind else ()


def _agencies(session: Session, ids: Collection[str]) -> dict[str, str]:
    return {row.id: row.name for row in session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))}


def _processes(session: Session, ids: Collection[str]) -> dict[str, str]:
    d = definition.c
    versions = select(d.id, d.name).where(d.kind == "process", d.id.in_(ids)).order_by(d.version)
    return {row.id: row.name or row.id for row in session.execute(versions)}  # the newest comes last


_NAMES = {"person": names_of, "agency": _agencies, "process": _processes}

__all__ = ["BOARDS", "Board", "Drawn", "Figure", "ReportDesk", "Wanted"]
