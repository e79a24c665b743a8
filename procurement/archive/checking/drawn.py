"""Draws by commit and reveal in an archive: each is made again from what its contributors showed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from procurement.draw import Stratum, TooFew, chosen, protocol

BY_REVEAL = "CQ-"  # such draws stand in the register of draws; the short record of each names its number


def problems(
    draws: Iterable[tuple[str, dict[str, Any]]], candidates: Iterable[dict[str, Any]], contributions: Iterable[dict[str, Any]]
) -> Iterator[int | str]:
    """1 for every draw looked at, a sentence for everything that does not hold. ``draws``: (path, row)."""
    people: dict[str, list[dict[str, Any]]] = defaultdict(list)
    shown: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in candidates:
        people[row["draw_id"]].append(row)
    for row in contributions:
        if row["contribution"]:
            shown[row["draw_id"]][row["contributor"]] = (row["contribution"], row["commitment"])
    for path, draw in draws:
        yield 1
        yield from (f"{path}：{said}" for said in _wrong(draw, people[draw["id"]], shown[draw["id"]]))


def _wrong(draw: dict[str, Any], people: list[dict[str, Any]], shown: dict[str, tuple[str, str]]) -> Iterator[str]:
    announcement = draw["announcement"]
    if protocol.digest(announcement) != draw["announcement_sha256"]:
        yield "公布的内容与它的校验值不符"
    purchase, number = announcement["purchase"], announcement["round"]
    keys = sorted(protocol.candidate_commitment(purchase, number, row, row["salt"]) for row in people)
    if keys != [one["commitment"] for one in announcement["candidates"]]:
        yield "候选人与公布的承诺不符"
    for contributor, (text, commitment) in shown.items():
        if protocol.contribution_commitment(purchase, number, contributor, text) != commitment:
            yield f"{contributor} 揭示的内容与承诺不符"
    if draw["state"] != "drawn":
        return
    reveals = {contributor: text for contributor, (text, _) in shown.items()}
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
