"""Draws in an archive: each is made again, from a recorded seed or from what its contributors showed, and compared with its file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from procurement.archive.checking.opened import Opened
from procurement.archive.checking.reading import Said, rows
from procurement.archive.layout import Entry
from procurement.draw import Stratum, TooFew, chosen, drawn, protocol
from procurement.draw.verifying import checks

BY_REVEAL = "CQ-"  # such draws stand in the register of draws; the short record of each names its number
FILED = {
    "readable": "读不懂",
    "format": "格式不对",
    "digest": "内容与它自己的校验值不符",
    "announcement": "公布的内容与它的校验值不符",
    "candidates": "候选人名单与它的校验值不符",
    "commitments": "承诺不在规定的时间或不是公布的参加方",
    "unfinished": "还没有抽完就有了结果",
    "sides": "承诺的方数不够或晚于截止",
    "reveals": "揭示的内容与承诺不符",
    "void": "作废的一轮却有结果",
    "all_revealed": "有人没有揭示",
    "outside": "外部数值不符",
    "seed": "种子不是由揭示的内容算出",
    "result": "由种子重抽，结果不同",
    "opened": "公开的姓名与候选人承诺不符",
}


def draws(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Draws of both kinds, their published files, and that those invited were drawn."""
    yield from _by_seed(archive, entries)
    people: dict[str, list[dict[str, Any]]] = defaultdict(list)
    shown: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for entry, row in rows(archive, entries, "draw_candidate"):
        people[row["draw_id"]].append({**row, "path": entry.path})
    for _, row in rows(archive, entries, "draw_contribution"):
        if row["contribution"]:
            shown[row["draw_id"]][row["contributor"]] = (row["contribution"], row["commitment"])
    register = {}
    for entry, draw in rows(archive, entries, "draw"):
        yield 1
        register[draw["id"]] = draw
        yield from (f"{entry.path}：{said}" for said in _wrong(draw, people[draw["id"]], shown[draw["id"]]))
    yield from _files(archive, entries, head, register)
    yield from _invited(archive, entries, register, people)


def _by_seed(archive: Opened, entries: list[Entry]) -> Said:
    """Draws of earlier versions."""
    for entry, row in rows(archive, entries, "expert_draw"):
        if row["by"].startswith(BY_REVEAL):
            continue
        yield 1
        picked = [one["expert_id"] if isinstance(one, dict) else one for one in row["chosen"]]
        keys = [one["expert_id"] if isinstance(one, dict) else one for one in row["candidates"]]
        if row["seed"] and drawn(row["seed"], keys, len(picked)) != picked:
            yield f"{entry.path}：按种子和名单重抽，结果不同"


def _wrong(draw: dict[str, Any], people: list[dict[str, Any]], shown: dict[str, tuple[str, str]]) -> Iterator[str]:
    announcement = draw["announcement"]
    if protocol.digest(announcement) != draw["announcement_sha256"]:
        yield "公布的内容与它的校验值不符"
    purchase, number = announcement["purchase"], announcement["round"]
    keys = {protocol.candidate_commitment(purchase, number, row, row["salt"]): row["path"] for row in people}
    published = [one["commitment"] for one in announcement["candidates"]]
    yield from (f"{path} 不是公布的候选人，承诺不符" for key, path in keys.items() if key not in published)
    if sorted(keys) != published:
        yield "候选人与公布的承诺不符"
    for contributor, (text, commitment) in shown.items():
        if protocol.contribution_commitment(purchase, number, contributor, text) != commitment:
            yield f"{contributor} 揭示的内容与承诺不符"
    if draw["state"] == "drawn":
        yield from _again(draw, {contributor: text for contributor, (text, _) in shown.items()})


def _again(draw: dict[str, Any], reveals: dict[str, str]) -> Iterator[str]:
    announcement = draw["announcement"]
    seed = protocol.seed(draw["announcement_sha256"], reveals, draw["outside_value"])
    marks = {one["commitment"]: one["strata"] for one in announcement["candidates"]}
    strata = [Stratum(one["name"], one["at_least"]) for one in announcement["strata"]]
    try:
        again = chosen(seed, marks, announcement["seats"], announcement["alternates"], strata)
    except TooFew:
        yield "候选人不够，却抽出了结果"
        return
    if (seed, list(again.drawn), list(again.alternates)) != (draw["seed"], draw["drawn"], draw["alternates"]):
        yield "由揭示的内容重抽，结果不同"


def _files(archive: Opened, entries: list[Entry], head: dict[str, Any], register: dict[str, dict[str, Any]]) -> Said:
    """The file everybody could download passes every check of ``bixuan verify draw`` and says what the register says."""
    filed = {entry.path.rpartition("/")[2].removesuffix(".json"): entry for entry in entries if entry.kind == "draw_file"}
    for number, entry in filed.items():
        yield 1
        document = json.loads(archive.read(entry.path))
        yield from (f"{entry.path}：{FILED.get(one.code, one.code)}" for one in checks(document) if not one.ok)
        draw = register.get(number)
        if draw is None:
            yield f"{entry.path}：登记簿里没有这次抽取"
            continue
        result = document.get("result") or {"drawn": [], "alternates": []}
        stated = (document.get("announcement_sha256"), document.get("seed"), result["drawn"], result["alternates"])
        if stated != (draw["announcement_sha256"], draw["seed"], draw["drawn"], draw["alternates"]):
            yield f"{entry.path}：与登记簿里的 {number} 不同"
    if "registers" in head:  # archives of earlier versions hold the rows only
        yield from (f"draws/{number}.json：缺这次抽取的公布文件" for number in sorted(register.keys() - filed.keys()))


def _invited(
    archive: Opened, entries: list[Entry], register: dict[str, dict[str, Any]], people: dict[str, list[dict[str, Any]]]
) -> Said:
    """Nobody was invited as drawn, or as an alternate, whom the draw did not draw."""
    for entry, row in rows(archive, entries, "panel_invitation"):
        draw = register.get(row["draw_id"] or "")
        if draw is None or row["way"] not in ("drawn", "alternate"):
            continue
        yield 1
        allowed = {*draw["drawn"], *(draw["alternates"] if row["way"] == "alternate" else ())}
        known = {one["expert_id"] for one in people[draw["id"]] if one["commitment"] in allowed}
        if row["expert_id"] not in known:
            yield f"{entry.path}：受邀的 {row['expert_id']} 不在 {draw['id']} 抽中的人里"
