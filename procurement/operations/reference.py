"""The table of operations in processes/OPERATIONS.md, from their descriptions: ``python -m procurement.operations.reference [processes]``.

It stands between two marks; the rest of the page is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from procurement.operations.described import DESCRIBED, Described, Field

BEGIN = "<!-- 以下由 python -m procurement.operations.reference 生成，不要手改 -->"
END = "<!-- 生成到此为止 -->"
TYPES = {
    "string": "文字",
    "number": "数",
    "boolean": "真假",
    "date": "日期",
    "date and time": "日期时间",
    "list": "列表",
    "context": "对象",
}
_CALLED = re.compile(r'<zeebe:taskDefinition\s[^>]*type="([a-z_]+\.[a-z_]+)"')


def table(used: dict[str, list[str]]) -> str:
    """One heading line per operation and one row per input, output and error. ``used``: operation → folders that call it."""
    lines = ["| 操作 | 作用 | 依据 | 用于 |", "|---|---|---|---|"]
    lines += [_summary(one, used.get(one.operation, [])) for one in DESCRIBED.values()]
    for one in DESCRIBED.values():
        lines += ["", f"### {one.operation} {one.label}", "", *_details(one)]
    return "\n".join(lines)


def rewritten(page: str, processes: Path) -> str:
    """``page`` with the part between the marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(callers(processes))}\n\n{END}{after}"


def callers(processes: Path) -> dict[str, list[str]]:
    """Operation → folders of processes/ whose diagrams call it, in alphabetical order."""
    found: dict[str, set[str]] = {}
    for diagram in sorted(processes.glob("*/*.bpmn")):
        for operation in _CALLED.findall(diagram.read_text(encoding="utf-8")):
            found.setdefault(operation, set()).add(diagram.parent.name)
    return {operation: sorted(folders) for operation, folders in found.items()}


def _summary(one: Described, folders: list[str]) -> str:
    note = one.text if one.changes else f"{one.text}只查不改。"
    return f"| {one.operation} | {one.label}。{note} | {one.article} | {', '.join(folders)} |"


def _details(one: Described) -> Iterator[str]:
    rows = [*_rows("输入", one.inputs), *_rows("输出", one.outputs)]
    rows += [f"| 业务错误 | `{failure.code}` | | {failure.text} |" for failure in one.failures]
    if not rows:
        yield "没有输入和输出。"
        return
    yield from ("| | 名称 | 类型 | 含义 |", "|---|---|---|---|", *rows)


def _rows(kind: str, fields: Iterable[Field], path: str = "") -> Iterator[str]:
    for field in fields:
        must = "（必写）" if field.required else ""
        allowed = f"：{', '.join(field.choices)}" if field.choices else ""
        yield f"| {kind} | `{path}{field.name}` | {TYPES[field.type]}{must} | {field.text}{allowed} |"
        inside = f"{path}{field.name}{'[]' if field.type == 'list' else ''}."
        yield from _rows(kind, field.fields, inside)


def main(processes: Path) -> None:
    page = processes / "OPERATIONS.md"
    page.write_text(rewritten(page.read_text(encoding="utf-8"), processes), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "processes"))
