"""Two runs of the same case: where the ways part, which rules matched, which deadlines moved, who had to act."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from engine.sandbox import Played, Task
from procurement.studio.replay.model import DETAILS, ELSEWHERE, SAME, Outcome, Reason, Side, Work

Days: TypeAlias = Callable[[dt.date, dt.date], int]
"""Working days from the first day (not counted) to the second; 0 where the calendar does not know them."""
AMOUNTS = ("amount", "estimate")
SOMEBODY = "(person)"  # a task that is one person's: who, is not told


def compared(outcome: Outcome, before: Played, after: Played, days: Days) -> Outcome:
    old, new = _way(before), _way(after)
    reasons = (*_rules(before, after), *_steps(old, new), *_ends(before, after), *_details(before, after, days))
    status = ELSEWHERE if any(one.leads_elsewhere for one in reasons) else DETAILS if reasons else SAME
    return replace(
        outcome,
        status=status,
        amount=_amount(before) or _amount(after),
        reasons=reasons,
        parts_after=_parting(old, new),
        before=side(before, days),
        after=side(after, days),
    )


def side(played: Played, days: Days) -> Side:
    flows = Counter(one.flow for one in played.flows if one.process == played.case.process)
    return Side(tuple(_way(played)), dict(_ways(played)), dict(flows), _load(played, days))


def _way(played: Played) -> list[str]:
    """What was done and waited for; gateways only lead there. The body and the children of something repeated count once."""
    own = [one for one in played.visits if one.instance_key == played.instance_key and not one.type.endswith("Gateway")]
    return [one.element_id for place, one in enumerate(own) if place == 0 or own[place - 1].element_id != one.element_id]


def _ways(played: Played) -> Iterator[tuple[str, str]]:
    yield "end", ", ".join(played.ends) or "-"
    for decision, asked in _matched(played).items():
        yield f"decision:{decision}", asked[-1][0]
    for choice in played.choices:
        if choice.process == played.case.process:
            yield f"gateway:{choice.element_id}", ", ".join(choice.taken)


def _matched(played: Played) -> dict[str, list[tuple[str, Any]]]:
    """The rules and the result of every time a decision was asked, in order. Of several results the first column counts."""
    found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for one in played.decisions:
        if one.process == played.case.process:
            rules = (rule["id"] for table in one.explanation.get("tables", ()) for rule in table["matched"])
            result = next(iter(one.output.values()), None) if isinstance(one.output, Mapping) else one.output
            found[one.decision].append((", ".join(rules) or "-", result))
    return found


def _rules(before: Played, after: Played) -> Iterator[Reason]:
    old, new = _matched(before), _matched(after)
    for decision in [*old, *(one for one in new if one not in old)]:
        pairs = [pair for pair in zip(old.get(decision, []), new.get(decision, []), strict=False) if pair[0][0] != pair[1][0]]
        telling = [pair for pair in pairs if pair[0][1] != pair[1][1]]
        if pairs:
            was, now = (telling or pairs)[0]
            yield Reason("rule" if telling else "same_result", decision, was[0], now[0])


def _steps(old: list[str], new: list[str]) -> Iterator[Reason]:
    more, fewer = Counter(new) - Counter(old), Counter(old) - Counter(new)
    yield from (Reason("new", element) for element in dict.fromkeys(new) if more[element])
    yield from (Reason("omitted", element) for element in dict.fromkeys(old) if fewer[element])


def _parting(old: list[str], new: list[str]) -> str:
    for tag, first, _last, _i, _j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            return old[first - 1] if first else ""
    return ""


def _ends(before: Played, after: Played) -> Iterator[Reason]:
    old, new = (", ".join(sorted(played.ends)) for played in (before, after))
    waiting = ", ".join(after.waiting)
    if after.state == "active" and before.state != "active":
        yield Reason("stands", waiting or ", ".join(one.element_id for one in after.tokens[:1]))
    elif old != new:
        yield Reason("end", "", old, new)


def _details(before: Played, after: Played, days: Days) -> Iterator[Reason]:
    old, new = _tasks(before), _tasks(after)
    for place, task in old.items():
        now = new.get(place)
        if now is None:
            continue
        if task.due is not None and now.due is not None and (moved := days(task.due.date(), now.due.date())):
            yield Reason("due", task.element_id, days=moved)
        elif (task.due is None) != (now.due is None):
            yield Reason("due", task.element_id, _day(task.due), _day(now.due))
        if role(task) != role(now):
            yield Reason("people", task.element_id, role(task), role(now))
    waits = {place: due for place, due in _timers(after).items() if place in _timers(before)}
    for place, due in _timers(before).items():
        if place in waits and (moved := days(due.date(), waits[place].date())):
            yield Reason("timer", place[0], days=moved)


def _tasks(played: Played) -> dict[tuple[str, int], Task]:
    """By element and how often it had opened before."""
    times: Counter[str] = Counter()
    found = {}
    for task in played.tasks:
        if task.instance_key == played.instance_key:
            found[task.element_id, times[task.element_id]] = task
            times[task.element_id] += 1
    return found


def _timers(played: Played) -> dict[tuple[str, int], dt.datetime]:
    times: Counter[str] = Counter()
    found = {}
    for timer in played.timers:
        found[timer.element_id, times[timer.element_id]] = timer.due_at
        times[timer.element_id] += 1
    return found


def _load(played: Played, days: Days) -> Mapping[str, Work]:
    """Tasks and working days by role. A task the case did not know waits as long as it may: until it is due."""
    found: dict[str, Work] = {}
    for task in played.tasks:
        if task.instance_key != played.instance_key:
            continue
        until = task.ended_at or played.now
        is_assumed = until == task.at and task.due is not None
        waited = max(0, days(task.at.date(), (task.due if is_assumed and task.due else until).date()))
        known = found.get(role(task), Work(0, 0))
        found[role(task)] = Work(known.tasks + 1, known.days + waited)
    return found


def role(task: Task) -> str:
    """The groups that may do it; who it is, is nobody's business here."""
    return ", ".join(task.candidate_groups) or SOMEBODY


def _amount(played: Played) -> str:
    found: Any = next((played.variables[name] for name in AMOUNTS if played.variables.get(name) is not None), "")
    return str(found)


def _day(due: dt.datetime | None) -> str:
    return f"{due:%Y-%m-%d}" if due else "-"
