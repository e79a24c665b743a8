"""The published file of a draw, made out of the registers: everything somebody else needs to repeat it, nothing that is secret yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.draw import protocol
from procurement.draw.verifying import FORMAT
from procurement.registers.comparison import Notice
from procurement.registers.drawing import contributions, failing, outside_values
from procurement.registers.draws import Draw, DrawCandidate

RESULT_NOTICES = ("result_publicity", "result", "award")  # names are secret until one of them (财库〔2016〕198号 第二十条)


def is_result_public(session: Session, purchase_id: str) -> bool:
    """Whether a result was ever published, for then the panel's names may be known."""
    query = select(Notice.id).where(Notice.purchase_id == purchase_id, Notice.kind.in_(RESULT_NOTICES)).limit(1)
    return session.scalar(query) is not None


def document(session: Session, draw: Draw) -> dict[str, Any]:
    """See docs/reference/draw-file.md. ``opened`` (names and salts) only once the result is public; hashes until then."""
    rows = contributions(session, draw.id)
    decided = draw.state in ("drawn", "void")
    is_open = draw.state == "drawn" and is_result_public(session, draw.purchase_id)
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": protocol.VERSION,
        "number": draw.id,
        "state": draw.state,
        "announcement": draw.announcement,
        "announcement_sha256": draw.announcement_sha256,
        "closed_at": _text(draw.closed_at),
        "commitments": [
            {"contributor": row.contributor, "commitment": row.commitment, "at": _text(row.committed_at)}
            for row in rows
            if row.commitment
        ],
        "reveals": [
            {"contributor": row.contributor, "contribution": row.contribution, "at": _text(row.revealed_at)}
            for row in rows
            if row.contribution
        ],
        "missing": failing(draw, rows) if decided else [],
        "outside": _outside(session, draw),
        "concluded_at": _text(draw.concluded_at),
        "void_reason": draw.void_reason,
        "seed": draw.seed,
        "result": {"drawn": draw.drawn, "alternates": draw.alternates} if draw.state == "drawn" else None,
        "opened": _opened(session, draw) if is_open else None,
    }
    return {**content, "sha256": protocol.digest(content)}


def as_bytes(content: dict[str, Any]) -> bytes:
    """The file as it is handed out: canonical JSON and a line feed."""
    return (protocol.canonical(content) + "\n").encode()


def _outside(session: Session, draw: Draw) -> dict[str, Any] | None:
    if draw.announcement["outside"] is None or draw.state != "drawn":
        return None
    entered = outside_values(session, draw.id)
    return {
        "value": draw.outside_value,
        "entered_by": [f"{place}" for place, _ in enumerate(entered, start=1)],  # two different people; who they are stays inside
        "evidence": [row.evidence for row in entered],
    }


def _opened(session: Session, draw: Draw) -> list[dict[str, str]]:
    query = select(DrawCandidate).where(DrawCandidate.draw_id == draw.id).order_by(DrawCandidate.commitment)
    return [
        {"commitment": row.commitment, "expert_id": row.expert_id, "name": row.name, "unit": row.unit, "salt": row.salt}
        for row in session.scalars(query)
    ]


def _text(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
