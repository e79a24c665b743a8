"""Which files are accepted, told by their first bytes and not by their name alone."""

from __future__ import annotations

from pathlib import PurePath

from engine.errors import InvalidInput

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
TEXT = b""  # no signature: must read as text

# ending → (media type, what the file begins with)
ACCEPTED: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".ofd": ("application/ofd", ZIP),
    ".docx": (OPEN_XML + "wordprocessingml.document", ZIP),
    ".xlsx": (OPEN_XML + "spreadsheetml.sheet", ZIP),
    ".pptx": (OPEN_XML + "presentationml.presentation", ZIP),
    ".zip": ("application/zip", ZIP),
    ".doc": ("application/msword", OLE),
    ".wps": ("application/vnd.ms-works", OLE),
    ".xls": ("application/vnd.ms-excel", OLE),
    ".et": ("application/vnd.ms-excel", OLE),
    ".ppt": ("application/vnd.ms-powerpoint", OLE),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".txt": ("text/plain", TEXT),
    ".csv": ("text/csv", TEXT),
}


class FileTypeRefused(InvalidInput):
    """{name} was not accepted: use one of {accepted}."""


class FileDisguised(InvalidInput):
    """{name} does not contain what its ending says. Save it again in that format, then upload it."""


class FileNameRefused(InvalidInput):
    """A file needs a name of at most 200 characters without control characters or slashes."""


def checked_name(name: str) -> str:
    """The file's own name without folders. Raises FileNameRefused."""
    bare = name.replace("\\", "/").rpartition("/")[2].strip()
    if not bare or len(bare) > 200 or not bare.isprintable():
        raise FileNameRefused
    return bare


def media_type_of(name: str, beginning: bytes) -> str:
    """The media type by ending and first bytes. Raises FileTypeRefused or FileDisguised."""
    ending = PurePath(name).suffix.lower()
    if ending not in ACCEPTED:
        raise FileTypeRefused(name=name, accepted=", ".join(sorted(ACCEPTED)))
    media_type, signature = ACCEPTED[ending]
    if not beginning.startswith(signature) or (signature == TEXT and not _is_text(beginning)):
        raise FileDisguised(name=name)
    return media_type


def _is_text(beginning: bytes) -> bool:
    if b"\0" in beginning:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the first bytes may end inside a character
            try:
                beginning[: len(beginning) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
