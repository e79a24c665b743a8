"""A panel with score sheets in front of it, without the purchase that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.facade import ProcessEngine
from engine.model import SYSTEM, Actor, UserTask
from procurement.accounts.users import actor_of
from procurement.office import Office
from procurement.registers import score_sheets
from procurement.scoring.sheets import SUBJECTIVE
from tests.support.purchases import StreetOffice

RULES = {"handling_days": {"value": 3}, "minimum_applicants": {"value": 3}, "substantive_terms": "不得转包"}


@dataclass
class Panel:
    """One running scoring. ``experts`` are the actors of the panel, the chair first."""

    office: Office
    engine: ProcessEngine
    purchase_id: str
    root_key: int
    experts: list[Actor]
    organisations: list[str]

    def tasks(self, element_id: str) -> list[UserTask]:
        found = self.engine.tasks(root_key=self.root_key, state="created", limit=None, order="key").items
        return [task for task in found if task.element_id == element_id]

    def marks(self, share: str = "0.8", **more: str) -> dict[str, Any]:
        """Every item at that share of its maximum; ``more``: another share for an organisation (org_01="1")."""
        own = self.office.scoring.own_sheet(self.purchase_id, actor=self.experts[0])
        return {
            organisation: {
                item.id: {
                    "points": _nearest(item, Decimal(more.get(organisation.replace("-", "_"), share))),
                    "reason": "见参选文件",
                }
                for item in own.sheet.of_kind(SUBJECTIVE)
            }
            for organisation in self.organisations
        }

    def fill(self, expert: Actor, marks: dict[str, Any]) -> None:
        self.office.scoring.save(self.purchase_id, marks, "", actor=expert)

    def sign(self, expert: Actor, marks: dict[str, Any] | None = None) -> str:
        self.fill(expert, marks or self.marks())
        return self.office.scoring.sign(self.purchase_id, actor=expert)

    def variable(self, name: str) -> Any:
        found = self.engine.variables(self.root_key, name=name).items
        return found[-1].value if found else None

    def complete(self, task: UserTask, actor: Actor, **values: Any) -> None:
        self.engine.complete_task(task.key, values, actor=actor)


def _nearest(item: Any, share: Decimal) -> Decimal:
    return min((level.points for level in item.levels), key=lambda points: abs(points - item.maximum * share))


def seat(street: StreetOffice, **more: Any) -> Panel:
    """Start a purchase in the office, and the scoring with it."""
    return seat_at(street.office, street.engine, street.start().id, **more)


def seat_at(
    office: Office,
    engine: ProcessEngine,
    purchase_id: str,
    *,
    experts: int = 3,
    prices: list[int] | None = None,
    template: str = "community_service",
    **variables: Any,
) -> Panel:
    """Start the scoring of ``prices`` bids by ``experts`` experts with a frozen sheet."""
    known = office.parties.organisations()
    bids = [
        {
            "organisation_id": known[n].id if n < len(known) else f"org-x{n:03}",
            "name": known[n].name if n < len(known) else f"机构{n:03}",
            "price": price,
            "files": [],
        }
        for n, price in enumerate(prices or [370000, 360000, 366000])
    ]
    judges = office.parties.experts()
    people = {user.login: actor_of(user) for user in office.accounts.search(limit=1000)}
    panel = [
        {"expert_id": one.id, "login": one.login, "name": one.name, "unit": one.unit}
        if one
        else {"expert_id": f"exp-x{n:03}", "login": f"pingwei{n:03}", "name": f"评委{n:03}", "unit": "大学"}
        for n, one in ((n, judges[n] if n < len(judges) else None) for n in range(experts))
    ]
    actors = [
        people.get(p["login"]) or Actor(p["login"], groups=frozenset({"expert", f"expert:{p['expert_id']}"})) for p in panel
    ]
    with office.desk.editing(SYSTEM) as session:
        row = score_sheets.freeze(session, purchase_id, template, [], by="test", now=office.desk.now())
        sheet = row.sheet
    given = {
        **RULES,
        "purchase_id": purchase_id,
        "title": "居家养老",
        "amount": 400000,
        "agency_id": "agy-01",
        "panel": panel,
        "chair": panel[0],
        "valid_bids": bids,
        "rejected_bids": [],
        "fact_rows": [],
        "score_sheet": sheet,
        **variables,
    }
    started = engine.start_process("panel_scoring", given, business_key=purchase_id, actor=SYSTEM)
    return Panel(office, engine, purchase_id, started.key, actors, [bid["organisation_id"] for bid in bids])
