"""Cases that run on an older version go on with today's version of what they call."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from engine.checks import InForce
from engine.facade import ProcessEngine
from engine.model import SYSTEM
from engine.sandbox import Case, Sandbox
from procurement import registers
from procurement.demo import playing
from procurement.demo.playing import Play
from procurement.demo.story import present, stories
from procurement.office import Office
from procurement.operations.described import DESCRIBED
from procurement.studio import layout
from procurement.studio.answers import ANSWERS
from procurement.studio.release.gate import resources
from procurement.studio.studio import Studio
from tests.migrations.test_golden_files import DATA, GOLDEN, restored
from tests.support.golden.scene import STORIES, HandClock, compose, kept
from tests.support.memory_host import FEEL, FORMS, PROCESSES, ROOT

SIGNING = "processes/contract_signing/contract_signing.bpmn"
OURS = {
    name: path.read_bytes()
    for folder in (PROCESSES, FORMS)
    for path in folder.rglob("*.*")
    if layout.is_path(name := path.relative_to(ROOT).as_posix())
}


@dataclass
class Landed:
    """An office as an earlier version left it, with this program."""

    office: Office
    engine: ProcessEngine
    clock: HandClock

    @property
    def studio(self) -> Studio:
        return Studio(self.engine.database, self.engine, self.clock, FEEL, dict)

    def todays(self, **changed: bytes) -> dict[str, bytes]:
        """Today's files; what is no file of ours stays as it was."""
        kept = {path: content for path, content in self.studio.shelf.files().items() if not layout.is_path(path)}
        return {**kept, **OURS, **{path.replace("__", "/"): content for path, content in changed.items()}}


def landed(new_database: Callable[..., str], name: str) -> Landed:
    facts = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    clock = HandClock(dt.datetime.fromisoformat(facts["moment"]))
    office, engine = compose(restored(new_database, name), clock, kept(DATA / f"{name}.files.zip"))
    engine.database.migrate()
    registers.migrate(engine.database)
    return Landed(office, engine, clock)


@pytest.fixture(scope="module", params=GOLDEN)
def each(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> Iterator[Landed]:
    found = landed(new_database, request.param)
    yield found
    found.engine.database.dispose()


@pytest.fixture
def newest(new_database: Callable[..., str]) -> Iterator[Landed]:
    found = landed(new_database, GOLDEN[-1])
    yield found
    found.engine.database.dispose()


def test_nothing_that_ran_when_a_version_landed_misses_anything_today(each: Landed) -> None:
    """Every process that was in force then counts as one that cases run on, as it does in some office."""
    studio, now = each.studio, each.studio.in_force.now()
    assert {"purchase", "selection", "open_comparison"} <= {one.process_id for one in now.versions if one.instances}
    everything = InForce(now.files, tuple(replace(one, instances=max(one.instances, 1)) for one in now.versions))
    studio.checks._in_force = lambda: everything
    assert [one.finding.message for one in studio.checks.for_running_cases(each.todays())] == []


def test_a_contract_signing_that_no_longer_awards_the_next_candidate_would_be_found(newest: Landed) -> None:
    changed = OURS[SIGNING].replace(b'target="awarded"', b'target="next_awarded"')
    assert changed != OURS[SIGNING]
    found = newest.studio.checks.for_running_cases({**newest.todays(), SIGNING: changed})
    assert {(one.finding.rule, one.finding.cell, one.severity) for one in found} == {("called_output_gone", "awarded", "error")}


def test_purchases_are_delivered_by_the_version_that_landed_with_all_it_calls_as_today(
    newest: Landed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the process delivery stays as it landed, as it does for every purchase that came to it before today's was released."""
    office, engine = newest.office, newest.engine
    landed_delivery = engine.definitions(kind="process", id="delivery").items[0]
    others = {path: content for path, content in OURS.items() if not path.startswith("processes/delivery/")}
    engine.deploy(resources(others), actor=SYSTEM, note="today")
    chosen = [story for story in stories() if story.facts["key"] in STORIES]
    monkeypatch.setattr(playing, "stories", lambda: chosen)
    play = Play(office, engine, newest.clock.set, matters=[])
    before = {one.key for one in engine.instances(process_id="delivery", limit=None)}
    play.until(present())
    assert play.unfinished() == []
    assert [one for one in engine.incidents(state="active").items if not one.process_id.startswith("waits_")] == []
    delivered = [one for one in engine.instances(process_id="delivery", limit=None) if one.key not in before]
    assert {one.definition_key for one in delivered} == {landed_delivery.key}
    for one in delivered:
        children = engine.instances(root_key=one.root_key, limit=None)
        signings = [child for child in children if child.process_id == "contract_signing" and child.parent_key == one.key]
        assert [child.version for child in signings] == [landed_delivery.version + 1], "today's"
        given = {found.name: found.value for found in engine.variables(one.root_key, scope_key=one.key, limit=None)}
        assert given["contract_result"] == "signed"
        assert given["contract"]["organisation_id"] == given["awarded"]["organisation_id"]
        assert sum(part["amount"] for part in given["milestones"]) == given["contract"]["amount"]


def test_every_way_a_contract_is_signed_or_not_gives_the_landed_delivery_what_it_takes_back(newest: Landed) -> None:
    """Today's cases of contract signing, begun by the delivery that landed: refused, passed on to the next, given up."""
    then = {path: content for path, content in newest.studio.shelf.files().items() if path.split("/")[1:2] == ["delivery"]}
    sandbox = Sandbox({**OURS, **then}, FEEL, ANSWERS, DESCRIBED)
    (call,) = [node for node in sandbox.project.process("delivery").nodes.values() if node.bpmn_id == "sign_contract_documents"]
    taken = {mapping.target[0] for mapping in call.output_mappings}
    began, results = 0, set()
    for case in sandbox.project.cases():
        expected = case.expect.get("variables", {}) if isinstance(case, Case) and case.process == "contract_signing" else {}
        if taken & set(expected):
            ends = {"end": "delivery_terminated"} if expected.get("contract_result") == "failed" else {"waiting": ["submit_plan"]}
            variables = {name: value for name, value in expected.items() if name in taken}
            found = sandbox.check(replace(case, process="delivery", expect={"variables": variables, **ends}))
            assert found.ok, f"{case.label}\n{found.difference}"
            began, results = began + 1, results | {found.played.variables["contract_result"]}
    assert began >= 4
    assert results == {"signed", "failed"}
