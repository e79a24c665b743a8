"""What a register row must say before it is kept; each check gives the errors beside their fields."""

from __future__ import annotations

from decimal import Decimal

from engine.errors import FieldError
from procurement.registers.credit_code import fault
from procurement.registers.money import BUDGET_LEVELS, Budget, CatalogueItem
from procurement.registers.parties import ORGANISATION_KINDS, Agency, Expert, Organisation
from procurement.registers.row import KeptRow

REQUIRED = "This field must be filled in."


def check_organisation(row: Organisation) -> list[FieldError]:
    """Kind, credit code, and what 办法 第三条 and 第六条 ask for."""
    needed = ("name", "kind", "credit_code", "registration_authority", "registered_on", "scope", "legal_representative")
    errors = _missing(row, needed) + _credit_code(row.credit_code)
    if row.kind and row.kind not in ORGANISATION_KINDS:
        errors.append(FieldError("kind", "Choose one of {allowed}.", {"allowed": ", ".join(ORGANISATION_KINDS)}))
    if row.certified_social_workers and row.staff is not None and row.certified_social_workers > row.staff:
        errors.append(FieldError("certified_social_workers", "There cannot be more certified social workers than staff."))
    if row.id in (row.related_organisations or []):
        errors.append(FieldError("related_organisations", "An organisation is not related to itself."))
    return errors


def check_expert(row: Expert) -> list[FieldError]:
    return _missing(row, ("name", "fields", "unit", "login"))


def check_agency(row: Agency) -> list[FieldError]:
    """代理机构办法 第十一条 asks for at least five full-time staff; fewer is for the office to judge, so it is not refused."""
    return _missing(row, ("name", "credit_code", "full_time_staff")) + _credit_code(row.credit_code)


def check_catalogue_item(row: CatalogueItem) -> list[FieldError]:
    errors = _missing(row, ("code", "name", "category", "effective_from"))
    if row.effective_to is not None and row.effective_to < row.effective_from:
        errors.append(FieldError("effective_to", "The last day cannot lie before the first."))
    return errors


def check_budget(row: Budget) -> list[FieldError]:
    errors = _missing(row, ("code", "name", "level", "year", "total"))
    if row.level and row.level not in BUDGET_LEVELS:
        errors.append(FieldError("level", "Choose one of {allowed}.", {"allowed": ", ".join(BUDGET_LEVELS)}))
    bound = (row.reserved or Decimal(0)) + (row.committed or Decimal(0))
    if row.total is not None and row.total < bound:
        errors.append(
            FieldError("total", "{bound} yuan are reserved or committed already, so the total cannot be less.", {"bound": bound})
        )
    return errors


def _missing(row: KeptRow, names: tuple[str, ...]) -> list[FieldError]:
    return [FieldError(name, REQUIRED) for name in names if getattr(row, name) in (None, "", [])]


def _credit_code(code: str | None) -> list[FieldError]:
    template = fault(code) if code else None
    return [FieldError("credit_code", template, {"length": len(code or "")})] if template else []
