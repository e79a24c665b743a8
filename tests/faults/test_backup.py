"""The whole data directory is lost; the backup and the archived log bring back every acknowledged commit, on another machine."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from engine.errors import Unavailable
from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Resource
from engine.store.away import DATABASE_ERRORS
from engine.store.embedded import EmbeddedPostgres
from engine.store.unit_of_work import OutcomeUnknown
from tests.integration.engine.office import CLERK
from tests.support.serving import until
from tests.unit.spiff.diagrams import diagram
from web.composition import compose
from web.installation import OFFICE, installation

DIAGRAM = Resource("kept.bpmn", diagram("s -> u1 -> e", process_id="kept").replace(b'<zeebe:formDefinition formId="u1"/>', b""))


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="bixuan-backup-"))
    folder.chmod(0o755)  # root's server runs as an unprivileged user, who must reach its own folder
    yield folder
    for home in ("lost", "new", "earlier"):
        if (folder / home / "office/database/password").exists():
            server = EmbeddedPostgres(folder / home / "office/database")
            if server.data.exists() and server._runs():
                server._pg_ctl("stop", "-m", "immediate")
    shutil.rmtree(folder, ignore_errors=True)


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIXUAN_", "DATABASE_"))}
    return {**kept, "BIXUAN_HOME": str(home)}


def bixuan(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web.cli", *arguments]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False, timeout=120)


class Archiving:
    """``bixuan archive`` in a process of its own."""

    def __init__(self, home: Path, to: Path) -> None:
        command = [sys.executable, "-m", "web.cli", "archive", "--to", str(to), "--synchronous"]
        self.process = subprocess.Popen(command, env=environment(home), stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        subprocess.run(["pkill", "-9", "-P", str(self.process.pid)], check=False)


def started(engine: ProcessEngine, name: str) -> None:
    engine.start_process("kept", {}, actor=CLERK, business_key=name)


def names(url: str) -> set[str]:
    database = Database(url)
    try:
        engine = ProcessEngine(database)
        assert engine.verify().sound
        return {case.business_key for case in engine.instances(limit=None).items}
    finally:
        database.dispose()


def test_no_acknowledged_commit_is_lost_with_the_data_directory(place: Path) -> None:
    lost, backup = place / "lost", place / "backup"
    acknowledged: list[str] = []
    with installation(OFFICE, environment(lost)) as settings:
        services = compose(settings)
        services.migrate()
        services.engine.deploy([DIAGRAM], actor=SYSTEM)
        started(services.engine, "before the backup")
        services.office.files.upload([b"%PDF-1.7\nkept"], "a.pdf", actor=SYSTEM)
        made = bixuan(lost, "backup", "--to", str(backup))
        assert made.returncode == 0, made.stderr
        archiving = Archiving(lost, backup)
        try:
            waits = "select 1 from pg_stat_replication where sync_state = 'sync'"
            until(lambda: asked(services.database, waits), "commits to wait for the archive")
            started(services.engine, "after the backup")
            added = services.office.files.upload([b"%PDF-1.7\nnew"], "b.pdf", actor=SYSTEM)
            time.sleep(1.1)
            between = dt.datetime.now(dt.UTC)
            time.sleep(0.1)
            stop = threading.Event()
            writer = threading.Thread(target=write, args=(services.engine, acknowledged, stop))
            writer.start()
            copy = backup / "files" / added.sha256[:2] / added.sha256
            until(copy.exists, "the new file's copy")
            until(lambda: len(acknowledged) > 20, "twenty cases to be begun")
            server = EmbeddedPostgres(lost / "office/database")
            os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            shutil.rmtree(server.data)
            stop.set()
            writer.join()
        finally:
            archiving.process.terminate()
            archiving.process.wait(timeout=60)
        services.close()
    shutil.rmtree(lost)

    new = place / "new"
    restored = bixuan(new, "restore", "--from", str(backup), "--to", str(new))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "0 处对不上；缺 0 个附件" in restored.stdout
    with installation(OFFICE, environment(new)) as settings:
        found = names(settings.database_url)
        assert found >= {"before the backup", "after the backup", *acknowledged}
        again = compose(settings)  # it is a whole office: the next case can begin
        started(again.engine, "after the restore")
        again.close()

    earlier = place / "earlier"
    moment = between.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%Y-%m-%dT%H:%M:%S")
    restored = bixuan(earlier, "restore", "--from", str(backup), "--to", str(earlier), "--until", moment)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    with installation(OFFICE, environment(earlier)) as settings:
        assert names(settings.database_url) == {"before the backup", "after the backup"}


def asked(database: Database, question: str) -> object:
    from sqlalchemy import text

    with database.engine.connect() as connection:
        return connection.execute(text(question)).scalar()


def write(engine: ProcessEngine, acknowledged: list[str], stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        try:
            started(engine, f"case {number}")
        except (*DATABASE_ERRORS, Unavailable, OutcomeUnknown):
            return
        acknowledged.append(f"case {number}")


def test_what_cannot_be_restored_is_refused_in_a_sentence(place: Path) -> None:
    backup, new = place / "backup", place / "new"
    backup.mkdir()
    nothing = bixuan(new, "restore", "--from", str(backup), "--to", str(new))
    assert (nothing.returncode, f"{backup} 里没有" in nothing.stderr) == (1, True)
    new.mkdir()
    (new / "something").touch()
    full = bixuan(new, "restore", "--from", str(backup), "--to", str(new))
    assert (full.returncode, "不是空的" in full.stderr) == (1, True)


def test_a_damaged_backup_is_refused(place: Path) -> None:
    lost, backup, new = place / "lost", place / "backup", place / "new"
    made = bixuan(lost, "migrate")
    assert made.returncode == 0, made.stderr
    assert bixuan(lost, "backup", "--to", str(backup)).returncode == 0
    base = next(backup.glob("base-*"))
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    refused = bixuan(new, "restore", "--from", str(backup), "--to", str(new))
    assert (refused.returncode, "SHA-256 不同" in refused.stderr) == (1, True)


def test_a_server_of_ones_own_is_left_to_its_own_tools(place: Path) -> None:
    own = {**environment(place), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "web.cli", "backup", "--to", str(place / "backup")]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "用它自己的工具备份" in done.stderr) == (1, True)
