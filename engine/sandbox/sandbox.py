"""The way in: files, answers, and what to do with a case."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from engine.feel import Feel
from engine.sandbox.answers import Defaults
from engine.sandbox.asking import ask
from engine.sandbox.case import AnyCase, Case, DecisionCase, Step
from engine.sandbox.checked import CaseResult
from engine.sandbox.coverage import Coverage, coverage
from engine.sandbox.expectations import differences
from engine.sandbox.limits import Limits
from engine.sandbox.played import Played
from engine.sandbox.project import Files, Project
from engine.sandbox.result import played
from engine.sandbox.run import Run
from engine.sandbox.script import Script, follow
from engine.sandbox.steps import check_form, do, open_task


class Sandbox:
    """Runs cases over ``files`` (layout path to content). Nothing is stored and nobody outside hears of it.

    ``answers``: what operations answer by default, by name: values, or a function of the inputs. ``operations``: the names of
    all operations that run inside the process; any other job type waits for a ``job`` step. Parsed files are shared by content
    between sandboxes of the same FEEL, so making one for each request is cheap.
    """

    def __init__(
        self, files: Files, feel: Feel, answers: Defaults, operations: Collection[str], limits: Limits | None = None
    ) -> None:
        self.project = Project(files, feel)
        self._answers, self._operations, self._limits = answers, frozenset(operations), limits or Limits()

    def play(self, case: Case, *, reload: bool = False) -> Played:
        """The case's steps, as far as they can be done. With ``reload`` the run is dropped from memory between them."""
        return played(self._run(case, reload=reload))

    def check(self, case: AnyCase) -> CaseResult:
        """The case against its expectations."""
        if isinstance(case, DecisionCase):
            asked = ask(case, self.project, self._limits)
            return CaseResult(case, asked.differences, asked=asked)
        found = self.play(case)
        return CaseResult(case, differences(found, self.project), played=found)

    def refusals(self, case: Case, step: Step) -> dict[str, str]:
        """Why the form of an open task would refuse the step's values after the case's steps, by field. Raises Stopped."""
        run = self._run(case)
        return check_form(run, open_task(run, step), step.get("values") or {})[1]

    def follow(self, script: Script) -> Played:
        """A recorded case once more over these files; see engine.sandbox.script."""
        run = self._begin(script.case(), reload=False)
        follow(run, script)
        return played(run)

    @staticmethod
    def coverage(results: Iterable[CaseResult]) -> Coverage:
        return coverage(results)

    def _run(self, case: Case, *, reload: bool = False) -> Run:
        run = self._begin(case, reload=reload)
        for step in case.steps:
            if run.stop is not None or run.trace.incidents:
                break
            do(run, step)
        return run

    def _begin(self, case: Case, **how: Any) -> Run:
        run = Run(self.project, case, self._answers, self._operations, self._limits, **how)
        run.begin()
        return run
