"""References to uploaded files inside a page: signed, so that nobody can name a file they never had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer


class FileTokens:
    """Signs for one person; a token copied from somebody else's page is not read."""

    def __init__(self, secret_key: str, login: str) -> None:
        self._signer = URLSafeSerializer(secret_key, salt=f"file:{login}")

    def write(self, reference: Mapping[str, Any]) -> str:
        return self._signer.dumps({**reference, "size": int(reference["size"])})

    def read_all(self, texts: Iterable[str]) -> list[dict[str, Any]]:
        """The references that are genuine; what a browser puts there for an untouched file input is skipped."""
        found = []
        for text in texts:
            try:
                found.append(self._signer.loads(text))
            except BadSignature:
                continue
        return found
