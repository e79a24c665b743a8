"""Matters: what people may begin by themselves, beginning it, the list, and who may look into which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import Conflict, EngineError, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor, Page
from procurement.office import matter_listing, subjects
from procurement.office.desk import Desk
from procurement.office.matter_listing import Standing
from procurement.office.matter_sight import OPERATORS, hidden_cases, listed, visible
from procurement.office.startables import Startable, startable
from procurement.registers.matters import Matter
from procurement.registers.numbers import next_number


class TakenUp(Conflict):
    """Matter {matter} is with others already, or has ended. Ask them to send it back, or an operator to end it."""


class MatterDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: tuple[int, dict[str, Startable]] = (-1, {})

    def startable(self, actor: Actor, about: str | None = None) -> list[Startable]:
        """What the actor may begin, by system and name; ``about`` limits it to what concerns such a thing."""
        found = [one for one in self._all().values() if one.roles & actor.groups and about in (None, one.about)]
        return sorted(found, key=lambda one: (one.system, one.name))

    def kinds(self) -> dict[str, str]:
        """Process id → name of every process that has matters, for filters."""
        with self._desk.reading() as session:
            known = set(session.scalars(select(Matter.process_id).distinct()))
        known |= self._all().keys()
        newest = self._desk.engine.definitions(kind="process", latest=True, limit=None).items
        names = {one.id: one.name or one.id for one in newest if one.id in known}
        return dict(sorted(names.items(), key=lambda pair: pair[1]))

    def prefixes(self) -> frozenset[str]:
        """What the number of a matter may begin with."""
        return frozenset(one.prefix for one in self._all().values())

    def start(self, process_id: str, subject: str = "", *, actor: Actor, command_id: str | None = None) -> Matter:
        """Give the matter its number and begin its process; ``subject`` is the id of what it is about.

        A double click answers with the same matter. Raises NotFound, NotPermitted, InvalidInput when the subject is missing.
        """
        one = self._all().get(process_id)
        if one is None:
            raise NotFound(kind="Process", key=process_id)
        if not one.roles & actor.groups:
            raise NotPermitted("Only {roles} may begin this.", roles=", ".join(sorted(one.roles)))
        concerns, variables = self._concerns(one.about, subject.strip(), actor)
        name = variables["title"] or variables["organisation"]
        title = f"{one.name}：{name}" if name else one.name
        row = Matter(
            process_id=process_id,
            title=title,
            about=one.about,
            starter=actor.user_id,
            command_id=command_id,
            seen_by=list(one.seen_by),
            **concerns,
        )
        number = self._number(row, one.prefix, actor)
        known = {**variables, "starter": actor.user_id, "matter": number}
        try:
            instance = self._desk.engine.start_process(
                process_id, known, actor=actor, business_key=number, command_id=f"start {number}"
            )
        except EngineError as cause:
            self._void(number, actor, str(cause))
            raise
        with self._desk.editing(actor) as session:
            session.get_one(Matter, number, with_for_update=True).process_key = instance.key
        return self.get(number, actor=actor)

    def may_withdraw(self, row: Matter, *, actor: Actor) -> bool:
        """Whoever began it, while nobody has completed anything but they; an operator while it runs."""
        if row.process_key is None or row.closed_at is not None:
            return False
        engine = self._desk.engine
        if engine.instance(row.process_key).ended_at is not None:
            return False
        if actor.groups & OPERATORS:
            return True
        done = engine.tasks(root_key=row.process_key, state="completed", limit=50).items
        return row.starter == actor.user_id and all(task.completed_by == actor.user_id for task in done)

    def withdraw(self, number: str, reason: str, *, actor: Actor, command_id: str | None = None) -> None:
        """End it with a reason. Raises NotFound, TakenUp, InvalidInput without a reason."""
        row = self.get(number, actor=actor)
        if not self.may_withdraw(row, actor=actor) or row.process_key is None:
            raise TakenUp(matter=number)
        if not reason.strip():
            raise InvalidInput(fields=(FieldError("reason", "Write why the matter ends; the reason stays in its history."),))
        on_behalf = replace(actor, system=True)  # ending a case is the operators' duty; who did it stays on record
        self._desk.engine.cancel_instance(row.process_key, actor=on_behalf, reason=reason.strip(), command_id=command_id)
        with self._desk.editing(actor) as session:
            row = session.get_one(Matter, number, with_for_update=True)
            row.closed_at, row.result, row.result_text = self._desk.now(), "withdrawn", reason.strip()

    def get(self, number: str, *, actor: Actor) -> Matter:
        """Raises NotFound, also for who may not see it."""
        with self._desk.reading() as session:
            row = session.get(Matter, number)
            if row is None or not self._sees(session, row, actor):
                raise NotFound(kind="Matter", key=number)
            return row

    def by_ids(self, numbers: Iterable[str]) -> dict[str, Matter]:
        """Several at once, by number; numbers that do not exist are left out."""
        with self._desk.reading() as session:
            return {row.id: row for row in session.scalars(select(Matter).where(Matter.id.in_(list(numbers))))}

    def of_cases(self, root_keys: Iterable[int]) -> dict[int, Matter]:
        """Several at once, by the key of the running process."""
        with self._desk.reading() as session:
            rows = session.scalars(select(Matter).where(Matter.process_key.in_(list(root_keys))))
            return {row.process_key: row for row in rows if row.process_key is not None}

    def of_case(self, root_key: int) -> Matter | None:
        """The matter of a running process; None for a purchase or what has not said what it is."""
        with self._desk.reading() as session:
            return session.scalar(select(Matter).where(Matter.process_key == root_key))

    def reserved(self, *, actor: Actor) -> frozenset[int]:
        """Root keys of the running cases the actor may not know of; none for operators, who mend them."""
        with self._desk.reading() as session:
            return hidden_cases(session, self._desk.engine, actor)

    def may_see(self, actor: Actor, number: str) -> bool:
        with self._desk.reading() as session:
            row = session.get(Matter, number)
            return row is not None and self._sees(session, row, actor)

    def about(self, *, actor: Actor, limit: int = 50, **concerns: str) -> Sequence[Matter]:
        """The matters of one purchase, contract or organisation (purchase_id=…, organisation_id=…), newest first."""
        equal = [getattr(Matter, column) == value for column, value in concerns.items()]
        with self._desk.reading() as session:
            query = select(Matter).where(listed(session, self._desk.engine, actor), *equal, Matter.void.is_(False))
            return session.scalars(query.order_by(Matter.opened_at.desc(), Matter.id.desc()).limit(limit)).all()

    def search(
        self,
        *,
        actor: Actor,
        words: str = "",
        process_id: str = "",
        open_: bool | None = None,
        year: int | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """The running ones by their nearest deadline, then the ended, newest first; ``words`` looks into number and title."""
        conditions: list[ColumnElement[bool]] = [Matter.void.is_(False)]
        if words:
            pattern = "%" + words.replace("%", r"\%").replace("_", r"\_") + "%"
            conditions.append(or_(Matter.id.ilike(pattern), Matter.title.ilike(pattern)))
        if process_id:
            conditions.append(Matter.process_id == process_id)
        if year is not None:
            conditions.append(Matter.id.like(f"%-{year}-%"))
        with self._desk.reading() as session:
            conditions.append(listed(session, self._desk.engine, actor))
            counted = conditions if open_ is None else [*conditions, Matter.closed_at.is_(None) == open_]
            total = session.scalar(select(func.count()).select_from(Matter).where(*counted)) or 0
            rows, following = matter_listing.page(session, conditions, open_=open_, limit=limit, after=after)
        return Page(tuple(rows), total, following)

    def standings(self, numbers: Iterable[str]) -> dict[str, Standing]:
        """What matters wait for, for a list of some the actor may see."""
        with self._desk.reading() as session:
            return matter_listing.standings(session, list(numbers))

    def choices(self, about: str, words: str, *, actor: Actor, limit: int = 30) -> list[tuple[str, str]]:
        """Id and name of what a matter may be about, newest first; ``words`` looks into number and name."""
        with self._desk.reading() as session:
            return subjects.choices(session, about, words, actor=actor, limit=limit)

    def _all(self) -> dict[str, Startable]:
        generation = self._desk.engine.generation()
        if self._known[0] != generation:
            engine = self._desk.engine
            models = (engine.process_model(one.key) for one in engine.definitions(kind="process", latest=True, limit=None).items)
            found = [one for model in models if (one := startable(model)) is not None]
            self._known = generation, {one.process_id: one for one in found}
        return self._known[1]

    def _concerns(self, about: str, subject: str, actor: Actor) -> tuple[dict[str, str | None], dict[str, Any]]:
        """Columns of the row and variables of the process."""
        if about == "none":
            return {}, subjects.variables()
        if not subject:
            raise InvalidInput(fields=(FieldError("subject", "Choose what the matter is about."),))
        with self._desk.reading() as session:
            found = subjects.find(session, about, subject)
            if found is None or not subjects.may_choose(session, found, actor):
                raise InvalidInput(fields=(FieldError("subject", "There is no {about} {id}.", {"about": about, "id": subject}),))
            columns = {name: found.get(name) for name in ("purchase_id", "contract_id", "organisation_id", "agency_id")}
        return {name: value for name, value in columns.items() if value}, subjects.variables(found)

    def _number(self, row: Matter, prefix: str, actor: Actor) -> str:
        """The number; the same again for a second press of the same button."""
        with self._desk.editing(actor) as session:
            if row.command_id:
                same = select(Matter.id).where(Matter.starter == row.starter, Matter.command_id == row.command_id)
                if (earlier := session.scalar(same)) is not None:
                    return earlier
            row.opened_at = self._desk.now()
            row.id = next_number(session, prefix, row.opened_at.year)
            session.add(row)
            return row.id

    def _void(self, number: str, actor: Actor, reason: str) -> None:
        with self._desk.editing(actor) as session:
            row = session.get_one(Matter, number)
            row.void, row.result_text, row.closed_at = True, reason, self._desk.now()

    def _sees(self, session: Session, row: Matter, actor: Actor) -> bool:
        if session.scalar(select(Matter.id).where(Matter.id == row.id, visible(session, actor))) is not None:
            return True
        tasks = self._desk.engine.tasks
        return row.process_key is not None and bool(tasks(visible_to=actor, root_key=row.process_key, limit=1).items)
