"""What happened to a purchase in public, as OCDS releases that libcoveocds finds no fault with."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ocdsmerge import Merger

from engine import json_codec
from procurement.opendata import drafts
from procurement.opendata.mapping import MAPPING
from procurement.opendata.packages import record_package
from procurement.registers.comparison import Notice
from tests.support.ocds import faults, own_extensions  # noqa: F401
from tests.unit.opendata.imagined import (
    EXPERTS,
    NOTICES,
    OBJECTOR,
    PUBLISHER,
    SECOND,
    SITE,
    WINNER,
    at,
    facts,
    notice,
    packed,
    recorded,
    releases,
)


def plain(value: Any) -> Any:
    """As it goes over the wire and comes back."""
    return json.loads(json_codec.dumps(value))


def events() -> list[tuple[str, list[str]]]:
    return [(draft.event, draft.tags) for draft in drafts(facts(), PUBLISHER)]


def test_each_event_is_one_release_in_the_order_it_happened():
    assert events() == [
        ("notice GG-2026-0001", ["planning"]),
        ("notice GG-2026-0002", ["tender"]),
        ("notice GG-2026-0003", ["tenderUpdate"]),
        ("notice GG-2026-0004", ["tenderAmendment"]),
        ("notice GG-2026-0005", ["tenderAmendment"]),
        ("notice GG-2026-0006", ["tenderUpdate"]),
        ("notice GG-2026-0007", ["tenderUpdate"]),
        ("notice GG-2026-0008", ["award"]),
        ("objection 7", ["awardUpdate"]),
        ("appeal TS-2026-0001", ["awardUpdate"]),
        ("notice GG-2026-0009", ["awardUpdate"]),
        ("notice GG-2026-0010", ["awardUpdate"]),
        ("contract HT-2026-0001", ["contract"]),
        ("notice GG-2026-0011", ["contractUpdate"]),
        ("payment 3", ["implementation"]),
        ("notice GG-2026-0012", ["implementation"]),
        ("contract_end HT-2026-0001", ["contractTermination"]),
    ]


@pytest.mark.usefixtures("own_extensions")
@pytest.mark.filterwarnings("ignore")  # of the packages that review, not ours
def test_releases_and_records_are_valid_however_far_the_purchase_has_come(tmp_path: Path):
    found = plain(releases())
    assert faults(plain(packed(found)), tmp_path) == {}
    for last in (1, 7, 10, len(found)):
        records = record_package(SITE, "/api/ocds/records", [recorded(found[:last])], at(400))
        assert faults(plain(records), tmp_path) == {}, last


@pytest.mark.usefixtures("own_extensions")
@pytest.mark.filterwarnings("ignore")
def test_the_review_would_find_what_is_wrong(tmp_path: Path):
    (found,) = plain(releases(facts(notices=NOTICES[:1], objections=[], appeals=[], contracts=[], payments=[])))
    broken = found | {"tag": ["sealed"], "tender": {"title": "没有编号"}, "secret": 1}
    assert {"validation_errors", "additional_fields"} <= faults(plain(packed([broken])), tmp_path).keys()


@pytest.mark.filterwarnings("ignore")
def test_the_compiled_release_is_what_the_reference_implementation_makes_of_them():
    found = plain(recorded(plain(releases())))
    schema = json.loads((Path(__file__).parents[2] / "data" / "ocds" / "release-schema.json").read_text(encoding="utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        merged = Merger(schema).create_compiled_release(found["releases"])
    assert found["compiledRelease"] == plain(merged)


def test_what_everything_comes_to_in_the_end():
    compiled = plain(recorded(plain(releases())))["compiledRelease"]
    assert compiled["tender"]["status"] == "complete"
    assert compiled["tender"]["tenderPeriod"]["endDate"] == "2026-03-24T17:00:00+08:00"
    assert [(a["status"], a["suppliers"][0]["name"]) for a in compiled["awards"]] == [("cancelled", SECOND), ("active", WINNER)]
    (contract,) = compiled["contracts"]
    assert (contract["status"], contract["awardID"]) == ("terminated", "GG-2026-0009")
    assert contract["implementation"]["transactions"][0]["value"] == {"amount": 142880.00, "currency": "CNY"}
    assert contract["milestones"][0]["status"] == "met"
    assert [p["roles"] for p in compiled["parties"] if p["name"] == WINNER] == [["tenderer", "supplier", "payee"]]
    assert compiled["relatedProcesses"][0]["identifier"] == "ocds-bixuan-CG-2025-0009"


def test_nobody_who_takes_part_is_named_before_the_result_is_published():
    before = [release for release in releases() if release["date"] < "2026-03-28"]
    assert len(before) == 7
    told = json.dumps(plain(before), ensure_ascii=False)
    for name in (WINNER, SECOND, OBJECTOR, *EXPERTS, "刘和风", "org-0"):
        assert name not in told
    assert "SJ-2026-0001" in told


def test_an_objector_and_private_numbers_are_named_nowhere():
    told = json.dumps(plain(releases()), ensure_ascii=False)
    for private in (OBJECTOR, "孙邻里", "13900139000", "13800138000", "刘和风"):
        assert private not in told
    assert "的异议成立" in told


def test_a_purchase_that_published_nothing_has_no_release():
    assert releases(facts(notices=[])) == []


@pytest.mark.usefixtures("own_extensions")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("route", "last"),
    [
        ("committee", notice(2, "award", 9, amount=45999, organisation=WINNER, method="党工委会议决定", reason=None)),
        (
            "statutory",
            notice(2, "award", 9, amount=900000, organisation="未登记的单位", method="single_source", experts=["申梅", "阮星"]),
        ),
        ("open_comparison", notice(3, "termination", 9, reason="报名不足")),
        ("open_comparison", notice(3, "appeal_decision", 9, text="投诉成立，结果撤回")),
    ],
)
def test_other_ways_a_purchase_may_go_are_valid_too(route: str, last: Notice, tmp_path: Path):
    told = facts(
        objections=[], appeals=[], contracts=[], payments=[], notices=[last] if route != "open_comparison" else [NOTICES[1], last]
    )
    told.purchase.route = route
    found = plain(releases(told))
    assert faults(plain(packed(found)), tmp_path) == {}
    assert "planning" in found[0]["tag"]
    if route == "statutory":
        assert found[0]["tender"]["procurementMethod"] == "direct"
        assert found[0]["tender"]["procurementMethodDetails"] == "单一来源采购"
        assert [member["name"] for member in found[0]["awards"][0]["panel"]] == ["申梅", "阮星"]


def test_the_table_of_fields_names_every_field_we_publish_and_no_other():
    leaves = {path for release in releases() for path in paths(release)}
    rows = {field.path for field in MAPPING} - {"contracts/amendments"}  # of a supplement, which this purchase has not
    assert [leaf for leaf in leaves if not any(leaf == row or leaf.startswith(f"{row}/") for row in rows)] == []
    assert [row for row in rows if not any(leaf == row or leaf.startswith(f"{row}/") for leaf in leaves)] == []


def paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{path}/{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from paths(inner, path)
    else:
        yield path


def test_writing_them_again_gives_the_same():
    assert releases() == releases()
