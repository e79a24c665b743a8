from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from engine import json_codec
from engine.errors import NotFound
from engine.facade import Database, DemoClock, ProcessEngine, SystemClock
from engine.feel import Feel
from engine.model import SYSTEM, Resource
from procurement import demo
from procurement.calendar import extensions
from procurement.demo.loading import ClockStandsStill
from procurement.demo.playing import Play
from procurement.demo.story import present, stories
from procurement.effects import EFFECTS
from procurement.files import FileStore
from procurement.ledgers.finding import Query
from procurement.office import Office
from procurement.opendata import Publisher
from procurement.opendata.packages import Site, record, record_package, release_package
from procurement.operations import OPERATIONS
from procurement.registers import migrate
from procurement.registers.office_calendar import OfficeCalendar
from procurement.registers.purchases import STEPS
from tests.support.ocds import faults, own_extensions  # noqa: F401

ROOT = Path(__file__).parents[3]
PUBLISHER = Publisher("锦江街道办事处", "ocds-bixuan", "11510104009149999N")
SITE = Site(
    "https://bixuan.example", PUBLISHER, "https://creativecommons.org/licenses/by/4.0/", "https://bixuan.example/public/open-data"
)


def composed(url, clock_of):
    database = Database(url)
    database.migrate()
    migrate(database)
    clock = clock_of(database)
    feel = Feel(extensions(OfficeCalendar(database)))
    engine = ProcessEngine(database, clock=clock, feel=feel, operations=OPERATIONS, effects=EFFECTS)
    return Office(database, engine, FileStore(MemoryStore()), clock, demo=True), engine


def designed():
    paths = [path for folder in ("processes", "forms") for path in sorted((ROOT / folder).rglob("*"))]
    suffixes = {".bpmn", ".dmn", ".form"}
    return [Resource(str(path.relative_to(ROOT)), path.read_bytes()) for path in paths if path.suffix in suffixes]


@pytest.fixture(scope="module")
def street(new_database):
    """The demo office, loaded once for this module."""
    office, engine = composed(new_database(), DemoClock)
    engine.deploy(designed(), actor=SYSTEM)
    demo.load(office, engine)
    yield office, engine
    office.desk.database.dispose()


def test_every_purchase_stands_where_its_story_stops_and_none_in_an_incident(street):
    office, engine = street
    assert [(i.process_id, i.element_id, i.message) for i in engine.incidents(state="active").items] == []
    purchases = {p.title: p for p in office.purchases.search(limit=500).items}
    assert len(purchases) == len(stories()) >= 30
    for story in stories():
        purchase = purchases[story.facts["title"]]
        waiting = {task.element_id for task in engine.tasks(business_key=purchase.id, limit=100).items}
        if story.stop == "ended":
            assert purchase.ended_at is not None, purchase.title
        elif story.stop != "running":
            assert story.stop in waiting, purchase.title


def test_notices_of_matters_are_of_no_purchase_and_every_other_is_of_one_there_is(street):
    office, _ = street
    known = {purchase.id for purchase in office.purchases.search(limit=500).items}
    notices = office.public.notices(limit=1000).items
    assert {notice.purchase_id for notice in notices} - known == {""}
    assert {"negative_list", "result"} <= {notice.kind for notice in notices if not notice.purchase_id}


def test_the_yearly_report_is_made_and_recorded(street):
    office, _ = street
    auditor = office.accounts.actor("sjzy")
    [entry] = office.ledgers.search(Query("office_reports"), actor=auditor).items
    assert entry.values["year"] == 2026
    assert {one["name"].rpartition(".")[2] for one in entry.values["files"]} >= {"docx"}


def test_purchases_stand_at_every_step_and_on_every_route(street):
    office, _ = street
    purchases = office.purchases.search(limit=500).items
    assert {p.step for p in purchases} == set(STEPS)
    assert {p.route for p in purchases} >= {"committee", "open_comparison", "statutory"}
    assert {"archived", "rejected", "failed"} <= {p.status for p in purchases}
    assert {p.route for p in purchases if p.amount == 50000} <= {"committee", ""}


