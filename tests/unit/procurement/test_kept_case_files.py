"""Case files that were made once are checked by every later version, where there is nothing else, as the how-to has people type it."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from procurement.archive.checking import Opened, check
from procurement.archive.shipped import shipped
from tests.support.kept_archives import KEPT, bare, commands, root_of, run

PROGRAMS = Path(sys.executable).parent


@pytest.fixture(params=KEPT, ids=lambda place: place.stem)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy beside nothing."""
    return Path(shutil.copy(request.param, tmp_path))


@pytest.fixture
def root(request: pytest.FixtureRequest, archive: Path) -> str:
    return root_of(next(one for one in KEPT if one.name == archive.name))


def altered(archive: Path) -> str:
    """One byte of one attachment is another; gives where it lies."""
    other = archive.with_suffix(".other")
    with zipfile.ZipFile(archive) as before, zipfile.ZipFile(other, "w") as after:
        name = next(one for one in before.namelist() if "/files/" in one)
        for member in before.infolist():
            content = bytearray(before.read(member))
            if member.filename == name:
                content[20] ^= 1
            after.writestr(member, bytes(content))
    other.replace(archive)
    return name.partition("/")[2]


def test_an_archive_of_an_earlier_version_still_passes_every_check(archive, root):
    with Opened(archive) as opened:
        report = check(opened, root=root)
    assert [(one.name, one.wrong) for one in report.checks if not one.passed] == []


def test_it_is_checked_with_the_command_where_there_is_no_database_no_setting_and_no_network(archive, root):
    environment = bare(PROGRAMS, archive.parent)
    done = run(f"bixuan verify {archive.name} --root {root}", archive.parent, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "全部对得上。"
    place = altered(archive)
    done = run(f"bixuan verify {archive.name} --root {root}", archive.parent, environment)
    assert done.returncode == 1
    assert place in done.stdout


def test_the_program_we_ship_needs_nothing_but_python_itself(archive, root):
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(archive.parent)
    folder = archive.with_suffix("")
    (archive.parent / "ours.py").write_bytes(shipped("verify.py"))
    environment = bare(PROGRAMS, archive.parent)
    for program in ("verify.py", "../ours.py"):  # the one inside, and today's
        done = run(f"python3 -I -S {program} {root}", folder, environment)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"root {root}, 0 wrong" in done.stdout
    (folder / "head.json").write_text("{}")
    done = run(f"python3 -I -S ../ours.py {root}", folder, environment)
    assert done.returncode == 1
    assert "head.json: not what manifest.json says" in done.stdout


def test_what_the_how_to_has_people_type_works(archive):
    typed = commands(next(one for one in KEPT if one.name == archive.name))
    assert len(typed) == 4
    for block in typed:
        done = run(block, archive.parent, bare(PROGRAMS, archive.parent))
        assert done.returncode == 0, block + done.stdout + done.stderr
