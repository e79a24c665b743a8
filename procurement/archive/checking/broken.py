"""A place where a history is not what was written, in Chinese: for the command line and the report on a case file."""

from __future__ import annotations

from engine.model import BrokenRecord

_WHY = {
    "hash": "内容被改动过",
    "words": "按内容查找用的词被改动过",
    "link": "接不上前面一条",
    "missing": "这里缺了一条",
    "tail": "末尾缺了或者多了几条",
    "anchor": "和外面留存的末端不同",
    "file": "整个文件被改动过",
}


def told(broken: BrokenRecord) -> str:
    return f"案件 {broken.root_key} 第 {broken.seq} 条：{why(broken)}"


def why(broken: BrokenRecord) -> str:
    return _WHY[broken.reason]
