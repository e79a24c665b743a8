"""How an archive is laid out: format ``bixuan-case-file/1``, described in docs/reference/case-file.md.

A zip with one folder named by the file's number. ``manifest.json`` lists every document of the tree; the leaf of a document
is the canonical JSON of its line, which holds the SHA-256 of its content. Beside the tree lie the manifest itself, the
printed contents list, the sums for ``sha256sum -c``, and a program that checks it all with nothing but Python.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any

from engine import json_codec
from procurement.archive import merkle

FORMAT = "bixuan-case-file/1"
HEAD = "head.json"  # the first document: what file this is, and where each history ends
MANIFEST = "manifest.json"
CONTENTS = "contents.html"
PRINTED = "contents.pdf"  # left out where nothing can be printed: the demo without Pango
SUMS = "SHA256SUMS"
README = "README.txt"
PROGRAM = "verify.py"
BESIDE = (CONTENTS, MANIFEST, README, PROGRAM)  # covered by SHA256SUMS, not by the tree
FIELDS = ("n", "path", "kind", "title", "at", "size", "sha256")
PATH = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[A-Za-z0-9_.@+-]+(?:/[A-Za-z0-9_.@+-]+)*")
UNSAFE = re.compile(r"[^A-Za-z0-9_.@+-]+")


def safe(name: str) -> str:
    """One part of a path, made of any name."""
    return UNSAFE.sub("_", name).strip(".") or "_"


@dataclass(frozen=True)
class Entry:
    """One document of the tree. ``n`` from 1; ``at`` ISO 8601; ``size`` in bytes."""

    n: int
    path: str
    kind: str
    title: str
    at: str
    size: int
    sha256: str

    @property
    def leaf(self) -> bytes:
        return merkle.leaf_hash(json_codec.canonical(asdict(self)))

    def as_line(self) -> dict[str, Any]:
        return asdict(self)


def root_of(entries: list[Entry]) -> str:
    """The Merkle root as 64 hexadecimal digits."""
    return merkle.root([entry.leaf for entry in entries]).hex()


def manifest(number: str, entries: list[Entry]) -> bytes:
    """The canonical JSON of the list and its root."""
    lines = [entry.as_line() for entry in entries]
    return json_codec.canonical({"format": FORMAT, "number": number, "entries": lines, "root": root_of(entries)})


def proof(entries: list[Entry], n: int) -> dict[str, Any]:
    """What proves that document ``n`` belongs to the root, without the other documents. Raises IndexError."""
    leaves = [entry.leaf for entry in entries]
    path = merkle.audit_path(leaves, n - 1)
    return {
        "format": "bixuan-proof/1",
        "document": entries[n - 1].as_line(),
        "leaves": len(entries),
        "path": [one.hex() for one in path],
        "root": merkle.root(leaves).hex(),
    }


def proves(found: dict[str, Any]) -> bool:
    """Whether a proof's path leads from its document to its root."""
    entry = Entry(**found["document"])
    path = [bytes.fromhex(one) for one in found["path"]]
    root = merkle.root_from(entry.leaf, entry.n - 1, found["leaves"], path)
    return root is not None and root.hex() == found["root"]


def sums(digests: dict[str, str]) -> bytes:
    """What ``sha256sum -c`` reads."""
    return "".join(f"{digest}  {path}\n" for path, digest in digests.items()).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
