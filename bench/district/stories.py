"""What is bought in the district: the demo's stories told again and again, each with an amount, a place, bidders and a day of its own.

920 purchases a year (DOMAIN.md A53). The shares of the routes and the amounts make about 300 million yuan a year: many small ones
decided by the committee, a third compared openly, a few large ones bought by the statutory ways.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from bench.district.registers import (
    COMMUNITIES,
    FIRST_DAY,
    FIRST_YEAR,
    ORGANISATIONS,
    STREETS,
    SURVEYS_FROM,
    YEARS,
    community_budget,
    community_name,
    street_budget,
)
from procurement.demo.matters import MatterStory, matter_stories
from procurement.demo.story import RUNNING, Story, stories

A_YEAR = 920
ROUTES = {"committee": 0.60, "open_comparison": 0.34, "statutory": 0.06}
AMOUNTS = {"committee": (8_000, 49_999), "open_comparison": (50_001, 400_000), "statutory": (600_000, 7_000_000)}
MATTER_SHARE = 12  # of the matters nobody's purchase is the subject of, so many times the share of purchases are played
PLACES = ("晚晴社区", "和平社区", "梧桐社区")
# what the demo leaves to whoever tries it
LEFT_OPEN: dict[str, Any] = {
    "record_result": {
        "outcome_there": "awarded",
        "bidder_count": 4,
        "evaluated_on": "=string(today())",
        "report_received_on": "=string(today())",
        "winner_id": "=p.bidders[1]",
        "winning_amount": "=decimal(amount * 0.96, 2)",
        "chosen_on": "=string(today())",
        "notified_on": "=string(today())",
        "result_notice_number": '="JG-" + p.id',
        "expert_names": "五位库内专家",
        "result_files": "=[file]",
    },
}


def district_stories(share: int, seed: int, organisations: int = ORGANISATIONS) -> list[Story]:
    """Every ``share``-th purchase of the ten years, in the order they start; the same for the same seed."""
    by_route = defaultdict(list)
    for story in stories():
        by_route[_route(story.facts)].append(story.facts)
    found = []
    for number in range(0, A_YEAR * YEARS, share):
        chance = Random(f"{seed} {number}")
        route = chance.choices(list(ROUTES), list(ROUTES.values()))[0]
        day = FIRST_DAY + dt.timedelta(days=number * 365.25 // A_YEAR)
        found.append(
            _told_again(
                chance.choice(by_route[route]),
                route,
                number,
                day,
                chance,
                organisations,
            )
        )
    return found


def district_matters(told: list[Story], share: int, seed: int) -> list[MatterStory]:
    """The demo's matters every year: those about a purchase with the purchases told after it, the others by their share."""
    known = (one for one in _matters(told, share, seed) if one.facts["start"] >= SURVEYS_FROM)
    return sorted(known, key=lambda one: (one.facts["start"], one.process_id, one.facts["key"]))


def _matters(told: list[Story], share: int, seed: int) -> Iterator[MatterStory]:
    followers = defaultdict(list)
    for story in told:
        followers[story.facts["after"]].append(story)
    first = {story.facts["key"]: story.start for story in stories()}
    for matter in matter_stories():
        about = matter.facts.get("about") or {}
        kind, name = next(iter(about.items()), ("", ""))
        if name in first:
            for story in followers[name]:
                start = story.start + (matter.facts["start"] - first[name])
                yield _again(matter, f"{matter.facts['key']} {story.facts['key']}", start, {kind: story.facts["key"]})
            continue
        for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
            key = f"{matter.facts['key']} {year}"
            if Random(f"{seed} {matter.process_id} {key}").random() * share < MATTER_SHARE:
                yield _again(matter, key, matter.facts["start"] + dt.timedelta(days=round((year - 2026) * 365.25)), about)


def _again(matter: MatterStory, key: str, start: dt.date, about: dict[str, str]) -> MatterStory:
    return MatterStory(matter.process_id, {**matter.facts, "key": key, "start": start, "about": about, "stop": RUNNING})


def _route(facts: dict[str, Any]) -> str:
    if facts["estimate"] >= 500_000 or facts["code"].startswith("C"):
        return "statutory"
    return "committee" if facts["estimate"] <= 50_000 else "open_comparison"


def _told_again(facts: dict[str, Any], route: str, number: int, start: dt.date, chance: Random, organisations: int) -> Story:
    street, community = chance.randint(1, len(STREETS)), chance.randint(1, COMMUNITIES)
    own: dict[str, Any] = {
        "key": f"d{number:05d}", "after": facts["key"], "start": start, "stop": RUNNING, "by": f"{facts['by']}{street}",
        "title": f"{STREETS[street - 1]}{facts['title']}", "estimate": Decimal(chance.randint(*AMOUNTS[route])),
        "budget": street_budget(facts["budget"], street, start.year), "agency": chance.choice(("agy-01", "agy-02")),
        "bidders": sorted(f"org-{n:04d}" for n in chance.sample(range(14, organisations + 1), max(len(facts["bidders"]), 1))),
    }  # fmt: skip
    if facts["community"]:
        place = community_name(community)
        own |= {
            "by": f"sq{community:03d}",
            "community": place,
            "title": _moved(facts["title"], place),
            "budget": community_budget(community, start.year),
        }
    if "objection" in facts:
        own["objection"] = {**facts["objection"], "by": own["bidders"][-1]}
    return Story({**facts, **own})


def _moved(title: str, place: str) -> str:
    for name in PLACES:
        title = title.replace(name, place)
    return title if place in title else place + title
