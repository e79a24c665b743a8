"""What is wrong with a draft, as the office sees it: severities as decided, silenced problems with their reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from engine.checks import Check, Files, Finding, InForce, Library, Visible, World, callers
from engine.checks import findings as found_in
from engine.checks import scope as known_in
from engine.errors import InvalidInput
from engine.errors import Problem as DeploymentProblem
from engine.facade import Database
from engine.feel import Feel
from engine.model import Actor
from engine.ports import Clock
from procurement.studio import layout
from procurement.studio.checks import amounts, conventions, escalating, keeping, periods, persons, publicity, silences
from procurement.studio.checks.catalogue import CATALOGUE
from procurement.studio.checks.facts import facts
from procurement.studio.checks.severities import OFF, Severities
from procurement.studio.checks.silences import Silence
from procurement.studio.drafts import Drafts
from procurement.studio.model import PathRefused


class NotSilenced(InvalidInput):
    """The rule {rule} cannot be silenced: deployment would refuse the file all the same. Mend the place it names."""


@dataclass(frozen=True)
class Problem:
    """A finding with the severity that counts here. ``silenced``: why it is meant; ``outdated``: a reason given for the element
    as it was drawn before.
    """

    finding: Finding
    severity: str
    silenced: Silence | None = None
    outdated: Silence | None = None

    @property
    def fix(self) -> str:
        """English sentence; interfaces translate it."""
        return CATALOGUE[self.finding.rule].fix

    @property
    def counts(self) -> bool:
        return self.silenced is None

    def as_problem(self) -> DeploymentProblem:
        """As the deployment says what is wrong, with the severity that counts here."""
        return self.finding.as_problem(self.severity)


def own_checks(today: Callable[[], dt.date]) -> tuple[Check, ...]:
    """What the office looks for beside the engine's rules."""
    return (
        conventions.findings,
        persons.findings,
        publicity.findings,
        periods.check(today),
        amounts.findings,
        escalating.findings,
        keeping.findings,
    )


class Checks:
    """One per application: what was read of a file is kept, so that an edit costs only what it changed."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        feel: Feel,
        drafts: Drafts,
        is_deployed: Callable[[str, str, str], bool],
        in_force: Callable[[], InForce],
    ) -> None:
        """``is_deployed`` and ``in_force``: as Facts has them, asked anew for every check."""
        self._clock = clock
        self._drafts = drafts
        self._library = Library(feel)
        self._is_deployed = is_deployed
        self._in_force = in_force
        self.severities = Severities(database, clock)
        self._own = own_checks(lambda: clock.now().date())

    def world(self, files: Files) -> World:
        return World(self._library, files, replace(facts(files), is_deployed=self._is_deployed, in_force=self._in_force()))

    def problems(self, files: Files, changed: Collection[str] = (), *, folder: str) -> tuple[Problem, ...]:
        """Of the folder's files and of ``changed`` ones, and of others only what would refuse the deployment. Serious ones first."""
        world = self.world(files)
        severities = self.severities.now()
        kept = silences.all_in(files)
        found = [_judged(world, one, severities, kept) for one in found_in(world, self._own)]
        mine = [one for one in found if one.severity != OFF and _is_shown(one, changed, folder)]
        order = {"error": 0, "warning": 1, "hint": 2}
        return tuple(sorted(mine, key=lambda one: (one.silenced is not None, order[one.severity], one.finding.order)))

    def for_running_cases(self, files: Files) -> tuple[Problem, ...]:
        """What processes in use would miss in what they call, were these files in force; without what is silenced or not checked."""
        world, severities, kept = self.world(files), self.severities.now(), silences.all_in(files)
        found = (_judged(world, one, severities, kept) for one in callers.findings(world))
        return tuple(sorted((one for one in found if one.counts and one.severity != OFF), key=lambda one: one.finding.order))

    def scope(self, files: Files, path: str, element: str) -> list[Visible]:
        """The variables known at an element."""
        return known_in(self.world(files), path, element)

    def silence(self, draft: int, place: tuple[str, str, str, str], reason: str, *, actor: Actor) -> None:
        """``place``: rule, file, element, cell. Writes an entry into the draft. Raises InvalidInput, NotPermitted, DraftClosed."""
        self._write(draft, place, silences.checked_reason(reason), actor, lifted=False)

    def lift(self, draft: int, place: tuple[str, str, str, str], reason: str, *, actor: Actor) -> None:
        """The problem is shown again. Raises as ``silence``."""
        self._write(draft, place, silences.checked_reason(reason), actor, lifted=True)

    def _write(self, draft: int, place: tuple[str, str, str, str], reason: str, actor: Actor, *, lifted: bool) -> None:
        rule, file, element, cell = place
        if rule not in CATALOGUE or CATALOGUE[rule].fixed:
            raise NotSilenced(rule=rule)
        files = self._drafts.workspace(draft)
        if file not in files:
            raise PathRefused(path=file[:200])
        path = silences.path_for(layout.folder_of(file))
        before = files.get(path, b"")
        drawn = silences.drawn(self._library.read(file, files[file]), files[file], element, cell)
        at = self._clock.now().isoformat(timespec="seconds")
        entry = Silence(rule, file, element, cell, reason, actor.user_id, at, drawn, lifted)
        silences.read(path, before)
        base = self._drafts.file(draft, path).sha256 if path in files else None
        self._drafts.save(draft, path, silences.written(before, entry), base=base, actor=actor)


def _judged(world: World, one: Finding, severities: dict[str, str], kept: dict[tuple[str, str, str, str], Silence]) -> Problem:
    rule = CATALOGUE[one.rule]
    if rule.fixed:
        return Problem(one, one.severity)
    severity = severities.get(one.rule, one.severity)
    _rule, file, element, cell = silences.place_of(one)
    places = ((code, file, element, within) for code in (one.rule, *rule.like) for within in (cell, ""))
    silence = next((kept[place] for place in places if place in kept), None)
    if silence is None:
        return Problem(one, severity)
    holds = silence.drawn in {"", silences.drawn(world.reads.get(file), world.files.get(file, b""), element, silence.cell)}
    return Problem(one, severity, silenced=silence) if holds else Problem(one, severity, outdated=silence)


def _is_shown(one: Problem, changed: Collection[str], folder: str) -> bool:
    path = one.finding.file
    return path in changed or (layout.is_path(path) and layout.folder_of(path) == folder) or one.severity == "error"
