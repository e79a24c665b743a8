"""What a document says of its own making: author, who saved it last, with which program, when. Read after the opening only.

Anybody can write anything there; equal values in two bids are a reason to look, never proof.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import olefile
from lxml import etree

from procurement.files.types import OLE, ZIP
from procurement.sealing.archives import unpack

MOST_XML = 1024 * 1024
ENDS = 1024 * 1024  # of a PDF, from its beginning and its end
LONGEST = 200  # characters kept of one value
PDF_VALUE = rb"/%s\s*(\((?:\\.|[^\\)]){0,400}\)|<[0-9A-Fa-f\s]{0,1600}>)"
XMP_CREATOR = re.compile(rb"<dc:creator>.*?<rdf:li[^>]*>(.*?)</rdf:li>", re.DOTALL)
ESCAPES = re.compile(r"\\([nrtbf()\\]|[0-7]{1,3})")


@dataclass(frozen=True)
class Made:
    """Times as the file writes them; empty texts where it says nothing."""

    author: str = ""
    last_modified_by: str = ""
    company: str = ""
    tool: str = ""
    created: str = ""
    modified: str = ""


def made(content: BinaryIO) -> Made:
    """Never raises for a damaged file: then it says nothing."""
    content.seek(0)
    beginning = content.read(8)
    try:
        if beginning.startswith(ZIP):
            found = _open_xml(content)
        elif beginning.startswith(OLE):
            found = _ole(content)
        elif beginning.startswith(b"%PDF-"):
            found = _pdf(content)
        else:
            found = Made()
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError, ValueError, RuntimeError, IndexError, TypeError, AttributeError):
        found = Made()
    content.seek(0)
    return replace(found, **{name: _clean(value) for name, value in vars(found).items()})


def _open_xml(content: BinaryIO) -> Made:
    with zipfile.ZipFile(content) as archive:
        core, app = _part(archive, "docProps/core.xml"), _part(archive, "docProps/app.xml")
    tool = " ".join(part for part in (app.get("Application", ""), app.get("AppVersion", "")) if part)
    return Made(
        author=core.get("creator", ""),
        last_modified_by=core.get("lastModifiedBy", ""),
        company=app.get("Company", ""),
        tool=tool,
        created=core.get("created", ""),
        modified=core.get("modified", ""),
    )


def _part(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Element name without namespace → text, of a small XML part."""
    if name not in archive.namelist() or archive.getinfo(name).file_size > MOST_XML:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(unpack(archive, archive.getinfo(name)), parser)
    return {etree.QName(child).localname: child.text or "" for child in root if isinstance(child.tag, str)}


def _ole(content: BinaryIO) -> Made:
    content.seek(0)
    ole_file: Any = olefile.OleFileIO  # carries no types
    with ole_file(content) as document:
        said: Any = document.get_metadata()
    return Made(
        author=_text(said.author),
        last_modified_by=_text(said.last_saved_by),
        company=_text(said.company),
        tool=_text(said.creating_application),
        created=said.create_time.isoformat() if said.create_time else "",
        modified=said.last_saved_time.isoformat() if said.last_saved_time else "",
    )


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value or "")
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def _pdf(content: BinaryIO) -> Made:
    content.seek(0)
    head = content.read(ENDS)
    content.seek(max(len(head), content.seek(0, 2) - ENDS))
    both = head + content.read(ENDS)
    xmp = XMP_CREATOR.search(both)
    author = _pdf_value(both, b"Author") or (_text(xmp[1]) if xmp else "")
    tools = (_pdf_value(both, b"Creator"), _pdf_value(both, b"Producer"))
    return Made(
        author=author,
        tool=" / ".join(tool for tool in tools if tool),
        created=_pdf_value(both, b"CreationDate"),
        modified=_pdf_value(both, b"ModDate"),
    )


def _pdf_value(content: bytes, key: bytes) -> str:
    found = re.search(PDF_VALUE % key, content)
    if not found:
        return ""
    written = found[1]
    if written.startswith(b"<"):
        raw = bytes.fromhex(re.sub(rb"[^0-9A-Fa-f]", b"", written).decode().ljust(2, "0"))
    else:
        raw = ESCAPES.sub(_unescaped, written[1:-1].decode("latin-1")).encode("latin-1", "replace")
    return raw.decode("utf-16") if raw.startswith((b"\xfe\xff", b"\xff\xfe")) else _text(raw)


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    return {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}.get(sign) or (chr(int(sign, 8) & 255) if sign.isdigit() else sign)


def _clean(value: str) -> str:
    return "".join(sign for sign in value.strip() if sign.isprintable())[:LONGEST]