def bound_by(office, purchase):
    """What the purchase takes of its budget: its award, or what was paid where the contract was terminated."""
    dossier = office.purchases.dossier(purchase.id)
    if dossier.contracts[0].status == "terminated":
        return sum(payment.amount for payment in dossier.payments)
    return purchase.awarded_amount


def test_money_adds_up_in_budgets_contracts_and_payments(street):
    office, _ = street
    purchases = office.purchases.search(limit=500).items
    for purchase in purchases:
        dossier = office.purchases.dossier(purchase.id)
        for contract in dossier.contracts:
            assert contract.amount == purchase.awarded_amount <= purchase.amount
            assert sum(m.amount for m in dossier.milestones) == contract.amount
            assert sum(p.amount for p in dossier.payments) <= contract.amount
        if purchase.status == "archived" and dossier.contracts[0].status == "completed":
            assert sum(p.amount for p in dossier.payments) == purchase.awarded_amount
    for budget in office.planning.budgets(2026):
        signed = [p for p in purchases if p.budget_code == budget.code and p.contract_id]
        assert budget.committed == sum(bound_by(office, p) for p in signed)
    figures = office.figures.of_year(2026)
    assert figures.awarded > 0
    assert figures.saved > 0


def test_an_archived_case_lists_its_papers_and_can_be_read_by_everybody_it_concerns(street):
    office, engine = street
    purchase = office.purchases.search(status="archived").items[-1]
    dossier = office.purchases.dossier(purchase.id)
    (case_file,) = dossier.case_files
    kinds = {line["kind"] for line in case_file.manifest}
    assert {"notice", "award", "contract", "payment", "monitoring_record", "file", "proposal"} <= kinds
    assert case_file.keep_until.year == case_file.assembled_at.year + 15
    assert engine.verify(purchase.process_key).broken == ()
    assert office.public.purchase(purchase.id).organisation is not None
    assert purchase.satisfaction is not None


def test_one_objection_is_rejected_and_one_is_upheld_with_a_correction(street):
    office, _ = street
    purchases = {p.title: p.id for p in office.purchases.search(limit=500).items}
    found = {}
    for story in stories():
        if "objection" in story.facts:
            (objection,) = office.voices.objections(purchases[story.facts["title"]])
            found[story.facts["key"]] = objection.status
    assert found == {"dqfw": "rejected", "jjhy": "upheld"}


def test_sealed_bids_stay_sealed_until_the_opening(street):
    office, _ = street
    applicant = office.accounts.actor("org02")
    clerk = office.accounts.actor("cgjb")
    for purchase in office.purchases.search(step="selection", limit=100).items:
        bids = office.purchases.dossier(purchase.id).bids
        opened = any(bid.status == "opened" for bid in bids)
        if bids and not opened:
            assert [use for use in office.files.of_purchase(purchase.id, actor=clerk) if use.visibility == "sealed"] == []
    assert office.portal.receipts("org-02", actor=applicant)


def test_outsiders_may_read_what_the_form_of_their_task_shows_and_nothing_else_of_the_case(street):
    office, engine = street
    purchase = next(p for p in office.purchases.search(words="四点半课堂").items)
    supplier, rival = office.accounts.actor(f"org{purchase.organisation_id[-2:]}"), office.accounts.actor("org12")
    (task,) = engine.tasks(business_key=purchase.id, element_id="rectify").items
    evidence = uploaded(office, purchase)
    assert office.files.open(evidence.sha256, actor=supplier)[0].name == "材料.pdf"
    with pytest.raises(NotFound):
        office.files.open(evidence.sha256, actor=rival)
    other = next(p for p in office.purchases.search(words="困难家庭探访").items)
    secret = uploaded(office, other)
    reference = {"name": "x.pdf", "size": 1, "sha256": secret.sha256, "media_type": "application/pdf"}
    engine.save_draft(task.key, {"rectification_report_files": [reference]}, actor=supplier)
    with pytest.raises(NotFound):  # a draft opens no doors
        office.files.open(secret.sha256, actor=supplier)


def uploaded(office, purchase):
    """The paper the department uploaded, among the documents the purchase made since."""
    uses = office.files.of_purchase(purchase.id, actor=office.accounts.actor("cgjb"))
    (paper,) = [use for use in uses if use.name == "材料.pdf"]
    return paper


