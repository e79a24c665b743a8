"""The desk of red-header papers: the published result, the letter of award, the minutes of the opening and of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.errors import NotFound
from engine.model import Actor
from procurement.office.access import may_see_purchase, of_office, parties
from procurement.office.desk import Desk
from procurement.papers import paper_as_pdf, paper_as_word
from procurement.papers.document import Paper
from procurement.papers.finding import found
from procurement.registers.draw_files import is_result_public
from procurement.registers.purchases import Purchase

INSIDE = frozenset({"opening_minutes", "evaluation_minutes"})  # whoever else wants them waits for the result
SECRET = frozenset({"evaluation_minutes"})  # names the panel and every score: never for bidders, for the office after the result


@dataclass(frozen=True)
class Offered:
    """One paper that can be had."""

    kind: str
    number: str
    heading: str
    day: str


class DocumentDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.name = "街道办事处"
        self.templates: Path | None = None

    def of_purchase(self, purchase_id: str, *, actor: Actor) -> Sequence[Offered]:
        """The papers of a purchase the actor may have, in the order of their making."""
        return [Offered(one.kind, one.number, one.heading, one.day) for one in self._papers(purchase_id, actor)]

    def word(self, purchase_id: str, kind: str, number: str, *, actor: Actor) -> bytes:
        """A .docx. Raises NotFound, also for a paper the actor may not have, and TemplateBroken."""
        return paper_as_word(self._one(purchase_id, kind, number, actor), self.templates)

    def pdf(self, purchase_id: str, kind: str, number: str, *, actor: Actor) -> bytes:
        """Raises NotFound, PrintingAway. A paper is printed once, as long as it says the same."""
        return _printed(self._one(purchase_id, kind, number, actor))

    def _one(self, purchase_id: str, kind: str, number: str, actor: Actor) -> Paper:
        for paper in self._papers(purchase_id, actor):
            if (paper.kind, paper.number) == (kind, number):
                return paper
        raise NotFound(kind="Paper", key=f"{kind} {number}")

    def _papers(self, purchase_id: str, actor: Actor) -> list[Paper]:
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            if purchase is None or not may_see_purchase(session, actor, purchase_id):
                return []
            inside = of_office(actor) or bool(parties(actor, "agency"))
            decided = is_result_public(session, purchase_id)
            hidden = (frozenset() if inside or decided else INSIDE) | (frozenset() if inside and decided else SECRET)
            return [paper for paper in found(session, purchase, office=self.name) if paper.kind not in hidden]


@lru_cache(maxsize=32)
def _printed(paper: Paper) -> bytes:
    return paper_as_pdf(paper)
