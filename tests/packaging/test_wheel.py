"""The wheel, installed into an empty environment, brings everything: diagrams, forms, templates, styles, the command."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.support import kept_archives
from tests.support.kept_archives import KEPT

ROOT = Path(__file__).parents[2]
START_S = 120


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a clean environment with the pinned packages and the wheel."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", str(folder))
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt"))
    run(*pip, "--no-deps", str(wheel))
    return folder / "bin"


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="bixuan-wheel-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def run(*command: str, **environment: str) -> str:
    env = {**os.environ, **environment}
    env.pop("PYTHONPATH", None)
    result = subprocess.run(command, capture_output=True, text=True, cwd="/", env=env, timeout=600, check=False)
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def test_the_wheel_carries_what_the_designers_drew_and_what_the_pages_need(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, kind in (("processes", "*.bpmn"), ("processes", "*.dmn"), ("processes", "*.ledger.yaml"), ("forms", "*.form")):
        for file in (ROOT / folder).rglob(kind):
            assert f"web/bundled/{file.relative_to(ROOT).as_posix()}" in names
    for folder in ("templates", "static", "translations"):
        for file in (ROOT / "web" / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert file.relative_to(ROOT).as_posix() in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"engine", "procurement", "web"}


def test_the_demo_runs_from_the_installed_wheel_and_stops_cleanly(installed: Path, home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "BIXUAN_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    with (home / "output").open("w") as output:
        process = subprocess.Popen(
            [str(installed / "bixuan"), "demo", "--port", str(port)], stdout=output, stderr=output, cwd="/", env=env
        )
        try:
            page = fetch(f"http://127.0.0.1:{port}/login", process)
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=60)
    said = (home / "output").read_text()
    assert "登录" in page, said
    assert code == 0, said
    assert not (home / "demo" / "database" / "postgres-18" / "postmaster.pid").exists(), "the embedded server still runs"


def test_a_case_file_is_verified_by_the_installed_wheel_as_the_how_to_has_people_type_it(installed: Path, home: Path) -> None:
    """A fresh environment: this project as it is packed and what it needs; no checkout, no database, no settings, no network."""
    archive = KEPT[-1]
    shutil.copy(archive, home)
    environment = kept_archives.bare(installed, home)
    for block in kept_archives.commands(archive):
        done = kept_archives.run(block, home, environment)
        assert done.returncode == 0, block + done.stdout + done.stderr
    done = kept_archives.run(f"bixuan verify {archive.name} --root {'0' * 64}", home, environment)
    assert done.returncode == 1, done.stdout


def fetch(url: str, process: subprocess.Popen[bytes]) -> str:
    give_up = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            assert process.poll() is None, "the demo ended before it answered"
            assert time.monotonic() < give_up, "the demo did not answer in time"
            time.sleep(0.3)
