"""The parties of a release and their roles, which only ever grow."""

from __future__ import annotations

from procurement.opendata.facts import Facts, Publisher
from procurement.opendata.shapes import Json, known
from procurement.registers.parties import Agency, Organisation

# org-id.guide list CN-USCI: 统一社会信用代码 (GB 32100)
CREDIT_CODES = "CN-USCI"
OFFICE = "office"
UNIT = "unit"


class Parties:
    """Collects who takes part while the releases of one purchase are written."""

    def __init__(self, facts: Facts, publisher: Publisher) -> None:
        self._facts = facts
        self._publisher = publisher
        self._known: dict[str, Json] = {}
        self._roles: dict[str, list[str]] = {}
        self._touched: list[str] = []

    def office(self, *roles: str) -> Json:
        code = self._publisher.office_code
        return self._add(f"{CREDIT_CODES}-{code}" if code else OFFICE, self._publisher.name, code, roles)

    def unit(self) -> Json:
        """The department or community that asked for the purchase; part of the office, so without a code of its own."""
        return self._add(UNIT, self._facts.purchase.unit, "", ("requestingUnit",))

    def registered(self, row: Organisation | Agency, *roles: str) -> Json:
        return self._add(f"{CREDIT_CODES}-{row.credit_code}", row.name, row.credit_code, roles)

    def organisation(self, name: str, organisation_id: str, *roles: str) -> Json:
        """By the register's id, else by name; one that is in no register is known by its name only."""
        row = self._facts.organisations.get(organisation_id) or self._facts.organisation_named(name)
        return self.registered(row, *roles) if row else self._add(f"name-{name}", name, "", roles)

    def take(self) -> list[Json]:
        """The parties mentioned since the last take, with every role they have so far."""
        taken = [self._known[key] | {"roles": list(self._roles[key])} for key in self._touched]
        self._touched = []
        return taken

    def _add(self, key: str, name: str, code: str, roles: tuple[str, ...]) -> Json:
        identifier = known(scheme=CREDIT_CODES, id=code, legalName=name) if code else {}
        self._known[key] = known(id=key, name=name, identifier=identifier)
        mine = self._roles.setdefault(key, [])
        mine += [role for role in roles if role not in mine]
        if key not in self._touched:
            self._touched.append(key)
        return {"id": key, "name": name}
