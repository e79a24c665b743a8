"""The draws desk: what everybody may see of a draw, what its contributors do, and who may know whom it chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput
from engine.model import Actor, UserTask
from procurement.draw import protocol
from procurement.office.desk import Desk
from procurement.registers import drawing
from procurement.registers.draw_files import as_bytes, document
from procurement.registers.drawing import RevealMismatch
from procurement.registers.draws import Draw

COMMITTING, REVEALING = "commit_contribution", "reveal_contribution"

__all__ = ["DrawDesk", "DrawView", "NotYourTurn", "PublicDraw", "RevealMismatch"]


class NotYourTurn(Conflict):
    """Nothing is asked of you for draw {draw} now: see its times, and whether your side has answered already."""


@dataclass(frozen=True)
class PublicDraw:
    """One round as everybody sees it. ``content`` is the published file; ``sha256`` of its bytes."""

    number: str
    purchase_id: str
    round: int
    state: str  # committing, revealing, drawn, void
    announced_at: dt.datetime
    commit_until: dt.datetime
    reveal_until: dt.datetime
    concluded_at: dt.datetime | None
    content: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class DrawView:
    """A draw as one person sees it: ``asked`` are the contributors the person may answer for now, with what is to be done."""

    draw: PublicDraw
    asked: tuple[tuple[str, str], ...]  # (contributor, commit or reveal)
    own: tuple[str, ...]  # contributors whose commitment or contribution this person entered


class DrawDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # for everybody

    def public(self, purchase_id: str) -> Sequence[PublicDraw]:
        """Every round of a purchase, the newest first, void ones too."""
        with self._desk.reading() as session:
            rows = session.scalars(select(Draw).where(Draw.purchase_id == purchase_id).order_by(Draw.round.desc())).all()
            return [_public(session, row) for row in rows]

    def latest(self, *, limit: int = 50) -> Sequence[Draw]:
        """The newest rounds of all purchases."""
        with self._desk.reading() as session:
            return session.scalars(select(Draw).order_by(Draw.announced_at.desc(), Draw.id.desc()).limit(limit)).all()

    def get(self, number: str) -> PublicDraw:
        """Raises NotFound."""
        with self._desk.reading() as session:
            return _public(session, drawing.draw_of(session, number))

    def file(self, number: str) -> bytes:
        """The published file, as docs/reference/draw-file.md says. Raises NotFound."""
        with self._desk.reading() as session:
            return as_bytes(document(session, drawing.draw_of(session, number)))

    # for contributors

    def view(self, number: str, *, actor: Actor) -> DrawView:
        """Raises NotFound."""
        draw = self.get(number)
        asked = tuple(
            (contributor, "commit" if task.element_id == COMMITTING else "reveal")
            for task, contributor in self._tasks(draw, actor, COMMITTING, REVEALING)
        )
        with self._desk.reading() as session:
            rows = drawing.contributions(session, number)
        own = tuple(row.contributor for row in rows if actor.user_id in (row.committed_by, row.revealed_by))
        return DrawView(draw, asked, own)

    def commit(self, number: str, contributor: str, commitment: str, *, actor: Actor, command_id: str | None = None) -> None:
        """Complete the contributor's task with the hash. Raises NotFound, InvalidInput, NotYourTurn."""
        if not protocol.is_hash(commitment):
            raise InvalidInput(fields=(FieldError("commitment", "The code has 64 hexadecimal digits; let the page make it."),))
        task = self._task(number, contributor, COMMITTING, actor)
        self._desk.engine.complete_task(task.key, {"commitment": commitment}, actor=actor, command_id=command_id)

    def reveal(self, number: str, contributor: str, contribution: str, *, actor: Actor, command_id: str | None = None) -> None:
        """Complete the contributor's task with what was kept. Raises NotFound, InvalidInput, NotYourTurn, RevealMismatch."""
        text = protocol.normal(contribution)
        if not text:
            raise InvalidInput(fields=(FieldError("contribution", "Enter what was shown to you, or pick the saved file."),))
        task = self._task(number, contributor, REVEALING, actor)
        with self._desk.reading() as session:
            draw, row = drawing.draw_of(session, number), drawing.contribution_of(session, number, contributor)
            if not drawing.matches(draw, row, text):
                raise RevealMismatch(draw=number)
        self._desk.engine.complete_task(task.key, {"contribution": text}, actor=actor, command_id=command_id)

    def _task(self, number: str, contributor: str, element_id: str, actor: Actor) -> UserTask:
        for task, of in self._tasks(self.get(number), actor, element_id):
            if of == contributor:
                return task
        raise NotYourTurn(draw=number)

    def _tasks(self, draw: PublicDraw, actor: Actor, *element_ids: str) -> list[tuple[UserTask, str]]:
        """The actor's open tasks of this very round, with the contributor each is about."""
        if draw.state not in ("committing", "revealing"):
            return []
        found = []
        for task in self._desk.engine.tasks(business_key=draw.purchase_id, candidate_of=actor, state="created", limit=200).items:
            if task.element_id in element_ids:
                context = self._desk.engine.task_form(task.key, actor=actor).context
                if context.get("draw_number") == draw.number:
                    found.append((task, str(context["side"]["contributor"])))
        return found


def _public(session: Session, draw: Draw) -> PublicDraw:
    content = document(session, draw)
    return PublicDraw(
        number=draw.id,
        purchase_id=draw.purchase_id,
        round=draw.round,
        state=draw.state,
        announced_at=draw.announced_at,
        commit_until=draw.commit_until,
        reveal_until=draw.reveal_until,
        concluded_at=draw.concluded_at,
        content=content,
        sha256=protocol.sha256(as_bytes(content).decode()),
    )
