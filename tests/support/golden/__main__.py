"""Remember how a version stores its cases: ``python -m tests.support.golden COMMIT NUMBER``.

Unpacks the commit beside, plays its own demo's purchases and the waits of ``scene`` with its own code into an embedded
PostgreSQL, and writes ``tests/migrations/data/landed-NUMBER.sql.zst`` (the database as SQL statements) with
``landed-NUMBER.files.zip`` (its file store) and ``landed-NUMBER.json`` (what the facade of that version said about it). The
packages are those of today's environment.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import zstandard
from sqlalchemy.engine import make_url

from engine.store.embedded import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "migrations" / "data"
SCENE = Path(__file__).parent / "scene.py"
QUICK = {"fsync": "off", "synchronous_commit": "off"}
META = b"\\"  # a line that psql reads itself


def make(commit: str, number: str) -> Path:
    with _checked_out(commit) as checkout, _database() as (server, url):
        DATA.mkdir(exist_ok=True)
        facts = _run_scene(checkout, url, DATA / f"landed-{number}.files.zip")
        dumped = _dump(server, url)
    file = DATA / f"landed-{number}.sql.zst"
    file.write_bytes(zstandard.ZstdCompressor(level=19).compress(dumped))
    told = {"commit": commit, **facts}
    (DATA / f"landed-{number}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def _run_scene(checkout: Path, url: str, stored: Path) -> dict[str, object]:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "DATABASE_URL": url}
    command = [sys.executable, str(SCENE), str(checkout), str(stored)]
    done = subprocess.run(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _dump(server: EmbeddedPostgres, url: str) -> bytes:
    """As INSERT statements, so that any connection can restore them, without PostgreSQL's own tools."""
    parts = make_url(url)
    command = [str(server._binaries() / "pg_dump"), "--inserts", "--rows-per-insert=200", "--no-owner", "--no-privileges"]
    where = ["-h", str(parts.query["host"]), "-U", str(parts.username), str(parts.database)]
    environment = {**os.environ, "PGPASSWORD": str(parts.password)}
    done = subprocess.run([*command, *where], env=environment, stdout=subprocess.PIPE, check=True)
    return b"\n".join(line for line in done.stdout.split(b"\n") if not line.startswith(META))


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    folder = Path(mkdtemp(prefix="bixuan-golden-"))
    try:
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
        yield folder
    finally:
        rmtree(folder)


@contextmanager
def _database() -> Iterator[tuple[EmbeddedPostgres, str]]:
    home = Path(mkdtemp(prefix="bixuan-golden-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home / "pg", settings=QUICK)
    try:
        yield server, server.start()
    finally:
        server.stop()
        rmtree(home)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("commit", help="what git calls the version")
    parser.add_argument("number", help="of the golden file, for example 0001")
    given = parser.parse_args()
    made = make(given.commit, given.number)
    print(f"{made.relative_to(ROOT)}: {made.stat().st_size} bytes")
