"""Every change, as it is committed, written a second time into a folder on another disk.

PostgreSQL's own ``pg_receivewal`` streams the write-ahead log there, through a replication slot, so that nothing is thrown
away before it has arrived. Synchronously, a commit is acknowledged only once it lies in both places: then the loss of the
whole data directory loses no acknowledged commit, and while nobody archives, nothing can be committed.
"""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import psycopg
import structlog

from engine.store.embedded import EmbeddedPostgres

log = structlog.get_logger(__name__)

NAME = "bixuan_archive"
STATUS_EVERY_S = 1
AGAIN_AFTER_S = 2.0
# a slot nobody reads keeps the log for ever and would fill the disk
KEPT_FOR_THE_SLOT = "8GB"


class WalArchive:
    """Streams the log of ``server`` into ``folder`` until it is stopped; begins again after whatever ends it."""

    def __init__(self, server: EmbeddedPostgres, folder: Path, *, synchronous: bool) -> None:
        self._server = server
        self._folder = folder
        self._synchronous = synchronous

    def run(self, stop: threading.Event) -> None:
        """Returns when ``stop`` is set. Stopped in order, commits no longer wait for the archive."""
        self._folder.mkdir(parents=True, exist_ok=True)
        while not stop.is_set():
            try:
                self._prepare()
                self._stream(stop)
            except (psycopg.Error, OSError) as error:
                log.warning("wal_archive_waits", cause=str(error))
            stop.wait(AGAIN_AFTER_S)
        if self._synchronous:
            self._wait_for_archive(wait=False)

    def _prepare(self) -> None:
        with psycopg.connect(self._conninfo(), autocommit=True) as connection:
            found = connection.execute("select 1 from pg_replication_slots where slot_name = %s", (NAME,)).fetchone()
            if not found:
                connection.execute("select pg_create_physical_replication_slot(%s, true)", (NAME,))
            connection.execute(f"alter system set max_slot_wal_keep_size = '{KEPT_FOR_THE_SLOT}'")
            connection.execute("select pg_reload_conf()")

    def _stream(self, stop: threading.Event) -> None:
        """One life of pg_receivewal; it connects again by itself when the server starts anew."""
        arguments = ["-D", str(self._folder), "--slot", NAME, "--status-interval", str(STATUS_EVERY_S)]
        arguments += ["-d", f"dbname=replication application_name={NAME}"]
        command, environment = self._server.tool("pg_receivewal", *arguments, *(["--synchronous"] if self._synchronous else []))
        process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        try:
            told = False
            while process.poll() is None and not stop.wait(0.2):
                if self._synchronous and not told and self._arrives():
                    self._wait_for_archive(wait=True)
                    told = True
        finally:
            process.terminate()
            _, said = process.communicate(timeout=30)
        if not stop.is_set():
            log.warning("wal_archive_ended", cause=said.strip())

    def _arrives(self) -> bool:
        """Whether the log is being streamed now: only then may commits be made to wait for it."""
        try:
            with psycopg.connect(self._conninfo(), autocommit=True) as connection:
                asked = "select 1 from pg_stat_replication where application_name = %s and state = 'streaming'"
                return connection.execute(asked, (NAME,)).fetchone() is not None
        except psycopg.Error:
            return False

    def _wait_for_archive(self, *, wait: bool) -> None:
        try:
            with psycopg.connect(self._conninfo(), autocommit=True) as connection:
                connection.execute(f"alter system set synchronous_standby_names = '{NAME if wait else ''}'")
                connection.execute("select pg_reload_conf()")
        except psycopg.Error as error:
            log.warning("wal_archive_setting_failed", wait=wait, cause=str(error))

    def _conninfo(self) -> str:
        return self._server.url().replace("+psycopg", "")
