"""The folder layout of ``processes/`` and ``forms/`` going out and coming in, byte for byte: as a zip file or as a folder.

A zip made of the same files is the same zip: entries in the order of their names, one fixed date, stored permissions of a
plain file. What comes in is looked at before anything is unpacked: every name must be one of the layout's, nothing twice,
no links, and no more bytes than the sizes promise.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path

from engine.errors import InvalidInput
from procurement.studio import layout
from procurement.studio.model import Files

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can say
PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
UNIX = 3
FILES_LIMIT = 2_000
FILE_LIMIT = 2_000_000  # bytes, as in a draft
TOTAL_LIMIT = 60_000_000  # bytes unpacked
PACKED_LIMIT = 20_000_000  # bytes of the zip file
ROOTS = ("processes", "forms")
IGNORED = frozenset({"processes/OPERATIONS.md"})  # generated, not a designer's
SUFFIXES = (".bpmn", ".dmn", ".form", ".md", ".yaml")


class PackRefused(InvalidInput):
    """The files cannot be taken over. Nothing was changed."""


def pack(files: Files) -> bytes:
    """A zip file; the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path in sorted(files):
            entry = zipfile.ZipInfo(layout.checked(path), LONG_AGO)
            entry.external_attr, entry.create_system, entry.compress_type = PLAIN_FILE, UNIX, zipfile.ZIP_DEFLATED
            zipped.writestr(entry, files[path])
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of a zip file. One folder round everything, as tools add it, is taken off. Raises PackRefused."""
    if len(content) > PACKED_LIMIT:
        raise PackRefused("The zip file has {size} bytes; at most {limit} are taken.", size=len(content), limit=PACKED_LIMIT)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
            _check_entries(entries)
            names = _names(entries)
            return {name: _read(zipped, entry, name) for name, entry in names.items() if name not in IGNORED}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise PackRefused(
            "This is not a zip file that can be read: {fault}.", fault=str(error) or type(error).__name__
        ) from error


def read_folder(folder: Path) -> dict[str, bytes]:
    """``folder/processes`` and ``folder/forms``. Links are refused, whatever else lies there is left alone. Raises PackRefused."""
    found: dict[str, bytes] = {}
    total = 0
    for file in sorted(one for root in ROOTS for one in (folder / root).rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink():
            raise PackRefused("{path} is a link. Put the file itself there.", path=path)
        if file.is_dir() or path in IGNORED or file.suffix not in SUFFIXES:
            continue
        _check_name(path)
        total += _check_size(path, file.stat().st_size)
        if total > TOTAL_LIMIT:
            raise PackRefused("The files have more than {limit} bytes together.", limit=TOTAL_LIMIT)
        found[path] = file.read_bytes()
    if not found:
        raise PackRefused("There are neither processes nor forms in {folder}.", folder=folder.as_posix())
    return found


def write_folder(files: Files, folder: Path) -> list[str]:
    """Write every file and take away those of the layout that are no more; anything else in ``folder`` stays. Returns the paths
    that were written or taken away.
    """
    changed = []
    for path in sorted(files):
        target = folder / layout.checked(path)
        if target.is_symlink() or any(parent.is_symlink() for parent in _between(target, folder)):
            raise PackRefused("{path} is a link. Export into a folder without links.", path=path)
        if target.is_file() and target.read_bytes() == files[path]:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[path])
        changed.append(path)
    return sorted([*changed, *_swept(folder, files)])


def changes(files: Files, shelf: Files, *, folders: Collection[str] | None = None) -> dict[str, bytes | None]:
    """What ``files`` changes on the shelf. In the folders that come along (or ``folders``), a file that is missing is deleted."""
    concerned = set(folders) if folders is not None else {layout.folder_of(path) for path in files}
    found: dict[str, bytes | None] = {path: content for path, content in files.items() if shelf.get(path) != content}
    return found | {path: None for path in shelf if layout.folder_of(path) in concerned and path not in files}


def _swept(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    gone = []
    for root in ROOTS:
        for file in sorted((folder / root).rglob("*")):
            path = file.relative_to(folder).as_posix()
            if file.is_file() and not file.is_symlink() and layout.is_path(path) and path not in files:
                file.unlink()
                gone.append(path)
    return gone


def _between(target: Path, folder: Path) -> list[Path]:
    return [parent for parent in target.parents if folder in parent.parents]


def _check_entries(entries: Collection[zipfile.ZipInfo]) -> None:
    if not entries:
        raise PackRefused("There is no file in the zip file.")
    if len(entries) > FILES_LIMIT:
        raise PackRefused(
            "There are {count} files in the zip file; at most {limit} are taken.", count=len(entries), limit=FILES_LIMIT
        )
    if sum(entry.file_size for entry in entries) > TOTAL_LIMIT:
        raise PackRefused("Unpacked, the zip file has more than {limit} bytes.", limit=TOTAL_LIMIT)
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise PackRefused("{path} is a link or a device, not a file.", path=entry.filename)
        if entry.flag_bits & 0x1:
            raise PackRefused("{path} is encrypted. Pack the files without a password.", path=entry.filename)


def _names(entries: Collection[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Path in the layout → entry."""
    given = [entry for entry in entries if not _is_of_the_packer(entry.filename)]
    outer = _outer([entry.filename for entry in given])
    found: dict[str, zipfile.ZipInfo] = {}
    folded: dict[str, str] = {}
    for entry in given:
        path = entry.filename.removeprefix(outer)
        if path not in IGNORED:
            _check_name(path)
        other = folded.setdefault(path.casefold(), path)
        if path in found or other != path:
            raise PackRefused("{path} is there twice.", path=path)
        found[path] = entry
    return found


def _is_of_the_packer(name: str) -> bool:
    """What some systems put beside the files unasked."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in (".DS_Store", "Thumbs.db")


def _outer(names: Collection[str]) -> str:
    firsts = {name.split("/", 1)[0] for name in names}
    if len(firsts) == 1 and not firsts & set(ROOTS) and all("/" in name for name in names):
        return f"{firsts.pop()}/"
    return ""


def _check_name(path: str) -> None:
    if not layout.is_path(path):
        raise PackRefused(
            "{path} is not a name the project has: processes/<folder>/<name>.bpmn, .dmn, README.md, cases/<name>.yaml "
            "or forms/<folder>/<name>.form.",
            path=path[:200],
        )


def _check_size(path: str, size: int) -> int:
    if size > FILE_LIMIT:
        raise PackRefused("{path} has {size} bytes; a file may have at most {limit}.", path=path, size=size, limit=FILE_LIMIT)
    return size


def _read(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> bytes:
    """No more than the entry says it has: a bomb promises little and gives much."""
    _check_size(path, entry.file_size)
    with zipped.open(entry) as packed:
        content = packed.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise PackRefused("{path} unpacks to another size than the zip file says.", path=path)
    return content
