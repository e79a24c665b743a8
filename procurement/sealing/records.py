"""A bid's record: what was bid, in one fixed form, whose SHA-256 is on the receipt.

The record is a text file of canonical JSON (keys sorted, no blanks, UTF-8); the hash of the receipt is the SHA-256 of exactly these
bytes, so any tool that hashes a file checks a receipt. Its salt keeps a price from being found by trying all prices.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "bixuan-bid-1"
SALT_BYTES = 32
MOST_TEXT = 200_000  # of a record that is read again, characters


class NotARecord(ValueError):
    """The text is no bid record."""


@dataclass(frozen=True)
class BidFile:
    """One file of a bid. ``size`` in bytes, ``sha256`` of the plaintext; ``findings``: codes of ``inspection``, if quarantined."""

    name: str
    size: int
    sha256: str
    media_type: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class BidRecord:
    """``price`` in yuan. ``salt``: 64 hexadecimal digits."""

    purchase_id: str
    organisation_id: str
    price: Decimal
    note: str
    files: tuple[BidFile, ...]
    salt: str

    def text(self) -> str:
        """The canonical JSON."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "purchase": self.purchase_id,
            "organisation": self.organisation_id,
            "price": format(self.price, ".2f"),
            "note": self.note,
            "files": [
                {
                    "name": file.name,
                    "size": file.size,
                    "sha256": file.sha256,
                    "media_type": file.media_type,
                    "findings": list(file.findings),
                }
                for file in self.files
            ],
            "salt": self.salt,
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def sha256(self) -> str:
        return record_sha256(self.text())


def record_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_record(text: str) -> BidRecord:
    """Raises NotARecord."""
    if len(text) > MOST_TEXT:
        raise NotARecord("too long")
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise NotARecord(str(content["format"])[:40])
        files = [
            BidFile(str(f["name"]), int(f["size"]), str(f["sha256"]), str(f["media_type"]), tuple(f["findings"]))
            for f in content["files"]
        ]
        return BidRecord(
            content["purchase"],
            content["organisation"],
            Decimal(content["price"]),
            content["note"],
            tuple(files),
            content["salt"],
        )
    except (ValueError, TypeError, KeyError, ArithmeticError) as cause:
        raise NotARecord(NotARecord.__doc__) from cause


def salt_of(command: str, purchase_id: str, organisation_id: str) -> str:
    """The salt that belongs to one sent form: sending the same form twice gives the same record, and one bid."""
    info = json.dumps(["bixuan bid salt", purchase_id, organisation_id]).encode()
    return HKDF(SHA256(), SALT_BYTES, salt=None, info=info).derive(command.encode()).hex()


def context_of(purchase_id: str, organisation_id: str, number: int) -> bytes:
    """What a sealed piece of a bid is bound to; ``number`` 0 is the record, 1 … its files."""
    return json.dumps(["bixuan bid", purchase_id, organisation_id, number], ensure_ascii=False).encode()


def share_context(purchase_id: str, login: str, number: int) -> bytes:
    """What a wrapped share is bound to."""
    return json.dumps(["bixuan share", purchase_id, login, number], ensure_ascii=False).encode()


def file_variables(files: Sequence[BidFile]) -> list[dict[str, Any]]:
    """As file references of a process variable; quarantined ones name their findings."""
    return [
        {"name": f.name, "size": f.size, "sha256": f.sha256, "media_type": f.media_type, "findings": list(f.findings)}
        for f in files
    ]
