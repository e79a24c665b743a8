"""``bixuan verify draw FILE``: a draw of experts checked on any machine, with nothing but the published file."""

from __future__ import annotations

import json
from pathlib import Path

from procurement.draw import checks
from procurement.draw.verifying import FORMAT
from web.draw_words import lines
from web.terminal import say

LARGEST = 50_000_000  # bytes; a draw with a thousand candidates has a few hundred thousand


def is_draw(place: str) -> bool:
    """Whether an argument of ``verify`` names a draw file and not a case or an archive."""
    path = Path(place)
    if path.suffix.lower() != ".json" or not path.is_file() or path.stat().st_size > LARGEST:
        return False
    content = _read(path)
    return isinstance(content, dict) and content.get("format") == FORMAT


def report(place: Path) -> bool:
    """Say each check with ✓ or ✗ and the result; whether all is well."""
    found = checks(_read(place))
    for line in lines(found):
        say(line)
    sound = all(check.ok for check in found)
    say("全部相符：结果由公布的内容决定，谁也没有另外挑选。" if sound else "有一处以上不符，见上面的 ✗。")
    return sound


def _read(place: Path) -> object:
    try:
        content: object = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content
