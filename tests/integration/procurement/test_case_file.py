"""A finished purchase's archive: built by the effect, checked where there is nothing else, and every tampering found."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from procurement.archive.checking import Opened, Report, check
from tests.support.purchases import Offices, StreetOffice


@pytest.fixture(scope="module")
def finished(new_database: Callable[..., str]) -> Iterator[StreetOffice]:
    office = Offices(new_database).fresh()
    office.start()
    office.go_on()
    yield office
    office.close()


@pytest.fixture(scope="module")
def archive(finished: StreetOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    row = finished.dossier().case_files[0]
    place = tmp_path_factory.mktemp("archive") / f"{row.id}.zip"
    with place.open("wb") as file:
        file.writelines(finished.office.files._desk.files.read(row.archive_sha256))
    return place


@pytest.fixture(scope="module")
def unpacked(archive: Path) -> Path:
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(archive.parent)
    return archive.with_suffix("")


def checked(place: Path, root: str | None = None) -> Report:
    with Opened(place) as opened:
        return check(opened, root=root)


def test_the_archive_of_a_purchase_passes_every_check(finished, archive):
    row = finished.dossier().case_files[0]
    report = checked(archive, row.root)
    assert [(one.name, one.wrong) for one in report.checks if not one.passed] == []
    assert (row.status, row.entries > 50, report.root, report.number) == ("accepted", True, row.root, row.id)


def test_the_unpacked_folder_passes_as_the_zip_does(finished, unpacked):
    assert checked(unpacked, finished.dossier().case_files[0].root).sound


def test_the_program_inside_and_sha256sum_agree(finished, unpacked):
    root = finished.dossier().case_files[0].root
    ran = subprocess.run([sys.executable, "-I", "verify.py", root], cwd=unpacked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"root {root}, 0 wrong" in ran.stdout
    assert (
        subprocess.run([sys.executable, "-I", "verify.py", "0" * 64], cwd=unpacked, capture_output=True, check=False).returncode
        == 1
    )
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=unpacked, check=False).returncode == 0
