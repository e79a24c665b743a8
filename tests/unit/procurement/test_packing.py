"""Zip files out and in: the same files give the same bytes, and nothing unasked comes in."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from procurement.studio import packing
from procurement.studio.packing import PackRefused, pack, read_folder, unpack, write_folder

FILES = {
    "processes/demand/demand.bpmn": b"<a/>",
    "processes/demand/README.md": "# 说明\r\n".encode(),
    "processes/demand/cases/案例.yaml": b"name: x\n",
    "forms/demand/ask.form": b"{}",
}


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of a name given twice
        for name, content in entries:
            made.writestr(name, content)
    return buffer.getvalue()


def test_the_same_files_give_the_same_bytes_whatever_their_order():
    assert pack(FILES) == pack(dict(reversed(FILES.items())))
    assert unpack(pack(FILES)) == FILES


def test_one_folder_round_everything_and_what_systems_add_unasked_are_taken_off():
    inside = [(f"project/{path}", content) for path, content in FILES.items()]
    assert unpack(zipped(*inside, ("__MACOSX/project/x", b"?"), ("project/.DS_Store", b"?"))) == FILES


@pytest.mark.parametrize(
    "name",
    [
        "../processes/demand/demand.bpmn",
        "processes/../../etc/passwd",
        "/etc/passwd",
        "processes\\demand\\demand.bpmn",
        "processes/demand/evil.py",
        "processes/demand/deep/er.bpmn",
        "forms/demand/ask.form.exe",
        "C:/x.bpmn",
        "processes/Demand/demand.bpmn",
    ],
)
def test_a_name_outside_the_layout_refuses_everything(name: str):
    with pytest.raises(PackRefused):
        unpack(zipped(("processes/demand/demand.bpmn", b"<a/>"), (name, b"x")))


def test_a_name_that_is_there_twice_is_refused():
    twice = ("processes/demand/demand.bpmn", b"1"), ("processes/demand/demand.bpmn", b"2")
    with pytest.raises(PackRefused, match="twice"):
        unpack(zipped(*twice))
    with pytest.raises(PackRefused, match="twice"):
        unpack(zipped(("processes/demand/cases/a.yaml", b"1"), ("processes/demand/cases/A.yaml", b"2")))


def test_a_link_is_refused():
    link = zipfile.ZipInfo("processes/demand/demand.bpmn")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(PackRefused, match="link"):
        unpack(zipped((link, b"/etc/passwd")))


def test_a_bomb_is_refused_before_it_unfolds():
    with pytest.raises(PackRefused, match="at most"):
        unpack(zipped(("processes/demand/demand.bpmn", b"0" * (packing.FILE_LIMIT + 1))))
    many = [(f"processes/demand/cases/c{n}.yaml", b"") for n in range(packing.FILES_LIMIT + 1)]
    with pytest.raises(PackRefused, match="files"):
        unpack(zipped(*many))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("processes/demand/demand.bpmn", b"0" * 1_000_000)
    lying = buffer.getvalue()
    size = struct.pack("<L", 1_000_000)
    assert lying.count(size) == 2  # in the entry and in the directory
    with pytest.raises(PackRefused):
        unpack(lying.replace(size, struct.pack("<L", 10)))


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", zipped()], ids=["empty", "cut off", "text", "without files"])
def test_what_is_no_zip_file_is_told_in_a_sentence(content: bytes):
    with pytest.raises(PackRefused):
        unpack(content)


def test_a_folder_is_written_and_read_byte_for_byte_and_what_is_no_more_goes(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    assert write_folder(FILES, tmp_path) == sorted(FILES)
    assert read_folder(tmp_path) == FILES
    fewer = {path: content for path, content in FILES.items() if not path.endswith(".form")}
    assert write_folder(fewer, tmp_path) == ["forms/demand/ask.form"]
    assert read_folder(tmp_path) == fewer
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_links_in_a_folder_are_neither_followed_nor_written_through(tmp_path: Path):
    write_folder(FILES, tmp_path)
    target = tmp_path / "processes/demand/demand.bpmn"
    target.unlink()
    target.symlink_to("/etc/hostname")
    with pytest.raises(PackRefused, match="link"):
        read_folder(tmp_path)
    with pytest.raises(PackRefused, match="link"):
        write_folder(FILES, tmp_path)


def test_a_missing_file_is_deleted_only_in_folders_that_come_along():
    shelf = FILES | {"processes/other/other.bpmn": b"<b/>", "forms/demand/old.form": b"{}"}
    assert packing.changes(FILES | {"forms/demand/ask.form": b"{ }"}, shelf) == {
        "forms/demand/ask.form": b"{ }",
        "forms/demand/old.form": None,
    }
