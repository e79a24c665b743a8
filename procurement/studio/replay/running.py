"""One past case, run again: on the files it ran on, then on the draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from engine.model import Recording
from engine.sandbox import Entry, Played, Sandbox, Script, Stop
from procurement.studio.model import Files
from procurement.studio.replay.assuming import usual_values
from procurement.studio.replay.differing import Days, compared
from procurement.studio.replay.model import IMPOSSIBLE, OPEN, Assumed, Outcome
from procurement.studio.replay.scripts import CannotReplay, FilesThen, as_it_was, on_a_draft

ATTEMPTS = 12  # new tasks of one case that are answered by assumption
AGAIN = 3  # times a task may open more often than it did
WAITS = 12  # timers that run longer than they did


class Runner:
    """``assumed`` grows: an answer that was needed once is there for all cases after it."""

    def __init__(
        self, draft: Files, then: FilesThen, sandbox: Callable[[Files], Sandbox], assumed: dict[str, Assumed], days: Days
    ) -> None:
        self._draft, self._then, self._sandbox = sandbox(draft), then, sandbox
        self.assumed, self._days = assumed, days

    def run(self, recording: Recording) -> Outcome:
        outcome = Outcome(recording.instance_key, recording.business_key, recording.version, recording.started_at, IMPOSSIBLE)
        try:
            script = as_it_was(recording)
            before = self._reproduced(recording, script)
        except CannotReplay as cannot:
            return replace(outcome, why=cannot.template, params=cannot.params)
        script = on_a_draft(script, self.assumed)
        after = self._on_draft(script)
        found = compared(outcome, before, after, self._days)
        if after.stop is None:
            return found
        return replace(found, status=OPEN, why=after.stop.template, params=after.stop.params)

    def _reproduced(self, recording: Recording, script: Script) -> Played:
        """Raises CannotReplay when the files it ran on do not lead it the way it went."""
        played = self._sandbox(self._then.of(recording)).follow(script)
        if played.stop is not None:
            raise CannotReplay(played.stop.template, **played.stop.params)
        then, now = Counter(recording.path), Counter(_own_path(played))
        if then != now:
            lost, more = "、".join((then - now) or ["-"]), "、".join((now - then) or ["-"])
            raise CannotReplay(
                "On the version it ran on the case went another way: not {lost}, but {more}.", lost=lost, more=more
            )
        rules = [one.rules for one in recording.decisions]
        if rules != [matched(one.explanation) for one in played.decisions if one.process == recording.process_id]:
            raise CannotReplay("On the version it ran on the decisions were others than recorded.")
        return played

    def _on_draft(self, script: Script) -> Played:
        """The case on the draft, with answers assumed where it is asked something new."""
        again: Counter[str] = Counter()
        script = replace(script, assumed={element: one.values for element, one in self.assumed.items()})
        played = self._waited_out(script)
        for _attempt in range(ATTEMPTS):
            stop = played.stop
            if stop is None or stop.element is None or stop.kind not in {"new_task", "refused"}:
                break
            repeated = _once_more(script, stop)
            if repeated is not None and again[stop.element] < AGAIN:
                again[stop.element] += 1
                script = repeated
            elif not self._assume(script, played, stop.element):
                break
            script = replace(script, assumed={element: one.values for element, one in self.assumed.items()})
            played = self._waited_out(script)
        return played

    def _assume(self, script: Script, played: Played, element: str) -> bool:
        """Whether there is something new to be tried. What was recorded stays; only what the form misses is assumed."""
        task = next((one for one in played.open_tasks if one.element_id == element), None)
        known = self.assumed.get(element)
        if task is None or task.form_id is None:
            self.assumed[element] = known or Assumed({})
            return known is None
        recorded = next((one.values for one in script.entries if one.kind == "task" and one.element == element), {})
        given = {**(known.values if known else {}), **recorded}
        found = usual_values(self._draft.project.form(task.form_id), task.context, given, played.now)
        missing = {name: value for name, value in found.items() if name not in given}
        kept = known or Assumed({})
        self.assumed[element] = replace(kept, values={**kept.values, **missing})
        return known is None or bool(missing)

    def _waited_out(self, script: Script) -> Played:
        """Timers of the draft may run longer than anything recorded: the clock goes on until the next one is due."""
        played = self._draft.follow(script)
        for _wait in range(WAITS):
            timers = played.open_timers
            if played.state != "active" or played.open_tasks or script.open or not timers or played.stop is not None:
                break
            script = replace(script, until=max(timers[0].due_at, played.now))
            played = self._draft.follow(script)
        return played


def matched(explanation: object) -> tuple[tuple[str, str], ...]:
    """(table id, rule id) of the rules that matched."""
    tables = explanation.get("tables", ()) if isinstance(explanation, dict) else ()
    return tuple((table["id"], rule["id"]) for table in tables for rule in table["matched"])


def _own_path(played: Played) -> list[str]:
    """Of the case's own process: what it calls is a stand-in."""
    return [visit.element_id for visit in played.visits if visit.instance_key == played.instance_key]


def _once_more(script: Script, stop: Stop) -> Script | None:
    """A task that opens more often than it did is answered as the last time; None when it was never answered."""
    last = next((entry for entry in reversed(script.entries) if entry.kind == "task" and entry.element == stop.element), None)
    if last is None or stop.kind != "new_task":
        return None
    at = max(entry.at for entry in script.entries)
    return replace(script, entries=(*script.entries, Entry(at, "task", last.element, last.values, who=last.who)))
