"""Checks a published draw file from nothing but itself: no database, no network.

Each check has a code, and what was found; ``web.draw_words`` says it in Chinese. The first half holds for a file at any time,
the rest once the round is decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from procurement.draw import protocol
from procurement.draw.choosing import Stratum, TooFew, chosen

FORMAT = "bixuan-draw"
PARTS = frozenset(
    {
        "format",
        "version",
        "number",
        "state",
        "announcement",
        "announcement_sha256",
        "closed_at",
        "commitments",
        "reveals",
        "missing",
        "outside",
        "concluded_at",
        "void_reason",
        "seed",
        "result",
        "opened",
        "sha256",
    }
)


@dataclass(frozen=True)
class Check:
    """``code`` names the check, ``params`` what its sentence mentions."""

    code: str
    ok: bool
    params: Mapping[str, Any] = field(default_factory=dict)


def checks(document: Any) -> list[Check]:
    """Every check of one draw file, in the order a person would make them. A file of another shape fails the first one."""
    try:
        return list(_checks(document))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as cause:
        return [Check("readable", ok=False, params={"cause": f"{type(cause).__name__}: {cause}"})]


def _checks(document: Any) -> Iterator[Check]:
    known = document["format"] == FORMAT and document["version"] == protocol.VERSION and set(document) == PARTS
    yield Check("format", known, {"version": document["version"]})
    if not known:
        return
    rest = {name: value for name, value in document.items() if name != "sha256"}
    yield Check("digest", protocol.digest(rest) == document["sha256"], {"sha256": document["sha256"]})
    announcement = document["announcement"]
    yield Check("announcement", protocol.digest(announcement) == document["announcement_sha256"])
    yield _candidates(announcement)
    yield _commitments(document)
    if document["state"] == "committing":
        yield Check("unfinished", ok=not document["reveals"] and _is_undecided(document), params={"state": "committing"})
        return
    yield _enough(document)
    yield _reveals(document)
    if document["state"] == "revealing":
        yield Check("unfinished", ok=_is_undecided(document), params={"state": "revealing"})
        return
    yield from _void(document) if document["state"] == "void" else _decided(document)


def _candidates(announcement: Mapping[str, Any]) -> Check:
    keys = [one["commitment"] for one in announcement["candidates"]]
    ok = keys == sorted(set(keys)) and all(map(protocol.is_hash, keys))
    ok = ok and protocol.candidates_sha256(keys) == announcement["candidates_sha256"]
    return Check("candidates", ok, {"count": len(keys)})


def _commitments(document: Mapping[str, Any]) -> Check:
    announcement, rows = document["announcement"], document["commitments"]
    known = {one["contributor"] for one in announcement["contributors"]}
    named = [row["contributor"] for row in rows]
    in_time = all(_moment(row["at"]) <= _moment(announcement["commit_until"]) for row in rows)
    after = all(_moment(announcement["announced_at"]) <= _moment(row["at"]) for row in rows)
    ok = set(named) <= known and len(set(named)) == len(named) and in_time and after
    return Check("commitments", ok and all(protocol.is_hash(row["commitment"]) for row in rows), {"count": len(rows)})


def _enough(document: Mapping[str, Any]) -> Check:
    announcement = document["announcement"]
    sides = {one["contributor"]: one["side"] for one in announcement["contributors"]}
    found = {sides[row["contributor"]] for row in document["commitments"]}
    closed = _moment(document["closed_at"])
    ok = all(_moment(row["at"]) <= closed for row in document["commitments"])
    enough = len(found) >= announcement["minimum_sides"]
    return Check("sides", ok and (enough or document["state"] == "void"), {"sides": len(found)})


def _reveals(document: Mapping[str, Any]) -> Check:
    announcement = document["announcement"]
    promised = {row["contributor"]: row["commitment"] for row in document["commitments"]}
    named = [row["contributor"] for row in document["reveals"]]
    closed, until = _moment(document["closed_at"]), _moment(announcement["reveal_until"])
    wrong = [
        row["contributor"]
        for row in document["reveals"]
        if not closed <= _moment(row["at"]) <= until
        or row["contribution"] != protocol.normal(row["contribution"])
        or promised.get(row["contributor"])
        != protocol.contribution_commitment(
            announcement["purchase"], announcement["round"], row["contributor"], row["contribution"]
        )
    ]
    return Check("reveals", not wrong and len(set(named)) == len(named), {"count": len(named), "wrong": "、".join(wrong)})


def _void(document: Mapping[str, Any]) -> Iterator[Check]:
    silent = _silent(document)
    ok = _is_undecided(document) and document["missing"] == silent and bool(document["void_reason"])
    yield Check("void", ok, {"missing": "、".join(silent)})


def _is_undecided(document: Mapping[str, Any]) -> bool:
    return not document["seed"] and all(document[part] is None for part in ("outside", "result", "opened"))


def _decided(document: Mapping[str, Any]) -> Iterator[Check]:
    announcement = document["announcement"]
    yield Check("all_revealed", _silent(document) == [] == document["missing"] and not document["void_reason"])
    asked, got = announcement["outside"], document["outside"]
    matches = (asked is None) == (got is None) and (got is None or len(set(got["entered_by"])) == 2)
    yield Check("outside", matches and document["state"] == "drawn", {"value": got["value"] if got else ""})
    reveals = {row["contributor"]: row["contribution"] for row in document["reveals"]}
    seed = protocol.seed(document["announcement_sha256"], reveals, got["value"] if got else "")
    yield Check("seed", seed == document["seed"], {"seed": seed})
    yield _result(document, seed)
    if document["opened"] is not None:
        yield _opened(document)


def _result(document: Mapping[str, Any], seed: str) -> Check:
    announcement, result = document["announcement"], document["result"]
    marks = {one["commitment"]: one["strata"] for one in announcement["candidates"]}
    strata = [Stratum(one["name"], one["at_least"]) for one in announcement["strata"]]
    try:
        again = chosen(seed, marks, announcement["seats"], announcement["alternates"], strata)
    except TooFew:
        return Check("result", ok=False, params={"drawn": 0, "alternates": 0})
    same = result == {"drawn": list(again.drawn), "alternates": list(again.alternates)}
    return Check("result", same, {"drawn": len(again.drawn), "alternates": len(again.alternates)})


def _opened(document: Mapping[str, Any]) -> Check:
    announcement = document["announcement"]
    keys: Sequence[str] = [one["commitment"] for one in announcement["candidates"]]
    rows = document["opened"]
    same = [
        protocol.candidate_commitment(announcement["purchase"], announcement["round"], row, row["salt"]) == row["commitment"]
        for row in rows
    ]
    people = {row["expert_id"] for row in rows}
    ok = sorted(row["commitment"] for row in rows) == keys and all(same) and len(people) == len(rows)
    return Check("opened", ok, {"count": len(rows)})


def _silent(document: Mapping[str, Any]) -> list[str]:
    """Because of whom a round is void: who promised and did not show it, or, when too few sides promised, who did not promise."""
    sides = {one["contributor"]: one["side"] for one in document["announcement"]["contributors"]}
    promised = {row["contributor"] for row in document["commitments"]}
    if len({sides[one] for one in promised}) < document["announcement"]["minimum_sides"]:
        return sorted(sides.keys() - promised)
    return sorted(promised - {row["contributor"] for row in document["reveals"]})


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return moment
