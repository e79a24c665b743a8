"""The archive of an open comparison: it is whole, and whatever is changed in it is named, with and without new sums."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine import json_codec
from engine.errors import NotFound
from engine.model import Actor
from procurement.archive import layout
from procurement.archive.checking import Opened, Report, check
from procurement.archive.layout import Entry
from tests.support.archived import archived_comparison, written
from tests.support.purchases import Offices, StreetOffice

WHOLE = {
    "application", "award", "bid", "bid_content", "bid_file", "bid_opening", "bid_record", "calendar", "comparison_key", "contract",
    "contract_signature", "decision", "diagram", "draw", "draw_candidate", "draw_contribution", "draw_file", "edits", "evaluation",
    "expert_draw", "expert_sheet", "file", "flag_look", "flag_verdict", "form", "form_page", "frozen_sheet", "head", "history",
    "key_share", "notice", "notice_page", "objection", "opening", "opening_presence", "panel_invitation", "paper", "path", "people",
    "picture", "purchase", "question", "red_flag", "rules", "schema", "score_sheet", "scoring_run", "sealed_content", "sealed_part",
    "story", "table", "words",
}  # fmt: skip


@pytest.fixture(scope="module")
def finished(new_database: Callable[..., str]) -> Iterator[StreetOffice]:
    office = archived_comparison(Offices(new_database))
    yield office
    office.close()


@pytest.fixture(scope="module")
def archive(finished: StreetOffice, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The zip and its root."""
    return written(finished, tmp_path_factory.mktemp("archive"))


@pytest.fixture
def folder(archive: tuple[Path, str], tmp_path: Path) -> Path:
    with zipfile.ZipFile(archive[0]) as zipped:
        zipped.extractall(tmp_path)
    return tmp_path / archive[0].stem


def checked(place: Path, root: str | None = None) -> Report:
    with Opened(place) as opened:
        return check(opened, root=root)


def entries_of(folder: Path) -> list[Entry]:
    return [Entry(**line) for line in json.loads((folder / "manifest.json").read_text())["entries"]]


def said(report: Report) -> list[str]:
    return [f"{one.name}：{place}" for one in report.checks for place in one.wrong]


def test_the_archive_of_an_open_comparison_passes_every_check(archive):
    place, root = archive
    report = checked(place, root)
    assert said(report) == []
    counted = {one.name: one.counted for one in report.checks}
    assert [name for name in counted if counted[name] == "0"] == [], "a check that looked at nothing checks nothing"


def test_it_holds_everything_the_comparison_left(archive):
    with zipfile.ZipFile(archive[0]) as zipped:
        kinds = {line["kind"] for line in json.loads(zipped.read(f"{archive[0].stem}/manifest.json"))["entries"]}
    assert sorted(WHOLE - kinds) == []


def test_a_changed_byte_in_a_document_of_each_kind_is_named(folder):
    first = {}
    for entry in entries_of(folder):
        first.setdefault(entry.kind, entry)
    assert first.keys() >= WHOLE
    for entry in first.values():
        file = folder / entry.path
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    sentences = next(one for one in checked(folder).checks if "一字未改" in one.name).wrong
    assert len(sentences) == len(first)
    for entry in first.values():
        assert any(entry.path in one and entry.title in one for one in sentences), entry


def forged(folder: Path, entry: Entry, edit: Callable[[Any], None] | None) -> None:
    """Change one document, then make the sums and the manifest anew, as somebody does who knows the format."""
    file = folder / entry.path
    if edit is None:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    else:
        document = json_codec.loads(file.read_bytes())
        edit(document)
        file.write_bytes(json_codec.canonical(document))
    relisted(folder)


def relisted(folder: Path) -> None:
    entries = []
    for entry in entries_of(folder):
        content = (folder / entry.path).read_bytes()
        entries.append(Entry(**{**entry.as_line(), "size": len(content), "sha256": layout.sha256(content)}))
    (folder / "manifest.json").write_bytes(layout.manifest(folder.name, entries))
    rest = sorted(one for one in folder.rglob("*") if one.is_file() and one.name != "SHA256SUMS")
    sums = {one.relative_to(folder).as_posix(): layout.sha256(one.read_bytes()) for one in rest}
    (folder / "SHA256SUMS").write_bytes(layout.sums(sums))


