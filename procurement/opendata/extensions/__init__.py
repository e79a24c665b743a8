"""The definitions of our OCDS extensions, as they are served at /api/ocds/extensions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.errors import NotFound

FOLDER = Path(__file__).parent
MEDIA = {".json": "application/json", ".csv": "text/csv; charset=utf-8"}


@cache
def files() -> dict[str, Path]:
    """Every file by the path it is served under, such as ``panel/extension.json``."""
    return {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*")) if path.suffix in MEDIA}


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted({path.partition("/")[0] for path in files()}))


def read(path: str) -> tuple[bytes, str]:
    """A file's content and media type. Raises NotFound: nothing but the listed files can be asked for."""
    found = files().get(path)
    if found is None:
        raise NotFound(kind="Extension file", key=path)
    return found.read_bytes(), MEDIA[found.suffix]
