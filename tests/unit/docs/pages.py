"""The Markdown pages of the project."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *(page for name in ("processes", "forms", "features", "bench") for page in (ROOT / name).rglob("*.md")),
    ]
)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The text people read: no code, no comments."""
    text = page.read_text(encoding="utf-8")
    for part in (_FENCE, _COMMENT, _CODE):
        text = part.sub("", text)
    return text
