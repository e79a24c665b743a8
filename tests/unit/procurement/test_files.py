from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from engine.errors import NotFound
from procurement.files import FileStore, FileTooLarge, FileTypeRefused, open_store
from procurement.files.store import FileEmpty
from procurement.files.types import FileDisguised, FileNameRefused

PDF = b"%PDF-1.7\n" + b"x" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_found_by_its_hash_and_comes_back_whole(folder):
    store = open_store(folder)
    reference = store.put(io.BytesIO(PDF), "报名表.pdf")
    assert reference.as_variable() == {
        "name": "报名表.pdf",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "media_type": "application/pdf",
    }
    assert b"".join(store.read(reference.sha256)) == PDF
    assert store.holds(reference.sha256)


def test_the_same_content_is_stored_once(folder):
    store = open_store(folder)
    assert store.put([PDF], "a.pdf").sha256 == store.put([PDF[:9], PDF[9:]], "b.pdf").sha256
    assert len(left_behind(folder)) == 1


def test_fifty_megabytes_are_taken_and_one_more_is_refused_in_the_middle_of_the_stream(folder):
    store, megabyte, asked = open_store(folder), b"x" * 1024 * 1024, []

    def stream(count):
        yield PDF[:9]
        for n in range(count):
            asked.append(n)
            yield megabyte

    with pytest.raises(FileTooLarge, match="50 MB"):
        store.put(stream(80), "big.pdf")
    assert len(asked) < 60
    assert left_behind(folder) == []
    assert store.put(stream(49), "big.pdf").size == 49 * 1024 * 1024 + 9


def test_an_upload_that_breaks_off_leaves_nothing(folder):
    def stream():
        yield PDF
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        open_store(folder).put(stream(), "a.pdf")
    assert left_behind(folder) == []


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("virus.exe", b"MZ", FileTypeRefused),
        ("no_ending", PDF, FileTypeRefused),
        ("picture.png", PDF, FileDisguised),
        ("binary.txt", b"a\0b", FileDisguised),
        ("empty.pdf", b"", FileEmpty),
        ("", PDF, FileNameRefused),
        ("line\nbreak.pdf", PDF, FileNameRefused),
    ],
)
def test_what_is_not_accepted_is_refused_with_its_reason(folder, name, content, error):
    with pytest.raises(error):
        open_store(folder).put(io.BytesIO(content), name)
    assert left_behind(folder) == []


def test_the_first_bytes_may_arrive_one_by_one(folder):
    assert open_store(folder).put((PDF[n : n + 1] for n in range(20)), "a.pdf").size == 20


def test_text_in_utf8_and_gb18030_is_text():
    store = FileStore(MemoryStore())
    assert store.put([("服务" * 50000).encode()], "a.txt").media_type == "text/plain"
    assert store.put([("服务" * 50000).encode("gb18030")], "a.csv").media_type == "text/csv"


def test_folders_in_a_name_are_dropped(folder):
    assert open_store(folder).put([PDF], r"C:\secret\计划.pdf").name == "计划.pdf"


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "G" * 64])
def test_an_unknown_or_impossible_hash_is_not_found(folder, sha256):
    with pytest.raises(NotFound):
        open_store(folder).read(sha256)
