"""What is tried a second time when it fails (docs/decisions/0021), by a run of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CONFTEST = """
import pytest
from tests.conftest import pytest_collection_modifyitems

@pytest.fixture
def chromium():
    return {}
"""
ONCE = """
seen = []

def test_fails_the_first_time({fixture}):
    seen.append(1)
    assert len(seen) == 2, "the first time"
"""
ALWAYS = """
import pytest

@pytest.mark.parametrize("n", range(9))
def test_fails(chromium, n):
    assert False
"""


def run(folder: Path, tests: str) -> str:
    """The output of a run with this project's settings."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(tests)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        str(REPOSITORY / "pyproject.toml"),
        "--rootdir",
    ]
    done = subprocess.run([*command, str(folder), str(folder)], check=False, cwd=REPOSITORY, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_a_test_in_a_browser_is_tried_again_and_its_first_failure_is_printed(tmp_path: Path) -> None:
    told = run(tmp_path, ONCE.format(fixture="chromium"))
    assert "1 passed, 1 rerun" in told
    assert "rerun test summary info" in told
    assert "AssertionError: the first time" in told


def test_a_test_without_a_browser_fails_at_once(tmp_path: Path) -> None:
    told = run(tmp_path, ONCE.format(fixture=""))
    assert "1 failed" in told
    assert "rerun" not in told


@pytest.mark.parametrize(("given", "tried"), [("", 8), ("--max-suite-reruns=0", 0)])
def test_no_more_than_eight_tests_of_a_run_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, tried: int
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", given)
    told = run(tmp_path, ALWAYS)
    assert ("9 failed, 8 rerun" if tried else "9 failed in") in told
