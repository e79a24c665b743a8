"""Every process of whole purchases can be replayed on the version it ran on, also those with messages, timers and called processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from procurement.studio.replay.model import SAME, Outcome
from procurement.studio.studio import Studio
from tests.support.purchases import MORNING, Offices, StreetOffice


@pytest.fixture(scope="module")
def office(new_database: Callable[..., str]) -> Iterator[StreetOffice]:
    """Two purchases from the demand to the archive: one decided by the committee, one by open comparison."""
    office = Offices(new_database).fresh()
    for estimate in (Decimal(48_000), Decimal(86_000)):
        office.clock.moment = MORNING
        office.situation.facts["estimate"] = estimate
        office.start(command_id=f"purchase {estimate}")
        office.go_on()
    yield office
    office.close()


@pytest.fixture(scope="module")
def outcomes(office: StreetOffice) -> dict[str, list[Outcome]]:
    studio = Studio(office.database, office.engine, office.clock, office._feel, dict)
    files = studio.shelf.files()
    ids = {one.process_id for one in office.engine.instances(limit=None).items}
    return {id_: studio.replay.run(list(office.engine.recordings(id_, limit=50)), files) for id_ in sorted(ids)}


def test_they_were_many_processes(outcomes: dict[str, list[Outcome]]) -> None:
    assert len(outcomes) > 12
    assert {"purchase", "open_comparison", "committee_decision", "delivery"} <= outcomes.keys()


def test_each_case_goes_its_recorded_way_again(outcomes: dict[str, list[Outcome]]) -> None:
    told = {id_: [(one.why, dict(one.params)) for one in some if one.why] for id_, some in outcomes.items()}
    assert {id_: whys for id_, whys in told.items() if whys} == {}


def test_on_the_files_in_force_nothing_is_different(outcomes: dict[str, list[Outcome]]) -> None:
    different = {id_: [one.reasons for one in some if one.status != SAME] for id_, some in outcomes.items()}
    assert {id_: reasons for id_, reasons in different.items() if reasons} == {}