def test_loading_again_changes_nothing_and_the_clock_goes_on_from_the_present(street):
    office, engine = street
    before = office.purchases.search().total
    demo.load(office, engine)
    assert office.purchases.search().total == before
    assert dt.timedelta() <= office.desk.now() - present() < dt.timedelta(minutes=10)


def test_there_is_one_account_to_print_for_every_role(street):
    office, _ = street
    for account in demo.ACCOUNTS:
        assert office.accounts.log_in(account.login, demo.PASSWORD).name == account.name


def test_without_a_clock_that_can_be_moved_nothing_is_loaded(new_database):
    office, engine = composed(new_database(), lambda _: SystemClock())
    with pytest.raises(ClockStandsStill):
        demo.load(office, engine)
    assert office.accounts.search() == []
    office.desk.database.dispose()


def test_every_task_a_person_can_meet_on_the_way_has_an_answer_or_is_an_exception():
    known = set(
        re.findall(r"^([a-z_]+):$", (ROOT / "procurement/demo/data/answers.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    )
    drawn = {
        task
        for path in (ROOT / "processes").glob("*/*.bpmn")
        for task in re.findall(r'<bpmn:userTask id="([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert known <= drawn


def test_a_load_that_was_killed_goes_on_where_it_stopped(new_database, monkeypatch):
    office, engine = composed(new_database(), DemoClock)
    engine.deploy(designed(), actor=SYSTEM)
    canteen = [story for story in stories() if story.facts["key"] == "wqst"]
    monkeypatch.setattr("procurement.demo.playing.stories", lambda: canteen)
    turn, turns = Play._turn, []

    def killed(self, task):
        turns.append(task.element_id)
        if len(turns) == 12:
            raise KeyboardInterrupt
        turn(self, task)

    monkeypatch.setattr(Play, "_turn", killed)
    with pytest.raises(KeyboardInterrupt):
        demo.load(office, engine)
    monkeypatch.setattr(Play, "_turn", turn)
    monkeypatch.setattr("procurement.demo.playing.stories", lambda: [s for s in stories() if s.facts["key"] == "wqst"])
    demo.load(office, engine)
    (purchase,) = office.purchases.search().items
    assert purchase.status == "archived"
    assert len(office.purchases.dossier(purchase.id).awards) == 1
    office.desk.database.dispose()


@pytest.fixture(scope="module")
def told(street):
    """Every release of the demo office as it goes over the wire, one list a purchase."""
    office, _ = street
    while office.open_data.publish_due(PUBLISHER):
        pass
    return [[plain(one.content) for one in process] for process in office.open_data.processes()]


def plain(value):
    """As it goes over the wire and comes back."""
    return json.loads(json_codec.dumps(value))


@pytest.mark.usefixtures("own_extensions")
@pytest.mark.filterwarnings("ignore")  # of the packages that review, not ours
def test_libcoveocds_finds_no_fault_with_any_release_or_record_of_the_demo_office(told, tmp_path):
    assert len(told) >= 15
    at = present()
    releases = [release for process in told for release in process]
    assert faults(plain(release_package(SITE, "/api/ocds/package.json", releases, at)), tmp_path) == {}
    records = [record(SITE, process) for process in told]
    assert faults(plain(record_package(SITE, "/api/ocds/records", records, at)), tmp_path) == {}


def test_every_stage_from_planning_to_implementation_is_in_it(told):
    tags = {tag for process in told for release in process for tag in release["tag"]}
    assert {"planning", "tender", "award", "awardUpdate", "contract", "implementation"} <= tags


def test_panels_scores_sealed_lists_and_objections_are_told_in_the_documented_extensions(told):
    compiled = [record(SITE, process)["compiledRelease"] for process in told]
    awards = [award for one in compiled for award in one.get("awards", ()) if "ranking" in award]
    assert awards
    assert all(award["panel"] and award["ranking"][0]["score"] for award in awards)
    assert [one for one in compiled if one["tender"].get("scoreSheet") and one["tender"].get("receivedBids")]
    outcomes = {objection["outcome"] for one in compiled for objection in one.get("objections", ())}
    assert outcomes == {"upheld", "notUpheld"}
