"""The ledger of discretion: each time somebody used another value than a rule's own, why, and who approved it. Only added to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.errors import FieldError, InvalidInput
from procurement.registers.row import Row


class Discretion(Row):
    """One deviation. ``default`` and ``chosen`` are as people read them; the rule's source is kept as it stood that day."""

    __tablename__ = "discretions"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    rule_id: Mapped[str] = mapped_column(index=True)
    document: Mapped[str] = mapped_column(default="")
    article: Mapped[str] = mapped_column(default="")
    mark: Mapped[str] = mapped_column(default="")  # V1, V2, V3, R or 参数
    unit: Mapped[str] = mapped_column(default="")
    comparator: Mapped[str] = mapped_column(default="")
    approver_role: Mapped[str] = mapped_column(default="")  # who has to approve, by the rule
    default: Mapped[str] = mapped_column("default_value")
    chosen: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[str] = mapped_column(index=True)  # login
    approver: Mapped[str] = mapped_column(default="")  # login; empty where the rule asks for no approval
    purchase_id: Mapped[str | None] = mapped_column(index=True)


def record(
    session: Session,
    *,
    rule_id: str,
    default: Any,
    chosen: Any,
    reason: str,
    decided_by: str,
    approver: str,
    purchase_id: str | None,
    at: dt.datetime,
    rule: Mapping[str, Any] | None = None,
) -> Discretion:
    """Add one deviation to the ledger. ``rule``: the row in force (document, article, mark, unit, comparator, approver …).

    Raises InvalidInput without a reason: a deviation nobody explains is none the rules allow.
    """
    if not reason.strip():
        raise InvalidInput(fields=(FieldError("reason", "Write why the rule {rule} is not followed here.", {"rule": rule_id}),))
    source = {name: str((rule or {}).get(name) or "") for name in ("document", "article", "mark", "unit", "comparator")}
    row = Discretion(
        at=at,
        rule_id=rule_id,
        approver_role=str((rule or {}).get("approver") or ""),
        default=str(default),
        chosen=str(chosen),
        reason=reason.strip(),
        decided_by=decided_by,
        approver=approver,
        purchase_id=purchase_id,
        **source,
    )
    session.add(row)
    session.flush()
    return row
