"""What has an address in the played office: the objects of each purchase by kind, and what belongs to no purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import SYSTEM
from procurement.accounts.tables import ApiToken
from procurement.registers.comparison import Application, Bid, ExpertDraw, Notice, Objection
from procurement.registers.draw_files import is_result_public
from procurement.registers.draws import Draw, PanelInvitation
from procurement.registers.files import FileUse
from procurement.registers.flags import RedFlag
from procurement.registers.matters import Matter
from procurement.registers.messages import Message
from procurement.registers.parties import CreditEntry
from procurement.registers.performance import CaseFile, Contract
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase
from procurement.registers.registering import Registration
from procurement.studio.tables.drafts import DraftRow
from tests.attacks.played import TITLES
from web.composition import Services

# an argument of a route → the kind of thing it names; ``blueprint.argument`` and ``endpoint.argument`` come before ``argument``
ARGUMENTS: dict[str, str] = {
    "number": "purchase",
    "draws.number": "draw",
    "draw_files.number": "draw",
    "public.draw.number": "draw",
    "public.notice.number": "notice",
    "registering.number": "registration",
    "objections.appeal_show.number": "appeal",
    "objections.supplement_appeal.number": "appeal",
    "studio_release.number": "release",
    "tasks.key": "task",
    "returning.key": "task",
    "messages.key": "message",
    "incidents.key": "root",
    "repair.key": "root",
    "migration.key": "batch",
    "operate.retry_job.key": "job",
    "operate.cancel_job.key": "job",
    "operate.drop_mail.key": "mail",
    "operate.retry_mail.key": "mail",
    "operate.key": "definition",
    "definitions.key": "definition",
    "designer.key": "definition",
    "studio_shelf.key": "definition",
    "registers.organisations_card.key": "organisation",
    "registers.organisations_edit.key": "organisation",
    "registers.record_credit.key": "organisation",
    "registers.experts_card.key": "expert",
    "registers.experts_edit.key": "expert",
    "registers.add_recusal.key": "expert",
    "panels.key": "expert",
    "registers.agencies_card.key": "agency",
    "registers.agencies_edit.key": "agency",
    "registers.catalogue_card.key": "catalogue",
    "registers.catalogue_edit.key": "catalogue",
    "registers.budgets_card.key": "budget",
    "registers.budgets_edit.key": "budget",
    "registers.entry": "credit",
    "instance": "instance",
    "sha256": "file",
    "bid": "bid",
    "contract": "contract",
    "file_number": "case_file",
    "flag": "flag",
    "objection": "objection",
    "condition": "condition",
    "account.token": "token",
    "mail_confirmation.secret": "nothing",
    "users.login": "login",
    "score_sheets.name": "score_sheet",
    "explained.process_id": "process",
    "operate.element.element_id": "element",
    "studio.folder": "process",
    "studio_shelf.folder": "process",
    "studio_packing.folder": "process",
    "studio_release.folder": "process",
    "draft": "draft",
    "studio_files.edit": "one",
    "studio_replay.run": "one",
    "studio_replay.kind": "export",
    "studio_checks.rule": "rule",
    "public.language.code": "language",
    "id_": "ledger",
    "ledgers.number": "ledger_entry",
    "public.ledger_entry.number": "ledger_entry",
    "ledger_imports.number": "import",
    "ledgers.kind": "export",
    "ledger_imports.kind": "export",
    "public.ledger_table.kind": "export",
    "dashboards.board": "board",
    "dashboards.figure": "figure",
    "dashboards.kind": "export",
    "execution.code": "budget",
    "integrity.key": "organisation",
    "matter_list.process_id": "startable",
    "matters.number": "matter",
    "onsite.key": "task",
    "survey_desk.batch": "one",
    "surveys.token": "nothing",
    "red_papers.kind": "paper_kind",
    "red_papers.paper": "paper",
}


@dataclass(frozen=True)
class Case:
    """One purchase with what can be addressed of it, what nobody outside may read, and who is inside."""

    key: str
    purchase: Purchase
    values: Mapping[str, Sequence[str]]
    secrets: frozenset[str]
    insiders: frozenset[str]  # party groups and logins

    @property
    def published(self) -> bool:
        """Whether anything of it was: then its number and title are no secret."""
        return "notice" in self.values

    def is_inside(self, login: str, groups: frozenset[str]) -> bool:
        return login in self.insiders or bool(groups & self.insiders)


@dataclass(frozen=True)
class World:
    cases: Mapping[str, Case]
    others: Mapping[str, Sequence[str]]  # kind → what belongs to no purchase


def kind_of(endpoint: str, argument: str) -> str:
    """Raises KeyError for an argument nobody told this module about: a new route needs its line above."""
    blueprint = endpoint.partition(".")[0]
    for name in (f"{endpoint}.{argument}", f"{blueprint}.{argument}", argument):
        if name in ARGUMENTS:
            return ARGUMENTS[name]
    raise KeyError(f"{endpoint}.{argument}")


def explore(services: Services) -> World:
    purchases = services.office.purchases.search(limit=100).items
    found = {key: one for key, title in TITLES.items() for one in purchases if title in one.title}
    return World({key: _case(services, key, purchase) for key, purchase in found.items()}, _others(services))


def _case(services: Services, key: str, purchase: Purchase) -> Case:
    engine, number = services.engine, purchase.id
    roots = engine.instances(business_key=number, roots_only=True).items  # an objection and an appeal have cases of their own
    parties = services.office.parties
    experts = {expert.id: expert for expert in parties.experts()}
    with services.office.desk.reading() as session:

        def of(table: Any) -> list[Any]:
            return list(session.scalars(select(table).where(table.purchase_id == number)))

        applications, bids, uses = of(Application), of(Bid), of(FileUse)
        draws, notices, flags = of(Draw), of(Notice), of(RedFlag)
        public = is_result_public(session, number)  # then the panel's names and the list of receipts are published
        drawn = {one.expert_id for one in of(PanelInvitation)} | {one for draw in of(ExpertDraw) for one in draw.chosen}
        values = {
            "purchase": [number],
            "root": [str(root.key) for root in roots],
            "task": [str(task.key) for task in engine.tasks(business_key=number, limit=200).items],
            "instance": [str(one.key) for one in engine.instances(business_key=number, limit=100).items],
            "file": sorted({use.sha256 for use in uses}),
            "notice": [one.id for one in notices],
            "application": [one.id for one in applications],
            "bid": [one.id for one in bids],
            "draw": [one.id for one in draws],
            "flag": [str(one.id) for one in flags],
            "objection": [str(one.id) for one in of(Objection)],
            "appeal": [one.id for one in of(Appeal)],
            "contract": [one.id for one in of(Contract)],
            "case_file": [one.id for one in of(CaseFile)],
            "message": [str(one.key) for one in of(Message)],
        }
    papers = services.office.documents.of_purchase(number, actor=SYSTEM)
    values |= {"paper_kind": [one.kind for one in papers], "paper": [one.number for one in papers]}
    told = str([(one.content, one.sha256) for one in notices]) + str([u.sha256 for u in uses if u.visibility == "public"])
    organisations = {one.organisation_id for one in applications}
    known = [experts[one] for one in drawn]
    return Case(
        key,
        purchase,
        {kind: some for kind, some in values.items() if some},
        frozenset(
            {one.id for one in applications}
            | ({one.id for one in bids} if purchase.bid_until and services.clock.now() < purchase.bid_until else set())
            | (set() if public else {expert.name for expert in known})
            | {use.sha256 for use in uses if use.visibility != "public" and use.sha256 not in told}
        ),
        frozenset(
            ({f"agency:{purchase.agency_id}"} if purchase.agency_id else set())
            | {f"organisation:{one}" for one in organisations | {purchase.organisation_id} if one}
            | {f"expert:{one}" for one in drawn}
            | {expert.login for expert in known if expert.login}
        ),
    )


def _others(services: Services) -> dict[str, list[str]]:
    office, engine = services.office, services.engine
    [definition] = engine.definitions(kind="process", id="open_comparison", latest=True, limit=1).items
    with office.desk.reading() as session:
        return {
            "registration": _ids(session, Registration.id),
            "release": ["GZ-2026-0001"],
            "batch": ["1"],
            "job": ["1"],
            "mail": ["1"],
            "one": ["1"],
            "definition": [str(definition.key)],
            "organisation": ["org-01"],
            "expert": ["exp-01"],
            "agency": ["agy-01"],
            "catalogue": [str(office.planning.catalogue()[0].code)],
            "budget": [office.planning.budgets(2026)[0].code],
            "credit": _ids(session, CreditEntry.id),
            "condition": ["independent"],
            "token": _ids(session, ApiToken.id),
            "nothing": ["0" * 43],
            "login": ["cgjb"],
            "score_sheet": [office.scoring.templates()[0].id],
            "process": ["goal_setting"],
            "element": ["open_bids"],
            "draft": _ids(session, DraftRow.key),
            "export": ["xlsx"],
            "ledger": ["purchase_list"],
            "ledger_entry": ["MG-2026-0001"],
            "import": ["DR-2026-0001"],
            "rule": ["unreachable"],
            "board": ["leader"],
            "figure": ["purchases-by-route"],
            "startable": ["site_visit"],
            "matter": _ids(session, Matter.id),
            "language": ["en"],
        }


def _ids(session: Session, column: Any) -> list[str]:
    return [str(one) for one in session.scalars(select(column).order_by(column))][:3]
