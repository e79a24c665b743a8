"""Evidence of an organisation that is about to expire: its organisation is told once before, and once when it has expired."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from procurement.messages.history import Scene
from procurement.registers.evidence import Evidence

AT_ONCE = 500


def tell_of_evidence(scene: Scene, now: dt.datetime, notice_days: int) -> int:
    """``notice_days``: how long before the last day. Told again tomorrow it reaches nobody twice. Returns how many were told."""
    today = now.date()
    ending = select(Evidence).where(
        Evidence.replaced_at.is_(None),
        Evidence.valid_until <= today + dt.timedelta(days=notice_days),
        Evidence.valid_until >= today - dt.timedelta(days=notice_days),  # what expired long ago was told of then
    )
    told = 0
    for row in scene.session.scalars(ending.order_by(Evidence.id).limit(AT_ONCE)):
        assert row.valid_until is not None
        words = "evidence_expired" if row.valid_until < today else "evidence_expiring"
        told += scene.say(
            words,
            "evidence",
            [f"organisation:{row.organisation_id}"],
            "/portal/evidence",
            f"{words}:{row.id}:{row.valid_until}",
            now,
            number="",
            values={"condition": row.condition, "day": row.valid_until.isoformat()},
        )
    return told
