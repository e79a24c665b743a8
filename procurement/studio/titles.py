"""What a file is called by people: the name its author wrote into it."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from procurement.studio import layout

_NAME = rb"""\sname=(?:"([^"]*)"|'([^']*)')"""
_NAMES = {
    "diagram": (rb"<(?:\w+:)?process\b[^>]*?" + _NAME,),
    "tables": (rb"<(?:\w+:)?decision\b[^>]*?" + _NAME, rb"<(?:\w+:)?definitions\b[^>]*?" + _NAME),
    "form": (rb'^  "title":\s*"((?:[^"\\]|\\.)*)"', rb'"title":\s*"((?:[^"\\]|\\.)*)"'),
    "case": (rb"^name:[ \t]*(.+)$",),
    "ledger": (rb"^title:[ \t]*(.+)$",),
    "readme": (rb"^#[ \t]+(.+)$",),
}
_PATTERNS = {kind: [re.compile(pattern, re.MULTILINE) for pattern in patterns] for kind, patterns in _NAMES.items()}


@lru_cache(maxsize=4096)
def title_of(path: str, content: bytes) -> str:
    """The name in the file, "" when it has none; never longer than a line of a list."""
    kind = layout.kind_of(path)
    found = next(filter(None, (pattern.search(content) for pattern in _PATTERNS.get(kind, ()))), None)
    if found is None:
        return ""
    text = next(group for group in found.groups() if group is not None).decode("utf-8", "replace").strip().strip("\"'")
    return (html.unescape(text) if kind in {"diagram", "tables"} else text)[:120]
