"""Tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *(f"| {' | '.join(cell(text) for text in row)} |" for row in rows)])


def cell(text: str) -> str:
    """One line, with the sign that would end a cell escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def generated(by: str) -> str:
    return f"<!-- 由 python -m web.reference 从 {by} 生成，请勿手改；测试核对它是否最新。 -->\n"
