"""/api/ocds without login: releases that never change, records, pages, everything at once; reviewed by libcoveocds over HTTP."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.support.ocds import faults
from tests.web.published import DONE, RUNNING, UNTOLD, write
from web.composition import Services
from web.public_site import publisher_of

OCID = f"ocds-bixuan-{DONE}"


@pytest.fixture(scope="module")
def told(services: Services) -> Any:
    return write(services)


@pytest.fixture
def ocds(server: str, told: Any) -> Any:
    assert told
    with httpx.Client(base_url=f"{server}/api/ocds", timeout=60) as client:
        yield client


@pytest.mark.filterwarnings("ignore")  # of the packages that review
@pytest.mark.parametrize("path", ["/releases", "/records", f"/releases/{OCID}", f"/records/{OCID}", "/package.json"])
def test_every_package_is_valid_with_the_extensions_this_server_serves(ocds: httpx.Client, path: str, tmp_path: Path) -> None:
    package = ocds.get(path).json()
    assert len(package["extensions"]) == 6
    assert faults(package, tmp_path) == {}


def test_purchases_that_published_nothing_are_not_there(ocds: httpx.Client) -> None:
    found = {release["ocid"] for release in ocds.get("/package.json").json()["releases"]}
    assert {OCID, f"ocds-bixuan-{RUNNING}"} <= found
    assert f"ocds-bixuan-{UNTOLD}" not in found
    answer = ocds.get(f"/records/ocds-bixuan-{UNTOLD}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_pages_follow_each_other_without_loss_or_repetition(ocds: httpx.Client) -> None:
    everything = [release["id"] for release in ocds.get("/package.json").json()["releases"]]
    found, address = [], "/releases?limit=3"
    while address:
        answer = ocds.get(address)
        found += [release["id"] for release in answer.json()["releases"]]
        address = answer.links["next"]["url"] if "next" in answer.links else ""
    assert found == everything
    ocids, address = [], "/records?limit=1"
    while address:
        answer = ocds.get(address)
        ocids += [record["ocid"] for record in answer.json()["records"]]
        address = answer.links["next"]["url"] if "next" in answer.links else ""
    assert ocids == sorted(set(ocids))
    assert set(ocids) == {key.rpartition("-")[0] for key in everything}


def test_lines_are_one_record_package_each(ocds: httpx.Client) -> None:
    lines = gzip.decompress(ocds.get("/package.jsonl.gz").content).splitlines()
    ocids = [json.loads(line)["records"][0]["ocid"] for line in lines]
    assert OCID in ocids
    assert len(set(ocids)) == len(ocids)


def test_since_is_a_moment_with_a_zone(ocds: httpx.Client, services: Services) -> None:
    now = services.clock.now()
    assert ocds.get("/releases", params={"since": "2000-01-01T00:00:00+08:00"}).json()["releases"]
    later = now.replace(year=now.year + 1).isoformat()
    assert ocds.get("/releases", params={"since": later}).json()["releases"] == []
    for wrong in ("gestern", "2026-03-01T00:00:00"):
        assert ocds.get("/releases", params={"since": wrong}).status_code == 400
    assert ocds.get("/releases", params={"sinse": later}).status_code == 400


def test_any_site_may_read_and_caches_may_ask_whether_it_changed(ocds: httpx.Client) -> None:
    first = ocds.get("/releases")
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in first.headers
    again = ocds.get("/releases", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ocds.post("/releases").status_code in (404, 405)


def test_a_release_once_published_stays_as_it_was_and_what_happens_later_is_another_one(
    ocds: httpx.Client, services: Services
) -> None:
    before = ocds.get(f"/releases/{OCID}").json()["releases"]
    with services.database.unit_of_work() as work:  # as a mistake in the register would be put right
        work.session.execute(text("update notices set title = '改过的标题' where purchase_id = :p"), {"p": DONE})
        work.session.execute(
            text("update contracts set status = 'completed', ended_on = :d where id = 'HT-2026-9001'"),
            {"d": services.clock.now().date()},
        )
        work.commit()
    after = ocds.get(f"/releases/{OCID}").json()["releases"]
    assert after[: len(before)] == before
    assert [release["tag"] for release in after[len(before) :]] == [["contractTermination"]]
    assert after == sorted(after, key=lambda release: release["date"])


def test_the_compiled_release_is_the_sum_of_the_releases(ocds: httpx.Client) -> None:
    (record,) = ocds.get(f"/records/{OCID}").json()["records"]
    compiled = record["compiledRelease"]
    assert compiled["tag"] == ["compiled"]
    assert compiled["tender"]["receivedBids"][0]["sha256"] == "a1" * 32
    assert [award["status"] for award in compiled["awards"]] == ["active"]
    assert compiled["objections"][0]["outcome"] == "notUpheld"
    assert {document["documentType"] for document in compiled["tender"]["documents"]} >= {
        "tenderNotice",
        "bidList",
        "openingRecord",
    }
    for document in compiled["tender"]["documents"]:
        assert ocds.get(document["url"]).status_code == 200


def test_only_the_extensions_own_files_are_served(ocds: httpx.Client) -> None:
    assert ocds.get("/extensions/panel/extension.json").json()["documentationUrl"]["en"].endswith("/public/open-data")
    assert "requestingUnit" in ocds.get("/extensions/route/codelists/+partyRole.csv").text
    for path in ("/extensions/../facts.py", "/extensions/%2e%2e/facts.py", "/extensions/__init__.py", "/extensions/panel"):
        assert ocds.get(path).status_code == 404, path


def test_many_readers_at_once_publish_each_release_once(ocds: httpx.Client, services: Services) -> None:
    ids = [release["id"] for release in ocds.get("/package.json").json()["releases"]]
    assert len(set(ids)) == len(ids)
    sequence, _ = services.office.open_data.newest()
    assert services.office.open_data.publish_due(publisher_of(services.settings)) == 0
    assert services.office.open_data.newest()[0] == sequence