def setting(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row.__setitem__(name, value)


def dearer(row: dict[str, Any]) -> None:
    row["content"]["price"] += 1


def another_mark(row: dict[str, Any]) -> None:
    next(iter(next(iter(row["marks"].values())).values()))["points"] += 1


# kind → what a forger writes into one of its documents; None: another byte
FORGERIES: dict[str, Callable[[Any], None] | None] = {
    "application": setting("name", "另一家"),
    "award": setting("amount", Decimal(1)),
    "bid": setting("sha256", "0" * 64),
    "bid_content": dearer,
    "bid_file": setting("sha256", "0" * 64),
    "bid_opening": setting("outcome", "returned"),
    "bid_record": setting("price", "1.00"),
    "contract": setting("amount", Decimal(1)),
    "contract_signature": setting("sha256", "0" * 64),
    "decision": setting("output", {"value": 0}),
    "diagram": None,
    "draw": setting("drawn", []),
    "draw_candidate": setting("name", "另一人"),
    "draw_contribution": setting("contribution", "6" * 60),
    "draw_file": setting("seed", "0" * 64),
    "evaluation": lambda row: row["ranking"].reverse(),
    "expert_sheet": another_mark,
    "form": setting("values", {}),
    "frozen_sheet": lambda row: row["sheet"].__setitem__("name", "另一张"),
    "milestone": setting("amount", Decimal(1)),
    "notice": setting("title", "另一则"),
    "objection": setting("content", "没有意见"),
    "opening": lambda row: row["minutes"].__setitem__("place", "别处"),
    "panel_invitation": setting("expert_id", "exp-00"),
    "purchase": setting("amount", Decimal(1)),
    "question": setting("question", "没有问题"),
    "red_flag": setting("state", "open"),
    "schema": None,
    "score_sheet": setting("total", Decimal(1)),
    "scoring_run": setting("chair", "exp-00"),
    "table": None,
}


def test_a_forged_document_with_new_sums_and_a_new_manifest_is_named(archive, folder):
    """What disagrees with another document is found without the published root; with it, any change is."""
    originals = {one: (folder / one).read_bytes() for one in ("manifest.json", "SHA256SUMS")}
    silent = []
    for kind, edit in FORGERIES.items():
        entry = [one for one in entries_of(folder) if one.kind == kind][-1]
        original = (folder / entry.path).read_bytes()
        forged(folder, entry, edit)
        found = said(checked(folder, archive[1]))
        assert any("根与公布的一致" in one for one in found), kind
        if not any(entry.path in one for one in found):
            silent.append((kind, entry.path, found))
        (folder / entry.path).write_bytes(original)
        for name, content in originals.items():
            (folder / name).write_bytes(content)
    assert silent == []


def test_a_document_left_out_with_new_sums_is_missed(archive, folder):
    for kind in ("bid_record", "draw_file", "form", "decision"):
        entry = next(one for one in entries_of(folder) if one.kind == kind)
        (folder / entry.path).unlink()
    left = [entry for entry in entries_of(folder) if (folder / entry.path).is_file()]
    again = [Entry(**{**entry.as_line(), "n": n}) for n, entry in enumerate(left, 1)]
    (folder / "manifest.json").write_bytes(layout.manifest(folder.name, again))
    relisted(folder)
    wrong = {one.name for one in checked(folder).checks if not one.passed}
    assert wrong == {
        "参选记录、文件和报价与收件回执一致",
        "专家抽取可以复算",
        "签过的表单与历史一致，没有缺的",
        "每次判定与历史一致，没有缺的",
    }


def test_minutes_are_for_the_office_and_the_agency_results_for_those_who_took_part(finished):
    number, desk = finished.situation.purchase_id, finished.office.documents

    def kinds(actor: Actor) -> list[str]:
        return [one.kind for one in desk.of_purchase(number, actor=actor)]

    everything = ["opening_minutes", "evaluation_minutes", "result_publicity", "award"]
    assert kinds(finished.person("采购经办")) == kinds(finished.person("第三方支持机构")) == everything
    loser = finished._somebody("organisation:org-04")
    assert kinds(loser) == ["opening_minutes", "result_publicity", "award"]
    assert kinds(finished._somebody("organisation:org-03")) == kinds(Actor("yw", frozenset({"operator"}))) == []
    minutes = next(one for one in desk.of_purchase(number, actor=finished.person("纪检")) if one.kind == "evaluation_minutes")
    with pytest.raises(NotFound):
        desk.word(number, minutes.kind, minutes.number, actor=loser)
    assert desk.word(number, minutes.kind, minutes.number, actor=finished.person("纪检")).startswith(b"PK")
