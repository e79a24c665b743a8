"""Rows the operation tests stand on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from procurement.registers.credit_code import check_sign
from procurement.registers.money import Budget, CatalogueItem
from procurement.registers.parties import Expert, Organisation
from tests.integration.procurement.conftest import START


def organisation(session: Session, key: str, **more: Any) -> Organisation:
    first = f"52510104MJQ{int(key[-2:]):06d}"
    row = Organisation(
        id=key,
        name=f"机构{key}",
        kind="social_service",
        credit_code=first + check_sign(first),
        registration_authority="区民政局",
        registered_on=dt.date(2015, 6, 1),
        scope="为老服务",
        legal_representative="王某",
        **more,
    )
    session.add(row)
    session.flush()
    return row


def budget(session: Session, total: str = "100000", code: str = "B-1") -> Budget:
    row = Budget(code=code, name="为老服务", level="street", year=START.year, total=Decimal(total))
    session.add(row)
    session.flush()
    return row


def catalogue_item(session: Session, code: str, start: str, end: str | None = None, **more: Any) -> CatalogueItem:
    until = None if end is None else dt.date.fromisoformat(end)
    row = CatalogueItem(
        code=code, name=code, category="养老", effective_from=dt.date.fromisoformat(start), effective_to=until, **more
    )
    session.add(row)
    session.flush()
    return row


def expert(session: Session, key: str, unit: str = "大学", fields: tuple[str, ...] = ("养老",)) -> Expert:
    row = Expert(id=key, name=key, fields=list(fields), unit=unit, login=key)
    session.add(row)
    session.flush()
    return row
