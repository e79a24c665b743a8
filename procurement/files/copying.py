"""A second copy of a folder of files: contents never change under their name, so only new ones are copied."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")


def copy_new(source: Path, target: Path) -> tuple[int, int]:
    """Copy what ``target`` lacks, each file whole or not at all; returns how many there are now and how many were copied."""
    known = copied = 0
    for file in sorted(source.glob("??/*")):
        if not _PLACE.fullmatch(place := file.relative_to(source).as_posix()):
            continue
        known += 1
        copy = target / place
        if copy.exists() and copy.stat().st_size == file.stat().st_size:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        unfinished = copy.with_name(copy.name + ".unfinished")
        shutil.copyfile(file, unfinished)
        with unfinished.open("rb") as handle:
            os.fsync(handle.fileno())
        unfinished.rename(copy)
        copied += 1
    return known, copied
