from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from obstore.store import MemoryStore, from_url

from engine.errors import NotFound
from procurement.files import FileStore, FileTooLarge, FileTypeRefused, open_store
from procurement.files.store import MARK, FileEmpty, FileMissing, FileStoreAway, FileStoreFull
from procurement.files.types import FileDisguised, FileNameRefused

PDF = b"%PDF-1.7\n" + b"x" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != MARK]


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


def test_a_file_that_is_recorded_but_gone_is_told_from_one_that_never_was(folder):
    store = open_store(folder)
    reference = store.put([PDF], "a.pdf")
    next(path for path in left_behind(folder)).unlink()
    with pytest.raises(FileMissing):
        store.read(reference.sha256)


def test_a_disk_that_is_not_mounted_any_more_takes_no_files(folder):
    store = open_store(folder)
    store.put([PDF], "a.pdf")
    shutil.rmtree(folder)
    folder.mkdir()  # what is left where a disk was mounted
    for attempt in (lambda: store.put([PDF], "a.pdf"), lambda: store.read("0" * 64), lambda: store.holds("0" * 64)):
        with pytest.raises(FileStoreAway):
            attempt()
    assert left_behind(folder) == []


def test_a_bucket_that_does_not_answer_is_away():
    config = {"endpoint": "http://127.0.0.1:1", "access_key_id": "a", "secret_access_key": "b", "region": "x"}
    bucket = from_url("s3://bucket", config=config, client_options={"allow_http": True}, retry_config={"max_retries": 0})
    with pytest.raises(FileStoreAway):
        FileStore(bucket).put([PDF], "a.pdf")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_is_said_to_be_full_and_keeps_no_half_file(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        store = open_store(disk)
        with pytest.raises(FileStoreFull):
            store.put([PDF] * 1000, "a.pdf")
        assert left_behind(disk) == []
        assert store.put([PDF], "a.pdf").size == len(PDF)
    finally:
        subprocess.run(["umount", disk], check=True)
