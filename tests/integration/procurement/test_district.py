"""The bench's district, small: purchases of every route played to their end, then copied."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from bench.district.multiply import multiply
from bench.district.playing import DistrictPlay, prepare
from bench.district.registers import FIRST_DAY
from bench.district.stories import district_stories
from web.auth.session import contents
from web.composition import compose
from web.pages.factory import create_pages
from web.settings import Settings

ORGANISATIONS = 40
AFTER = {"committee": "ktyj", "open_comparison": "djpg", "statutory": "qyyl"}  # the stories of the demo they are told after


@pytest.fixture(scope="module")
def played(new_database, tmp_path_factory):
    """A district with one purchase of each route, played to the end, and two copies of each, one put back into the year before."""
    home = tmp_path_factory.mktemp("district")
    services = compose(Settings.for_demo(new_database(), str(home / "files")))
    services.migrate()
    prepare(services, ORGANISATIONS)
    known = district_stories(40, 1, ORGANISATIONS)
    told = [next(one for one in known if one.facts["after"] == after) for after in AFTER.values()]
    for story in told:
        budget = story.facts["budget"][:-4] + str(FIRST_DAY.year)
        story.facts.update(start=FIRST_DAY, budget=budget, staged=True, months=3)
    play = DistrictPlay(services, told, 10_000, 1)
    for day in range(100, 800, 50):
        play.on(home / "played.json", FIRST_DAY + dt.timedelta(days=day), 1)
        if all(one.ended_at for one in services.office.purchases.search(limit=10).items):
            break
    yield services, play, multiply(services.database, 2, years=2)
    services.close()


def test_purchases_of_every_route_are_played_to_their_end(played):
    services, play, _ = played
    assert play.stuck == []
    bought = services.office.purchases.search(limit=100).items
    assert {one.route for one in bought} == set(AFTER)
    assert all(one.ended_at for one in bought)


def test_a_copied_purchase_opens_with_its_history_reasons_and_contract(played):
    services, _, copied = played
    assert copied["purchases"] == 2 * len(AFTER)
    pages = create_pages(services)
    client = pages.test_client()
    with client.session_transaction() as session:
        session.update(contents(services.person("jjjc")))
    bought = services.office.purchases.search(limit=100).items
    assert len(bought) == 3 * len(AFTER)
    assert {one.started_at.year for one in bought} == {FIRST_DAY.year, FIRST_DAY.year - 1}
    addresses = [f"/purchases/{one.id}" for one in bought]
    addresses += [f"/purchases/{bought[0].id}{part}" for part in ("/history", "/why", "/documents", "/values")]
    addresses += [f"/contracts/{one.contract_id}" for one in bought if one.contract_id]
    wrong = [f"{address}: {code}" for address in addresses if (code := client.get(address).status_code) != 200]
    assert wrong == []


def test_every_copied_row_refers_to_rows_that_are_there(played):
    services, _, _ = played
    asked = (
        "select a.conrelid::regclass::text, x.attname, a.confrelid::regclass::text, y.attname from pg_constraint a"
        " join pg_attribute x on x.attrelid = a.conrelid and x.attnum = a.conkey[1]"
        " join pg_attribute y on y.attrelid = a.confrelid and y.attnum = a.confkey[1] where a.contype = 'f'"
    )
    with services.database.engine.connect() as connection:
        lost = {
            f"{table}.{column}": count
            for table, column, parent, key in connection.execute(text(asked)).all()
            if (
                count := connection.execute(
                    text(
                        f"select count(*) from {table} where {column} is not null and {column} not in (select {key} from {parent})"
                    )
                ).scalar_one()
            )
        }
    assert lost == {}
