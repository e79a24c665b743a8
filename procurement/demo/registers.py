"""The demo office's registers: accounts, parties, catalogue, budgets and a further calendar year, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from procurement.accounts import passwords, users
from procurement.accounts.tables import User
from procurement.demo.opening import load_keys
from procurement.demo.reading import data
from procurement.office.saving import refuse
from procurement.office.validation import check_agency, check_budget, check_catalogue_item, check_expert, check_organisation
from procurement.registers.credit_code import check_sign
from procurement.registers.money import Budget, CalendarYear, CatalogueItem
from procurement.registers.parties import Agency, CreditEntry, Expert, ExpertRecusal, Organisation

PASSWORD = "bixuan-demo-2026"  # noqa: S105 - printed by the demo and accepted nowhere else
RECORDER = "demo"


def is_loaded(session: Session) -> bool:
    return session.get(User, "admin") is not None


def load_registers(session: Session, now: dt.datetime) -> None:
    """Fill empty registers. Raises InvalidInput when a data file contradicts the registers' own rules."""
    parties = data("parties")
    for row in _party_rows(parties):
        session.add(row)
    session.flush()
    for entry in parties["credit"]:
        own = {name: value for name, value in entry.items() if name != "organisation"}
        session.add(CreditEntry(organisation_id=entry["organisation"], **own, recorded_by=RECORDER, recorded_at=now))
    for entry in parties["recusals"]:
        own = {name: value for name, value in entry.items() if name not in {"organisation", "expert"}}
        session.add(ExpertRecusal(organisation_id=entry["organisation"], expert_id=entry["expert"], **own))
    for item in _catalogue(data("catalogue")):
        refuse(check_catalogue_item(item))
        session.add(item)
    for entry in data("budgets"):
        budget = Budget(**{**entry, "total": Decimal(entry["total"])})
        refuse(check_budget(budget))
        session.add(budget)
    for entry in data("calendar"):
        session.add(CalendarYear(**entry))
    _load_accounts(session, parties, now)
    session.flush()
    load_keys(session, now)


def _party_rows(parties: dict[str, Any]) -> Iterator[Agency | Organisation | Expert]:
    for entry in parties["agencies"]:
        agency = Agency(**{**entry, "credit_code": _full(entry["credit_code"])})
        refuse(check_agency(agency))
        yield agency
    for entry in parties["organisations"]:
        organisation = Organisation(**{**entry, "credit_code": _full(entry["credit_code"])})
        refuse(check_organisation(organisation))
        yield organisation
    for entry in parties["experts"]:
        expert = Expert(**entry, login=_login("zj", entry["id"]))
        refuse(check_expert(expert))
        yield expert


def _catalogue(catalogue: dict[str, Any]) -> Iterator[CatalogueItem]:
    for category, items in catalogue["categories"].items():
        for code, name in items.items():
            yield CatalogueItem(
                code=code,
                name=name,
                category=category,
                effective_from=catalogue["effective_from"],
                statutory_scope=code in catalogue["statutory"],
                source=catalogue["source"],
            )
    for entry in catalogue["earlier"]:
        yield CatalogueItem(**entry, source=catalogue["source"])


def _load_accounts(session: Session, parties: dict[str, Any], now: dt.datetime) -> None:
    """All accounts share one hash: the password is public anyway, and hashing 57 times would take seconds."""
    accounts = data("accounts")
    password_hash = passwords.hashed(PASSWORD, "nobody")

    def add(login: str, name: str, role: str, group: str, unit: str) -> None:
        users.add_user(session, login, name, password_hash, roles=[role], groups=[group], unit=unit, demo=True, now=now)

    for entry in accounts["office"]:
        own = {name: value for name, value in entry.items() if name not in {"login", "name"}}
        users.add_user(session, entry["login"], entry["name"], password_hash, **own, demo=True, now=now)
    for entry in accounts["agencies"]:
        agency = next(row for row in parties["agencies"] if row["id"] == entry["party"])
        add(entry["login"], entry["name"], "agency", f"agency:{entry['party']}", agency["name"])
    for row in parties["organisations"]:
        add(_login("org", row["id"]), row["legal_representative"], "organisation", f"organisation:{row['id']}", row["name"])
    for row in parties["experts"]:
        add(_login("zj", row["id"]), row["name"], "expert", f"expert:{row['id']}", row["unit"])


def _full(first17: str) -> str:
    return first17 + check_sign(first17)


def _login(prefix: str, key: str) -> str:
    """org-07 → org07, exp-07 → zj07."""
    return prefix + key.rpartition("-")[2]
