"""A base backup of the embedded server: its whole data directory as of one moment, in one file.

Taken while the server works, by PostgreSQL's own ``pg_basebackup``; the file is a zstd-compressed tar that also holds the
log needed to make it whole and the checksums ``pg_verifybackup`` checks it with.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

import zstandard

from engine.errors import EngineError
from engine.store.embedded import EmbeddedPostgres

CHUNK = 1024 * 1024


class BackupFailed(EngineError):
    """The backup was not made: {cause}. Nothing of it was kept."""


def base_backup(server: EmbeddedPostgres, file: Path) -> str:
    """Write the data directory into ``file``, durably and whole or not at all; returns its SHA-256. Raises BackupFailed."""
    command, environment = server.tool("pg_basebackup", "-D", "-", "-F", "tar", "-X", "fetch", "-c", "fast", "--no-password")
    unfinished = file.with_name(file.name + ".unfinished")
    digest = hashlib.sha256()
    with tempfile.TemporaryFile("w+") as said, unfinished.open("wb") as target:
        process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        output = process.stdout
        assert output is not None
        compressor = zstandard.ZstdCompressor(level=3).compressobj()
        for chunk in iter(lambda: output.read(CHUNK), b""):
            target.write(packed := compressor.compress(chunk))
            digest.update(packed)
        target.write(packed := compressor.flush())
        digest.update(packed)
        if process.wait() != 0:
            said.seek(0)
            unfinished.unlink()
            raise BackupFailed(cause=said.read().strip())
    durable(unfinished)
    unfinished.rename(file)
    durable(file.parent)
    return digest.hexdigest()


def durable(path: Path) -> None:
    """Through a loss of power too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
