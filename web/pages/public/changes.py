"""What a correction or an extension changes: the same fields before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.registers.comparison import Notice
from web.pages.notice_words import label

BASE = "comparison_notice"
CHANGING = ("correction", "extension")
# what differs from notice to notice without being a change of the comparison
OWN = frozenset({"corrects", "changes", "title", "reason", "text", "notice_text", "purchase_id", "question", "answer"})


@dataclass(frozen=True)
class Change:
    key: str
    label: str
    before: Any
    after: Any


def changes(notices: Iterable[Notice]) -> dict[str, Sequence[Change]]:
    """Notice → what it changes of the comparison notice in force then. ``notices`` in any order."""
    state: dict[str, Any] = {}
    found: dict[str, Sequence[Change]] = {}
    for notice in sorted(notices, key=lambda one: (one.published_at, one.id)):
        told = {key: value for key, value in notice.content.items() if key not in OWN}
        if notice.kind == BASE:
            state = dict(told)
        elif notice.kind in CHANGING:
            found[notice.id] = [
                *_written(notice),
                *(
                    Change(key, label(key), state[key], value)
                    for key, value in told.items()
                    if key in state and state[key] != value
                ),
            ]
            state |= told
    return found


def _written(notice: Notice) -> list[Change]:
    """What the notice itself lists as changed."""
    rows = notice.content.get("changes")
    return [
        Change(f"change-{number}", str(row.get("item") or ""), row.get("before"), row.get("after"))
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1)
        if isinstance(row, dict)
    ]
