"""A base backup and the archived log brought to life in an empty folder, up to the last commit or to a moment."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import psycopg
import zstandard

from engine.errors import EngineError
from engine.store.embedded import DatabaseUnavailable, EmbeddedPostgres

REPLAY_S = 3600


class RestoreFailed(EngineError):
    """The backup was not restored: {cause}."""


def restore(server: EmbeddedPostgres, base: Path, sha256: str, wal: Path | None, until: dt.datetime | None) -> None:
    """Fill the data directory of ``server``, which must not exist, and start it; it has replayed the log when this returns.

    Raises RestoreFailed when the file is damaged, or the log does not reach ``until``.
    """
    if server.data.exists():
        raise RestoreFailed("The backup was not restored: {folder} is not empty.", folder=server.data)
    server.home.mkdir(parents=True, exist_ok=True)
    _unpack(base, sha256, server.data)
    _verify(server)
    _forget_the_archive(server.data)
    log = server.home / "archived-log"
    if wal is not None:
        _copy_log(wal, log)
        server.make_private(log)
    (server.data / "recovery.signal").touch()
    server.make_private(server.data)
    _replay(server, log, until)
    shutil.rmtree(log, ignore_errors=True)


def _unpack(base: Path, sha256: str, data: Path) -> None:
    if _digest(base) != sha256:
        raise RestoreFailed(
            "The backup was not restored: {file} is not the file the manifest describes, its SHA-256 differs. Take another backup.",
            file=base,
        )
    unpacking = zstandard.ZstdDecompressor()
    with base.open("rb") as file, unpacking.stream_reader(file) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        tar.extractall(data, filter="data")
    data.chmod(0o700)


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _verify(server: EmbeddedPostgres) -> None:
    """Every file against the checksums taken with the backup."""
    command, environment = server.tool("pg_verifybackup", "--no-parse-wal", "--quiet", str(server.data))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own binary
    if done.returncode != 0:
        raise RestoreFailed(cause=(done.stderr or done.stdout).strip())


def _forget_the_archive(data: Path) -> None:
    """The restored server must not wait for an archive of the one that was lost."""
    settings = data / "postgresql.auto.conf"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith("synchronous_standby_names")]
    settings.write_text("\n".join(kept) + "\n")


def _copy_log(wal: Path, log: Path) -> None:
    """The last piece of a stream that was cut off keeps ``.partial`` in its name; what arrived of it counts."""
    log.mkdir()
    for file in sorted(wal.iterdir()):
        if re.fullmatch(r"[0-9A-F]{24}(\.partial)?|[0-9A-F]{8}\.history", file.name):
            target = log / file.name.removesuffix(".partial")
            if not target.exists():
                shutil.copyfile(file, target)


def _replay(server: EmbeddedPostgres, log: Path, until: dt.datetime | None) -> None:
    settings = {"restore_command": f'\'cp "{log}/%f" "%p"\'', "recovery_target_timeline": "latest"}
    if until is not None:
        settings |= {
            "recovery_target_time": f"'{until.astimezone(dt.UTC).isoformat(sep=' ')}'",
            "recovery_target_action": "promote",
        }
    replaying = EmbeddedPostgres(server.home, settings=settings)
    try:
        url = replaying.start()
        _wait_until_replayed(url)
    except (DatabaseUnavailable, psycopg.Error) as error:
        raise RestoreFailed(cause=_cause(server, error)) from error
    finally:
        replaying.stop()


def _wait_until_replayed(url: str) -> None:
    end = time.monotonic() + REPLAY_S
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute("select pg_is_in_recovery()").fetchone()
            if row == (False,):
                return
            time.sleep(0.1)
    raise RestoreFailed("The backup was not restored: the log was not replayed within {seconds} seconds.", seconds=REPLAY_S)


def _cause(server: EmbeddedPostgres, error: Exception) -> str:
    said = server.log.read_text(errors="replace") if server.log.exists() else ""
    if "recovery ended before configured recovery target was reached" in said:
        return "the archived log ends before the moment asked for; restore without --until for everything there is"
    return str(error)
