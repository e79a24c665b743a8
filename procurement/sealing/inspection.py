"""What may be inside a file of a bid: looked at on arrival, before it is sealed and nobody can look any more.

Two answers to what is suspicious. **Refused** is what no honest bid contains, and what cannot be looked into: the bidder is told at
once and can send a mended file before the deadline. **Quarantined** is what honest files contain too, such as a macro in a price
table: the file is accepted and sealed, marked, and after the opening only handed out as a download with a warning.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import olefile

from engine.errors import InvalidInput
from procurement.files.types import OLE, ZIP, checked_name, media_type_of
from procurement.sealing.archives import Bomb, Member, members
from procurement.sealing.pdf import pdf_findings

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = 64
CHUNK = 256 * 1024
PROGRAMS = (
    ".exe",
    ".dll",
    ".scr",
    ".com",
    ".bat",
    ".cmd",
    ".ps1",
    ".vbs",
    ".vbe",
    ".js",
    ".jse",
    ".wsf",
    ".hta",
    ".msi",
    ".lnk",
    ".jar",
    ".pif",
    ".cpl",
    ".reg",
    ".sh",
    ".iso",
    ".img",
    ".vhd",
    ".vhdx",
    ".apk",
)
ELF, MACH_O = b"\x7fELF", (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
CLOSED = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"MSCF",
)  # packings nobody here unpacks
RELATIONS = re.compile(rb"<Relationship\b[^>]*>", re.DOTALL)
EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
HYPERLINK = re.compile(rb"relationships/hyperlink[\"']", re.IGNORECASE)
FIELDS = re.compile(rb"\bDDE(?:AUTO)?\b")
MACRO_TYPES = re.compile(rb"macroEnabled", re.IGNORECASE)
INSIDE = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/", ".ofd": "OFD.xml"}
TEXT_READ = 4 * 1024 * 1024  # of one XML part


class FileHarmful(InvalidInput):
    """{name} was not accepted: it carries the mark of a virus scanner's test file. Clean your computer, then send a sound file."""


class ArchiveTooLarge(InvalidInput):
    """{name} was not accepted: unpacked it would be far larger than it is ({cause}). Send the documents themselves."""


class ArchiveLocked(InvalidInput):
    """{name} was not accepted: it is protected by a password or damaged, so nobody could look into it. Save it without, then send it."""


class ProgramInside(InvalidInput):
    """{name} was not accepted: it contains the program {member}. Send documents only."""


class PackedOtherwise(InvalidInput):
    """{name} was not accepted: nobody could look into {member} inside. Pack documents as ZIP only, or send them one by one."""


class MacrosDisguised(InvalidInput):
    """{name} was not accepted: its ending says it has no macros, but it has. Save it without macros, or as PDF."""


class NotWhatItSays(InvalidInput):
    """{name} does not contain what its ending says. Save it again in that format, then send it."""


@dataclass(frozen=True)
class Inspected:
    """``findings``: macro, external_link, linked_field, embedded_object, pdf_script, pdf_launch, pdf_attachment; empty when clean."""

    name: str
    media_type: str
    findings: tuple[str, ...]


def inspect(name: str, content: BinaryIO) -> Inspected:
    """Look through a file from any place; it is left at its beginning. Raises one of the refusals above, or those of the file store."""
    name = checked_name(name)
    content.seek(0)
    beginning = content.read(SIGNATURE)
    media_type = media_type_of(name, beginning)
    _refuse_eicar(name, _chunks(content))
    findings: set[str] = set()
    if beginning.startswith(ZIP):
        findings |= _in_zip(name, content)
    elif beginning.startswith(OLE):
        findings |= _in_ole(name, content)
    elif media_type == "application/pdf":
        content.seek(0)
        findings |= pdf_findings(content)
    content.seek(0)
    return Inspected(name, media_type, tuple(sorted(findings)))


def _in_zip(name: str, content: BinaryIO) -> set[str]:
    findings: set[str] = set()
    names: set[str] = set()
    try:
        for member in members(content):
            names.add(member.name)
            findings |= _in_member(name, member)
    except Bomb as bomb:
        raise ArchiveTooLarge(name=name, cause=str(bomb)) from bomb
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as cause:
        raise ArchiveLocked(name=name) from cause  # RuntimeError: a password is needed; NotImplementedError: an unknown packing
    wanted = INSIDE.get(_ending(name))
    if wanted and not any(inside.startswith(wanted) for inside in names):
        raise NotWhatItSays(name=name)
    if "macro" in findings and wanted:
        raise MacrosDisguised(name=name)
    return findings


def _in_member(name: str, member: Member) -> set[str]:
    if member.name.lower().endswith(PROGRAMS) or _is_program(member.content):
        raise ProgramInside(name=name, member=member.name[-80:])
    if member.content.startswith(CLOSED):
        raise PackedOtherwise(name=name, member=member.name[-80:])
    if EICAR in member.content:
        raise FileHarmful(name=name)
    findings: set[str] = set()
    low = member.name.lower()
    if low.endswith("vbaproject.bin") or (low.endswith("[content_types].xml") and MACRO_TYPES.search(member.content)):
        findings.add("macro")
    if low.endswith(".rels") and _links_outside(member.content):
        findings.add("external_link")
    if "/embeddings/" in low:
        findings.add("embedded_object")
    if low.endswith("document.xml") and FIELDS.search(member.content[:TEXT_READ]):
        findings.add("linked_field")
    if member.content.startswith(OLE):
        findings |= _in_ole(name, io.BytesIO(member.content))
    elif member.content.startswith(b"%PDF-"):
        findings |= pdf_findings(io.BytesIO(member.content))
    return findings


def _is_program(content: bytes) -> bool:
    """By what it begins with, whatever its name says."""
    if content.startswith((ELF, *MACH_O)):
        return True
    header = int.from_bytes(content[60:64], "little")  # of a Windows program: where its second header stands
    return content.startswith(b"MZ") and content[header : header + 4] == b"PE\0\0"


def _links_outside(relations: bytes) -> bool:
    """A link somebody clicks is harmless; a picture, a template or an object that is fetched at opening is not."""
    return any(EXTERNAL.search(one) and not HYPERLINK.search(one) for one in RELATIONS.findall(relations[:TEXT_READ]))


def _in_ole(name: str, content: BinaryIO) -> set[str]:
    content.seek(0)
    ole_file: Any = olefile.OleFileIO  # carries no types
    try:
        with ole_file(content) as document:
            streams = ["/".join(entry).lower() for entry in document.listdir(streams=True, storages=True)]
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as cause:  # what olefile raises at damaged files
        raise ArchiveLocked(name=name) from cause
    findings: set[str] = set()
    if any("encryptedpackage" in stream for stream in streams):
        raise ArchiveLocked(name=name)
    if any("vba" in stream.split("/") or "_vba_project" in stream or stream.startswith("macros") for stream in streams):
        findings.add("macro")
    if any("objectpool" in stream or "\x01ole10native" in stream for stream in streams):
        findings.add("embedded_object")
    return findings


def _refuse_eicar(name: str, chunks: Iterator[bytes]) -> None:
    tail = b""
    for chunk in chunks:
        if EICAR in tail + chunk:
            raise FileHarmful(name=name)
        tail = chunk[-len(EICAR) :]


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(CHUNK):
        yield chunk


def _ending(name: str) -> str:
    return "." + name.lower().rpartition(".")[2]
