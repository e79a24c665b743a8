"""The archive's own mechanics: the tree, proofs, streaming, and that every kind of change is found by each of the three ways."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.store.chain import Head, records
from procurement.archive import layout, merkle
from procurement.archive.checking import NotAnArchive, Opened, check
from procurement.archive.layout import Entry
from procurement.archive.shipped import ever_shipped, shipped
from procurement.archive.writing import ArchiveWriter
from procurement.registers.row import OFFICE_ZONE

AT = dt.datetime(2027, 5, 6, 9, tzinfo=OFFICE_ZONE)
LEAVES = [bytes([n]) * n for n in range(40)]


# the published test vectors of RFC 6962 / 9162 (certificate-transparency, merkle_tree_test)
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_tree_gives_the_roots_others_give():
    leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in INPUTS]
    assert [merkle.root(leaves[:n]).hex() for n in range(1, 9)] == ROOTS
    assert merkle.root([]) == hashlib.sha256().digest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
def test_every_leaf_is_proven_by_its_path_and_no_other_leaf_is(size):
    leaves = [merkle.leaf_hash(one) for one in LEAVES[:size]]
    root = merkle.root(leaves)
    for n, leaf in enumerate(leaves):
        path = merkle.audit_path(leaves, n)
        assert merkle.root_from(leaf, n, size, path) == root
        assert merkle.root_from(merkle.leaf_hash(b"other"), n, size, path) != root
        assert size == 1 or merkle.root_from(leaf, (n + 1) % size, size, path) != root
        assert merkle.root_from(leaf, n, size, [*path, root]) != root


def test_a_leaf_is_never_taken_for_an_inner_node():
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def history() -> tuple[bytes, dict]:
    head, lines = Head(0, ""), []
    place = (7, "review", 70)
    facts = [
        ("user_task_completed", *place, {"name": "审核", "values": {"ok": True, "note": "同意"}, "form_key": None}),
        (
            "decision_evaluated",
            *place,
            {"decision_id": "d", "decision_key": 9, "version": 1, "output": {"value": 3}, "explanation": {}},
        ),
    ]
    for n, fact in enumerate(facts):
        lines += records(head, 7, f"2027-05-0{n + 1}T01:00:00.000000+00:00", "cgjb", [fact])
    rows = [
        {"format": "bixuan-history/1", "exported_at": "x", "cases": 1},
        {"case": 7, "seq": head.seq, "hash": head.hash},
        *lines,
    ]
    text = b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)
    end = json.dumps({"end": hashlib.sha256(text).hexdigest()}, separators=(",", ":")).encode() + b"\n"
    return text + end, {"root_key": 7, "path": "history/7.jsonl", "seq": head.seq, "hash": head.hash}


def made(place: Path, files: int = 5) -> str:
    """A small archive with one of everything; gives its root."""
    told, end = history()
    instance = {"process_id": "p", "bpmn": "diagrams/p-v1.bpmn", "path": "diagrams/ways/7-p.svg"}
    head = {"format": layout.FORMAT, "number": "DA-2027-0001", "histories": [end], "instances": [instance], "previous": None}
    position = {"root_key": 7, "instance_key": 7, "element_id": "review", "element_key": 70, "actor": "cgjb"}
    form = {
        **position,
        "seq": 1,
        "at": "2027-05-01T01:00:00.000000+00:00",
        "values": {"ok": True, "note": "同意"},
        "form_key": None,
    }
    decided = {"decision_id": "d", "decision_key": 9, "version": 1, "output": {"value": 3}, "explanation": {}}
    with place.open("wb") as target:
        writer = ArchiveWriter(target, "DA-2027-0001", AT)
        writer.add_json("head.json", "head", "卷首", head)
        for n in range(files):
            writer.add(f"files/{n}.pdf", "file", f"附件 {n}", [b"%PDF-" + bytes([n]) * 200] * 3)
        writer.add_json("forms/7-000001-review.json", "form", "审核", {**form, "form": None})
        decision = {**position, "seq": 2, "at": "2027-05-02T01:00:00.000000+00:00", **decided}
        writer.add_json("decisions/7-000002-d.json", "decision", "判定", decision)
        writer.add("diagrams/p-v1.bpmn", "diagram", "图", b"<x/>")
        writer.add("diagrams/ways/7-p.svg", "path", "路", b"<svg/>")
        writer.add("history/7.jsonl", "history", "历史", told)
        return writer.close(lambda entries, root: f"<p>{len(entries)} {root}</p>", lambda _: b"%PDF-1.7")


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, str]:
    place = tmp_path / "DA-2027-0001.zip"
    return place, made(place)


def wrong(place: Path, root: str | None = None) -> list[str]:
    try:
        with Opened(place) as opened:
            return [one.name for one in check(opened, root=root).checks if not one.passed]
    except NotAnArchive:
        return ["不是卷宗"]


def unpacked(place: Path) -> Path:
    with zipfile.ZipFile(place) as zipped:
        zipped.extractall(place.parent)
    return place.with_suffix("")


def ran(folder: Path, root: str) -> subprocess.CompletedProcess:
    program = [sys.executable, "-I", "-c", shipped("verify.py").decode(), root, str(folder)]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


def test_a_sound_archive_passes_in_all_three_ways(archive):
    place, root = archive
    assert wrong(place, root) == []
    folder = unpacked(place)
    assert wrong(folder, root) == []
    assert ran(folder, root).returncode == 0, ran(folder, root).stdout
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, timeout=60, check=False).returncode == 0
    assert wrong(place, "0" * 64) == ["根与公布的一致"]


def test_what_is_shipped_is_known_for_ever():
    for name in ("verify.py", "README.txt"):
        assert layout.sha256(shipped(name)) in ever_shipped(name), f"add the sum of the new {name} to EVER_SHIPPED"
    assert len(shipped("verify.py").splitlines()) <= 60


@pytest.mark.parametrize("seed", range(25))
def test_a_flipped_byte_anywhere_is_found(archive, seed):
    """In any file of the unpacked folder, at any place."""
    place, root = archive
    folder, chance = unpacked(place), random.Random(seed)
    file = chance.choice(sorted(one for one in folder.rglob("*") if one.is_file()))
    content = bytearray(file.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    file.write_bytes(content)
    assert wrong(folder, root), (file, at)
    assert file.name == "SHA256SUMS" or ran(folder, root).returncode != 0, (file, at)


def resummed(folder: Path) -> None:
    """What a forger does who knows the format: the sums are made anew."""
    files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
    files.pop("SHA256SUMS")
    (folder / "SHA256SUMS").write_bytes(layout.sums({name: layout.sha256(content) for name, content in files.items()}))


def relisted(folder: Path) -> None:
    """And one who knows it better: the manifest with its root too."""
    found = json.loads((folder / "manifest.json").read_text())
    entries = []
    for line in found["entries"]:
        content = (folder / line["path"]).read_bytes()
        entries.append(Entry(**{**line, "size": len(content), "sha256": layout.sha256(content)}))
    (folder / "manifest.json").write_bytes(layout.manifest(found["number"], entries))
    resummed(folder)


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        file = folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return act


def removed(folder: Path) -> None:
    (folder / "files/1.pdf").unlink()


def added(folder: Path) -> None:
    (folder / "files/extra.pdf").write_bytes(b"%PDF-")


def swapped(folder: Path) -> None:
    one, other = folder / "files/0.pdf", folder / "files/1.pdf"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def retitled(folder: Path) -> None:
    edited("manifest.json", "附件 2", "附件 9")(folder)


CHANGES = {
    "removed": removed,
    "added": added,
    "swapped": swapped,
    "retitled": retitled,
    "form": edited("forms/7-000001-review.json", "同意", "反对"),
    "decision": edited("decisions/7-000002-d.json", '"value":3', '"value":4'),
    "history": edited("history/7.jsonl", "同意", "反对"),
    "head": edited("head.json", '"seq":2', '"seq":1'),
    "program": edited("verify.py", "sys.exit(bool(wrong))", "sys.exit(0)"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_with_new_sums_is_still_found(archive, change):
    place, root = archive
    folder = unpacked(place)
    CHANGES[change](folder)
    resummed(folder)
    assert wrong(folder, root)
    if change != "program":  # it is the checked folder's own program that was replaced; ours is run
        assert ran(folder, root).returncode != 0


@pytest.mark.parametrize("change", ["swapped", "form", "decision", "history", "head"])
def test_a_change_with_a_new_manifest_is_found_by_the_published_root(archive, change):
    place, root = archive
    folder = unpacked(place)
    CHANGES[change](folder)
    relisted(folder)
    assert "根与公布的一致" in wrong(folder, root)
    assert ran(folder, root).returncode != 0
    if change != "swapped":  # what disagrees with the history is found without the published root too
        assert wrong(folder)


def test_one_document_is_proven_without_the_others(archive):
    place, root = archive
    with Opened(place) as opened:
        entries = [Entry(**line) for line in opened.json(layout.MANIFEST)["entries"]]
    proof = json.loads(json.dumps(layout.proof(entries, 3)))
    assert proof["root"] == root
    assert layout.proves(proof)
    proof["document"]["title"] = "另一个"
    assert not layout.proves(proof)


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/../b", "a b", "", "a/./b"])
def test_a_document_lies_inside_the_folder(name):
    with pytest.raises(ValueError, match="place"):
        ArchiveWriter(io.BytesIO(), "DA-2027-0001", AT).add(name, "file", "x", b"")


def test_what_is_no_archive_is_refused_with_a_sentence(tmp_path):
    for content in (b"", b"PK\x03\x04broken", b"%PDF-"):
        (tmp_path / "x.zip").write_bytes(content)
        assert wrong(tmp_path / "x.zip") == ["不是卷宗"]
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as zipped:
        zipped.writestr("DA/manifest.json", "[]")
    assert wrong(tmp_path / "y.zip") == ["不是卷宗"]


def test_links_out_of_the_folder_are_not_followed(archive):
    place, root = archive
    folder = unpacked(place)
    (folder / "files/0.pdf").unlink()
    (folder / "files/0.pdf").symlink_to("/etc/passwd")
    assert wrong(folder, root)


def test_memory_does_not_grow_with_the_attachments(tmp_path):
    place = tmp_path / "DA-2027-0001.zip"
    tracemalloc.start()
    with place.open("wb") as target:
        writer = ArchiveWriter(target, "DA-2027-0001", AT)
        for n in range(20):
            writer.add(f"files/{n}.bin", "file", "x", (bytes(1 << 20) for _ in range(5)))
        writer.close(lambda *_: "", None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert place.stat().st_size > 100 << 20
    assert peak < 8 << 20
