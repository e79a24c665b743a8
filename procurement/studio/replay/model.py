"""What a replay says of one case, and of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.errors import Conflict

SAME, DETAILS, ELSEWHERE, OPEN, IMPOSSIBLE = "same", "details", "elsewhere", "open", "impossible"
STATUSES = (ELSEWHERE, DETAILS, SAME, OPEN, IMPOSSIBLE)
"""elsewhere: another way, end or rule. details: the same way, other deadlines or people. open: the draft asks what nobody can
answer for the case. impossible: it cannot be replayed at all, see ``why``."""

RUNNING, FINISHED, CANCELED = "running", "finished", "canceled"


@dataclass(frozen=True)
class Reason:
    """One difference. ``kind``: rule (another one matched and the result is another), same_result (another rule, the same result),
    new, omitted (steps), end, stands (it waits where it had ended), due, timer, people. ``id``: the element or decision.

    ``before`` and ``after``: rules, ends, people; ``days``: working days by which a deadline moves.
    """

    kind: str
    id: str
    before: str = ""
    after: str = ""
    days: int = 0

    @property
    def leads_elsewhere(self) -> bool:
        return self.kind in {"rule", "new", "omitted", "end", "stands"}


@dataclass(frozen=True)
class Work:
    """What one role had to do: tasks, and working days they waited."""

    tasks: int
    days: int


@dataclass(frozen=True)
class Side:
    """One run of a case. ``ways``: what was decided, by dimension (``end``, ``decision:id``, ``gateway:id``)."""

    path: tuple[str, ...] = ()
    ways: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, int] = field(default_factory=dict)
    load: Mapping[str, Work] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """One case. ``why``: template and params of the sentence that says what kept it from being replayed to the end."""

    instance_key: int
    business_key: str
    version: int
    started_at: dt.datetime
    status: str
    amount: str = ""
    reasons: tuple[Reason, ...] = ()
    parts_after: str = ""  # the element after which the ways part
    before: Side = Side()
    after: Side = Side()
    why: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it; nothing anybody entered is in it."""
        return {**asdict(self), "started_at": self.started_at.isoformat(), "params": {k: str(v) for k, v in self.params.items()}}


def outcome_of(stored: Mapping[str, Any]) -> Outcome:
    return Outcome(
        **{
            **stored,
            "started_at": dt.datetime.fromisoformat(stored["started_at"]),
            "reasons": tuple(Reason(**one) for one in stored["reasons"]),
            "before": _side(stored["before"]),
            "after": _side(stored["after"]),
        }
    )


def _side(stored: Mapping[str, Any]) -> Side:
    load = {role: Work(**work) for role, work in stored["load"].items()}
    return Side(tuple(stored["path"]), stored["ways"], stored["flows"], load)


@dataclass(frozen=True)
class Choice:
    """Which cases: those of ``process_id`` that began from ``since`` to ``until`` (days), at most ``number``, the newest."""

    process_id: str
    since: dt.date | None = None
    until: dt.date | None = None
    number: int = 200
    business_key: str = ""


@dataclass(frozen=True)
class Assumed:
    """What is taken as entered in a task the past cases do not know. ``chosen``: somebody said so, else it is the first choice."""

    values: Mapping[str, Any]
    chosen: bool = False


@dataclass(frozen=True)
class Replay:
    """One run of a replay. ``state``: running, finished or canceled. ``done`` of ``total`` cases."""

    key: int
    draft_key: int
    revision: int
    choice: Choice
    assumed: Mapping[str, Assumed]
    state: str
    by: str
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    total: int
    done: int

    @property
    def is_running(self) -> bool:
        return self.state == RUNNING


class DraftChanged(Conflict):
    """The draft was changed after this replay began. Begin a new replay."""
