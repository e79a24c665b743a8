"""A draw of experts step by step: announce, commit, close, reveal, conclude. What was published is never changed afterwards."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from procurement.draw import Stratum, TooFew, chosen, protocol
from procurement.draw.choosing import check
from procurement.registers import numbers
from procurement.registers.conflicts import barred_experts
from procurement.registers.draws import Draw, DrawCandidate, DrawContribution, DrawOutsideValue
from procurement.registers.parties import Expert

SALT_BYTES = 16


class DrawOver(Conflict):
    """Draw {draw} takes no {what} any more: see its page for the times."""


class RevealMismatch(Conflict):
    """What you entered does not belong to the code committed for draw {draw}. Enter the text exactly as it was shown, or pick the saved file."""


@dataclass(frozen=True)
class Terms:
    """What a round is announced with. ``strata``: [{"name", "fields", "at_least"}]; ``outside``: {"source", "when"} or None."""

    field: str
    seats: int
    alternates: int
    contributors: Sequence[Mapping[str, Any]]  # contributor, side, name
    minimum_sides: int
    commit_until: dt.datetime
    reveal_until: dt.datetime
    reason: str
    exclude_organisations: Sequence[str] = ()
    exclude_experts: Sequence[str] = ()
    employment_years: int = 0
    strata: Sequence[Mapping[str, Any]] = ()
    outside: Mapping[str, str] | None = None


def announce(session: Session, purchase_id: str, title: str, terms: Terms, *, by: str, now: dt.datetime) -> Draw:
    """Fix and publish a round before any randomness is known. Raises TooFew."""
    rounds = session.scalars(select(Draw).where(Draw.purchase_id == purchase_id).order_by(Draw.round).with_for_update()).all()
    number = len(rounds) + 1
    strata = _strata(terms)
    candidates, excluded = _candidates(session, purchase_id, number, terms, strata, now.date())
    check({one.commitment: one.strata for one in candidates}, terms.seats, strata)
    announcement: dict[str, Any] = {
        "purchase": purchase_id,
        "title": title,
        "round": number,
        "reason": terms.reason,
        "previous": rounds[-1].announcement_sha256 if rounds else None,
        "announced_at": now.isoformat(),
        "algorithm": protocol.DOMAIN,
        "field": terms.field,
        "seats": terms.seats,
        "alternates": terms.alternates,
        "strata": [{"name": one.name, "at_least": one.at_least} for one in strata],
        "candidates": [{"commitment": one.commitment, "strata": one.strata} for one in candidates],
        "candidates_sha256": protocol.candidates_sha256(one.commitment for one in candidates),
        "excluded": [{"reason": reason, "count": count} for reason, count in sorted(excluded.items())],
        "contributors": [{name: str(one[name]) for name in ("contributor", "side", "name")} for one in terms.contributors],
        "minimum_sides": terms.minimum_sides,
        "commit_until": terms.commit_until.isoformat(),
        "reveal_until": terms.reveal_until.isoformat(),
        "outside": dict(terms.outside) if terms.outside else None,
    }
    draw = Draw(
        id=numbers.next_number(session, numbers.DRAW, now.year),
        purchase_id=purchase_id,
        round=number,
        state="committing",
        announcement=announcement,
        announcement_sha256=protocol.digest(announcement),
        announced_at=now,
        announced_by=by,
        commit_until=terms.commit_until,
        reveal_until=terms.reveal_until,
    )
    session.add(draw)
    session.flush()
    for one in candidates:
        one.draw_id = draw.id
    rows = [DrawContribution(draw_id=draw.id, **one) for one in announcement["contributors"]]
    session.add_all([*candidates, *rows])
    session.flush()
    return draw


def _strata(terms: Terms) -> list[Stratum]:
    """With strata the field of the purchase keeps all other seats, for the list then holds people of other fields too."""
    asked = [Stratum(str(one["name"]), int(one["at_least"])) for one in terms.strata if int(one["at_least"]) > 0]
    rest = terms.seats - sum(one.at_least for one in asked)
    return [*asked, Stratum(terms.field, rest)] if asked and rest > 0 else asked


def _candidates(
    session: Session, purchase_id: str, number: int, terms: Terms, strata: Sequence[Stratum], day: dt.date
) -> tuple[list[DrawCandidate], Counter[str]]:
    """In the order of their commitments, and how many of the field were left out for which reason."""
    fields = {terms.field: {terms.field}} | {str(one["name"]): set(one["fields"]) for one in terms.strata}
    wanted = {terms.field} | {one.name for one in strata}
    pool = session.scalars(select(Expert).where(Expert.active).order_by(Expert.id)).all()
    marks = {
        expert.id: [name for name in sorted(wanted) if not terms.field or fields[name] & set(expert.fields)] for expert in pool
    }
    pool = [expert for expert in pool if marks[expert.id]]
    barred = barred_experts(
        session,
        pool,
        terms.exclude_organisations,
        terms.exclude_experts,
        day,
        purchase_id=purchase_id,
        employment_years=terms.employment_years,
    )
    made = []
    for expert in pool:
        if expert.id in barred:
            continue
        salt = secrets.token_hex(SALT_BYTES)
        who = {"expert_id": expert.id, "name": expert.name, "unit": expert.unit}
        commitment = protocol.candidate_commitment(purchase_id, number, who, salt)
        made.append(DrawCandidate(commitment=commitment, salt=salt, **who, strata=marks[expert.id] if strata else []))
    return sorted(made, key=lambda one: one.commitment), Counter(map(_reason, barred.values()))


def _reason(reason: str) -> str:
    """As it is published: who is named for exclusion was recused, silent, absent, asked for by an applicant, or sits already."""
    return "named" if reason == "excluded by name" else reason


def draw_of(session: Session, draw_id: str, *, locked: bool = False) -> Draw:
    """Raises NotFound."""
    draw = session.get(Draw, draw_id, with_for_update=locked)
    if draw is None:
        raise NotFound(kind="Draw", key=draw_id)
    return draw


def contribution_of(session: Session, draw_id: str, contributor: str) -> DrawContribution:
    """Raises NotFound."""
    row = session.get(DrawContribution, (draw_id, contributor), with_for_update=True)
    if row is None:
        raise NotFound(kind="Contributor", key=f"{draw_id} {contributor}")
    return row


def contributions(session: Session, draw_id: str) -> Sequence[DrawContribution]:
    return session.scalars(
        select(DrawContribution).where(DrawContribution.draw_id == draw_id).order_by(DrawContribution.contributor)
    ).all()


def commit(session: Session, draw_id: str, contributor: str, commitment: str, *, by: str, now: dt.datetime) -> DrawContribution:
    """Take in the hash of a contribution; the first one counts. Raises NotFound, DrawOver, ValueError for what is no hash."""
    draw = draw_of(session, draw_id, locked=True)
    row = contribution_of(session, draw_id, contributor)
    if draw.state != "committing" or now > draw.commit_until:
        raise DrawOver(draw=draw_id, what="commitments")
    if not protocol.is_hash(commitment):
        raise ValueError("a commitment has 64 hexadecimal digits")
    if not row.commitment:
        row.commitment, row.committed_at, row.committed_by = commitment, now, by
    session.flush()
    return row


def close(session: Session, draw_id: str, now: dt.datetime) -> list[str]:
    """End the time of commitments and say who is to reveal: nobody when too few sides took part."""
    draw = draw_of(session, draw_id, locked=True)
    if draw.state == "committing":
        draw.state, draw.closed_at = "revealing", now
    promised = [row for row in contributions(session, draw_id) if row.commitment]
    session.flush()
    if len({row.side for row in promised}) < draw.announcement["minimum_sides"]:
        return []
    return [row.contributor for row in promised]


def matches(draw: Draw, row: DrawContribution, contribution: str) -> bool:
    made = protocol.contribution_commitment(draw.purchase_id, draw.round, row.contributor, contribution)
    return secrets.compare_digest(made, row.commitment)


def reveal(session: Session, draw_id: str, contributor: str, contribution: str, *, by: str, now: dt.datetime) -> DrawContribution:
    """Raises NotFound, DrawOver, RevealMismatch."""
    draw = draw_of(session, draw_id, locked=True)
    row = contribution_of(session, draw_id, contributor)
    if draw.state != "revealing" or now > draw.reveal_until or not row.commitment:
        raise DrawOver(draw=draw_id, what="contributions")
    if not matches(draw, row, contribution):
        raise RevealMismatch(draw=draw_id)
    if not row.contribution:
        row.contribution, row.revealed_at, row.revealed_by = protocol.normal(contribution), now, by
    session.flush()
    return row


def enter_outside(session: Session, draw_id: str, value: str, evidence: str, *, by: str, now: dt.datetime) -> None:
    """What one of two people found; entered again, the later entry counts."""
    row = session.get(DrawOutsideValue, (draw_id, by))
    if row is None:
        row = DrawOutsideValue(draw_id=draw_id, entered_by=by)
        session.add(row)
    row.value, row.evidence, row.at = protocol.normal(value), evidence.strip(), now
    session.flush()


def outside_values(session: Session, draw_id: str) -> Sequence[DrawOutsideValue]:
    return session.scalars(
        select(DrawOutsideValue).where(DrawOutsideValue.draw_id == draw_id).order_by(DrawOutsideValue.entered_by)
    ).all()


def failing(draw: Draw, rows: Sequence[DrawContribution]) -> list[str]:
    """Because of whom the round is void; nobody when everything is there."""
    promised = [row for row in rows if row.commitment]
    if len({row.side for row in promised}) < draw.announcement["minimum_sides"]:
        return [row.contributor for row in rows if not row.commitment]
    return [row.contributor for row in promised if not row.contribution]


def conclude(session: Session, draw_id: str, now: dt.datetime) -> Draw:
    """Decide the round: drawn, void, or still revealing when the outside value was not entered alike by two people."""
    draw = draw_of(session, draw_id, locked=True)
    if draw.state != "revealing":
        return draw
    rows = contributions(session, draw_id)
    if failing(draw, rows):
        few = len({row.side for row in rows if row.commitment}) < draw.announcement["minimum_sides"]
        draw.state, draw.concluded_at = "void", now
        draw.void_reason = "too_few_sides" if few else "not_revealed"
    elif draw.announcement["outside"] is None or _agreed(session, draw):
        _draw(session, draw, {row.contributor: row.contribution for row in rows if row.contribution})
        draw.state, draw.concluded_at = "drawn", now
    session.flush()
    return draw


def _agreed(session: Session, draw: Draw) -> bool:
    entered = outside_values(session, draw.id)
    if len(entered) < 2 or len({row.value for row in entered}) != 1:
        return False
    draw.outside_value = entered[0].value
    return True


def _draw(session: Session, draw: Draw, reveals: Mapping[str, str]) -> None:
    announcement = draw.announcement
    draw.seed = protocol.seed(draw.announcement_sha256, reveals, draw.outside_value)
    marks = {one["commitment"]: one["strata"] for one in announcement["candidates"]}
    strata = [Stratum(one["name"], one["at_least"]) for one in announcement["strata"]]
    found = chosen(draw.seed, marks, announcement["seats"], announcement["alternates"], strata)
    draw.drawn, draw.alternates = list(found.drawn), list(found.alternates)


def people(session: Session, draw: Draw, commitments: Sequence[str]) -> list[DrawCandidate]:
    """Who stands behind the commitments, in their order. Secret until the result is published."""
    rows = session.scalars(select(DrawCandidate).where(DrawCandidate.draw_id == draw.id)).all()
    by_commitment = {row.commitment: row for row in rows}
    return [by_commitment[one] for one in commitments]


__all__ = ["DrawOver", "RevealMismatch", "Terms", "TooFew", "announce", "close", "commit", "conclude", "enter_outside", "reveal"]
