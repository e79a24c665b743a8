"""The archive of an open comparison: it is whole, and whatever is changed in it is named, with and without new sums."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import obstore
import pytest
from sqlalchemy import select

from engine import json_codec
from procurement.archive import layout
from procurement.archive.checking import Opened, Report, check
from procurement.archive.layout import Entry
from procurement.registers.comparison import Bid
from procurement.registers.sealing import SealedPart
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
def archive(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The zip of a comparison with a question, a bid that does not open, a red flag that was judged and an objection; and its root."""
    office = Offices(new_database).fresh()
    office.situation.facts |= {"estimate": Decimal(380000), "bidders": ["org-02", "org-04", "org-01", "org-05"]}
    office.start()
    office.go_on("受理报名")
    ask(office)
    office.go_on("递交参选文件")
    for n, application in enumerate(a for a in office.dossier().applications if a.status == "confirmed"):
        office.bid(application.organisation_id, Decimal(350000 + 1700 * n))
    broken = break_a_bid(office)
    office.go_on("逐份开启")
    exclude(office, broken)
    office.go_on("公示")
    judge_flags(office)
    object_to_it(office)
    office.go_on()
    assert office.purchase.status == "archived", [task.element_id for task in office.open_tasks()]
    row = office.dossier().case_files[0]
    place = tmp_path_factory.mktemp("archive") / f"{row.id}.zip"
    with place.open("wb") as file:
        file.writelines(office.office.files._desk.files.read(row.archive_sha256))
    yield place, row.root
    office.close()


def ask(office: StreetOffice) -> None:
    actor = office._somebody("organisation:org-02")
    office.office.voices.ask(office.situation.purchase_id, "服务人数以哪个月为准？", organisation_id="org-02", actor=actor)


def break_a_bid(office: StreetOffice) -> str:
    """One byte of the ciphertext of the last bid's file changes on disk, as a failing disk does."""
    with office.office.desk.reading() as session:
        query = select(SealedPart).join(Bid, Bid.id == SealedPart.bid_id).where(SealedPart.number == 1, Bid.status == "submitted")
        part = session.scalars(query.order_by(SealedPart.bid_id.desc())).first()
        assert part is not None
        place, receipt = str(part.place), part.bid_id
    store = office.office.desk.files._store
    content = bytearray(obstore.get(store, f"{place[:2]}/{place}").bytes().to_bytes())
    content[40] ^= 1
    obstore.put(store, f"{place[:2]}/{place}", bytes(content))
    return receipt


def exclude(office: StreetOffice, receipt: str) -> None:
    host = office.person("采购经办")
    office.office.openings.decide(office.situation.purchase_id, receipt, "excluded", "密文已损坏", actor=host)


def judge_flags(office: StreetOffice) -> None:
    supervisor = office.person("纪检")
    for seen in office.office.flags.search(actor=supervisor).items:
        office.office.flags.card(seen.flag.id, actor=supervisor)
        office.office.flags.judge(seen.flag.id, "explained", "已向双方核实", actor=supervisor)


def object_to_it(office: StreetOffice) -> None:
    actor = office._somebody("organisation:org-01")
    office.office.voices.object(
        office.situation.purchase_id, name="org-01", contact="028-80000000", request="重新评审", facts="业绩没有计分",
        organisation_id="org-01", actor=actor,
    )  # fmt: skip


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
