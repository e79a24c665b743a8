"""Register rows in an archive: each is what its edit history led to, and a contract is the text that was signed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine import json_codec
from procurement.archive.checking.opened import Opened
from procurement.archive.checking.reading import Said, of_kind, rows, same
from procurement.archive.layout import Entry, safe

EDITS = "registers/edits.jsonl"
HIDDEN = "•••"


def edited(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Every column an edit named says what the last edit said. Archives of earlier versions do not name their tables."""
    if EDITS not in archive.names:
        return
    led_to: dict[tuple[str, str], dict[str, Any]] = {}
    for line in archive.read(EDITS).splitlines():
        edit = json_codec.loads(line)
        place = edit["register"], edit["row_key"]
        led_to[place] = {} if edit["after"] is None else {**led_to.get(place, {}), **edit["after"]}
    by_table: dict[str, dict[str, dict[str, Any]]] = {}
    for (table, key), values in led_to.items():
        by_table.setdefault(table, {})[safe(key)] = values
    for kind, table in head.get("registers", {}).items():
        for entry in of_kind(entries, kind):
            known = by_table.get(table, {}).get(entry.path.rpartition("/")[2].removesuffix(".json"))
            if known is not None:
                yield 1
                yield from _row(entry, archive.json(entry.path), known)


def _row(entry: Entry, row: dict[str, Any], values: dict[str, Any]) -> Said:
    wrong = [name for name, value in values.items() if name in row and value != HIDDEN and not _agrees(row[name], value)]
    if wrong:
        yield f"{entry.path}：“{entry.title}”的 {'、'.join(sorted(wrong))} 与修改记录不同"


def _agrees(stated: Any, edit: Any) -> bool:
    if same(stated, edit):
        return True
    if not (isinstance(stated, str) and isinstance(edit, str)):
        return False
    try:  # the same moment may be written with another zone
        return dt.datetime.fromisoformat(stated) == dt.datetime.fromisoformat(edit)
    except (ValueError, TypeError):
        return False


def signatures(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """The text of each contract is in the file, and that text was signed."""
    held = {entry.sha256 for entry in entries if entry.kind == "file"} | set((head.get("previous") or {}).get("files", ()))
    texts: dict[str, set[str]] = {}
    for entry, row in rows(archive, entries, "contract"):
        papers = [paper["sha256"] for paper in row.get("papers") or ()]
        texts[row["id"]] = set(papers or [row["sha256"]])
        yield 1
        yield from (f"{entry.path}：合同文本 {one[:12]}… 不在卷内" for one in papers if one not in held)
    for entry, row in rows(archive, entries, "contract_signature"):
        yield 1
        if row["sha256"] not in texts.get(row["contract_id"], set()):
            yield f"{entry.path}：{row['name']}签的不是合同 {row['contract_id']} 的文本"
