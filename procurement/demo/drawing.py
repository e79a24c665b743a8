"""How the demo's people take part in a draw: a contribution that follows from the draw and the contributor, so that it can be shown again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from procurement.draw import protocol


def contribution(draw_number: str, contributor: str) -> str:
    """64 hexadecimal digits. Nothing is secret in the demo; people at work let their browser throw the dice."""
    return hashlib.sha256(f"demo {draw_number} {contributor}".encode()).hexdigest()


def committed(context: Mapping[str, Any]) -> dict[str, Any]:
    number, contributor = context["draw_number"], context["side"]["contributor"]
    own = contribution(number, contributor)
    made = protocol.contribution_commitment(context["purchase_id"], int(context["draw_round"]), contributor, own)
    return {"commitment": made}


def revealed(context: Mapping[str, Any]) -> dict[str, Any]:
    return {"contribution": contribution(context["draw_number"], context["side"]["contributor"])}


# tasks whose answer no formula of answers.yaml can give
ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "commit_contribution": committed,
    "reveal_contribution": revealed,
}
SAME_DAY = ("commit_contribution", "reveal_contribution", "declare_recusal")  # in the order they open
