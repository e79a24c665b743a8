"""Draw files made without a database, for tests: what the registers would publish of a round with these contributions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from procurement.draw import Stratum, chosen, protocol

BEGIN = dt.datetime(2026, 3, 18, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SIDES = (("agency", "agency"), ("street", "street"), ("supervisor", "supervisor"))


def at(hours: int) -> str:
    return (BEGIN + dt.timedelta(hours=hours)).isoformat()


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """With the digest of the rest."""
    rest = {name: value for name, value in content.items() if name != "sha256"}
    return {**rest, "sha256": protocol.digest(rest)}


def made(
    contributions: dict[str, str],
    *,
    people: int = 9,
    seats: int = 5,
    alternates: int = 3,
    strata: tuple[Stratum, ...] = (),
    outside: str = "",
    silent: frozenset[str] = frozenset(),
    opened: bool = True,
) -> dict[str, Any]:
    """``contributions``: contributor → text; whoever is ``silent`` commits and does not reveal, so that the round is void."""
    rows = []
    for n in range(people):
        who = {"expert_id": f"exp-{n:02d}", "name": f"专家{n}", "unit": f"单位{n}"}
        salt = f"{n:032x}"
        mark = [stratum.name for k, stratum in enumerate(strata) if n % len(strata) == k]
        key = protocol.candidate_commitment("CG-2026-0001", 1, who, salt)
        rows.append({"commitment": key, "strata": mark, **who, "salt": salt})
    rows.sort(key=lambda row: row["commitment"])
    announcement = {
        "purchase": "CG-2026-0001",
        "title": "居家养老上门服务",
        "round": 1,
        "reason": "首次抽取",
        "previous": None,
        "announced_at": at(0),
        "algorithm": protocol.DOMAIN,
        "field": "elderly",
        "seats": seats,
        "alternates": alternates,
        "strata": [{"name": s.name, "at_least": s.at_least} for s in strata],
        "candidates": [{"commitment": row["commitment"], "strata": row["strata"]} for row in rows],
        "candidates_sha256": protocol.candidates_sha256(row["commitment"] for row in rows),
        "excluded": [{"reason": "employment", "count": 1}],
        "contributors": [{"contributor": key, "side": side, "name": key} for key, side in SIDES],
        "minimum_sides": 2,
        "commit_until": at(9),
        "reveal_until": at(33),
        "outside": {"source": "某日开奖号码"} if outside else None,
    }
    own = protocol.digest(announcement)
    promised = {key: protocol.contribution_commitment("CG-2026-0001", 1, key, text) for key, text in contributions.items()}
    shown = {key: text for key, text in contributions.items() if key not in silent}
    void = bool(silent)
    seed = "" if void else protocol.seed(own, shown, outside)
    marks = {row["commitment"]: row["strata"] for row in rows}
    found = None if void else chosen(seed, marks, seats, alternates, strata)
    return sealed(
        {
            "format": "bixuan-draw",
            "version": 1,
            "number": "CQ-2026-0001",
            "state": "void" if void else "drawn",
            "announcement": announcement,
            "announcement_sha256": own,
            "closed_at": at(9),
            "commitments": [{"contributor": key, "commitment": promised[key], "at": at(2)} for key in sorted(promised)],
            "reveals": [{"contributor": key, "contribution": shown[key], "at": at(12)} for key in sorted(shown)],
            "missing": sorted(silent),
            "outside": {"value": outside, "entered_by": ["1", "2"], "evidence": ["网页", "照片"]} if outside else None,
            "concluded_at": at(20),
            "void_reason": "not_revealed" if void else "",
            "seed": seed,
            "result": {"drawn": list(found.drawn), "alternates": list(found.alternates)} if found else None,
            "opened": [{k: v for k, v in row.items() if k != "strata"} for row in rows] if found and opened else None,
        }
    )
