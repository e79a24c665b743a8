"""The contents list (卷内目录) as pages."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from procurement.archive import printing, words
from procurement.archive.layout import Entry

COLUMNS = "".join(
    f"<col style='width: {share}%'>" for share in (6, 12, 38, 12, 8, 24)
)  # fixed: measuring every cell takes minutes


def listed(head: dict[str, Any], entries: list[Entry], root: str) -> str:
    """HTML of the list: each document with its date, size and hash, and the root over all."""
    previous = head.get("previous")
    facts = {
        "卷宗号": head["number"],
        "采购项目": f"{head['purchase_id']} {head['title']}",
        "卷次": f"第 {head['volume']} 卷" + (f"，续 {previous['number']}（根 {previous['root']}）" if previous else ""),
        "归档时间": _moment(head["assembled_at"]),
        "保存至": head["keep_until"],
        "件数": str(len(entries)),
        "根（SHA-256，RFC 6962）": root,
    }
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    rows = "".join(
        f"<tr><td>{one.n}</td><td>{escape(words.kind(one.kind))}</td><td>{escape(one.title)}<br><code>{one.path}</code></td>"
        f"<td>{one.at[:10]}</td><td>{one.size}</td><td class=hash>{one.sha256}</td></tr>"
        for one in entries
    )
    table = (
        f"<table><colgroup>{COLUMNS}</colgroup><thead><tr><th>序号<th>种类<th>题名和位置<th>日期<th>字节<th>SHA-256</tr></thead><tbody>"
        + rows
        + "</tbody></table>"
    )
    told = "<p class=note>核对办法见卷内 README.txt；根以公示的为准。</p>"
    return printing.page(f"{head['number']} 卷内目录", f"<h1>卷内目录</h1><dl>{lines}</dl>{told}{table}")


def _moment(text: str) -> str:
    return f"{dt.datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S}"
