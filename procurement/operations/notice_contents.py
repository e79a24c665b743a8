"""What a notice must say, by kind: the decision ``notice_contents`` lists it with the article that names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, ExecutionFailed
from engine.ports import OperationCall


class NoticeLacks(ExecutionFailed):
    """This notice must not be published: it lacks {lacking}. Add it to the content and retry."""


class ContentsUnknown(ExecutionFailed):
    """The decision {decision} that says what a notice contains is not deployed. Deploy it, then retry."""


def refuse_lacking(call: OperationCall, decision: str, kind: str, content: Mapping[str, Any]) -> None:
    """Raises NoticeLacks naming each missing item with its article. An empty text, list or null is missing; 0 and false are not."""
    if call.decide is None:
        raise ContentsUnknown(decision=decision)
    try:
        rows = call.decide(decision, {"kind": kind})
    except EngineError as cause:
        raise ContentsUnknown(decision=decision) from cause
    lacking = [
        f"{row['label']}（{row['document']} {row['article']}）"
        for row in rows or ()
        if content.get(row["item"]) in (None, "", [], {})
    ]
    if lacking:
        raise NoticeLacks(lacking="、".join(lacking))
