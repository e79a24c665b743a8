"""One run of a case on engine.spiff, in memory, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

from engine.errors import EngineError
from engine.sandbox.answers import Answers, Defaults
from engine.sandbox.case import Case, Step
from engine.sandbox.host import ManualClock, SandboxHost
from engine.sandbox.limits import Limits, Stopped, Watch
from engine.sandbox.played import StepDone, Stop
from engine.sandbox.project import Project
from engine.sandbox.stand_ins import CALLER, caller, stub
from engine.sandbox.trace import Trace
from engine.spiff import Execution


class Run:
    """``stop`` says why it cannot go on. With ``reload`` the run is dropped from memory and loaded again after every step."""

    def __init__(
        self,
        project: Project,
        case: Case,
        defaults: Defaults,
        operations: Collection[str],
        limits: Limits,
        *,
        reload: bool = False,
    ) -> None:
        self.project, self.case, self.reload = project, case, reload
        self.clock = ManualClock(case.clock)
        self.answers = Answers(case, defaults)
        self.trace = Trace(case.process, self.clock.now())
        self.stop: Stop | None = None
        self.steps: list[StepDone] = []
        self.calls: list[int] = []  # the step of each of the answers' calls
        self.execution: Execution | None = None
        self._extra = {name: stub(name) for name in case.stubs}
        self.host = SandboxHost(project, self.clock, self.answers, operations, Watch(limits), self._extra)

    @property
    def state(self) -> str:
        return "stopped" if self.execution is None else self.execution.state

    @property
    def is_going(self) -> bool:
        return self.stop is None and self.state == "active"

    # doing; each runs on until everything waits, and a failure becomes the stop

    def begin(self) -> None:
        self.attempt({}, self._begin)

    def attempt(self, step: Step, action: Callable[[], None]) -> None:
        """One step of a case: ``action`` does what it says."""
        began = self.clock.now()
        self.trace.step, self.trace.at = len(self.steps), began
        try:
            action()
            self.settle()
            if self.reload and self.state == "active":
                self.live.drain()
                self.execution = Execution.load(self.host, self.live.snapshot())
        except Stopped as stopped:
            self._stopped(stopped.kind, stopped.template, stopped.params)
        except EngineError as error:
            kind = "definition" if self.execution is None else "step"
            self._stopped(kind, error.template, error.ids)
        except RecursionError:
            self._stopped("limit", "The run is nested too deeply. Look for processes or lists that contain themselves.", {})
        self.steps.append(StepDone(len(self.steps), step, began, self.clock.now()))

    def _stopped(self, kind: str, template: str, params: Mapping[str, Any]) -> None:
        if self.execution is not None:
            for event in self.execution.drain():
                self.trace.take(event)
        self._count_calls()
        element = params.get("element")
        self.stop = Stop(kind, template, dict(params), len(self.steps), None if element is None else str(element))

    def _begin(self) -> None:
        started, start = self.case.process, self.case.start
        codes = self.project.error_codes(started) if started not in self._extra else ()
        if codes and start is None:
            self._extra[CALLER] = caller(started, codes)
            started = CALLER
        self.execution = Execution.start(self.host, self.host.definition(started), self.case.variables, start_element=start)

    # what happens in between

    @property
    def live(self) -> Execution:
        """Raises Stopped when the case has not begun."""
        if self.execution is None:
            raise Stopped("step", "The case has not begun.")
        return self.execution

    def settle(self) -> None:
        """Take in the events; messages and signals thrown inside the case reach whoever waits for them in it."""
        while True:
            self.trace.at = self.clock.now()
            for event in self.live.drain():
                self.trace.take(event)
            self._count_calls()
            if not (self._pass_on_message() or self._pass_on_signal()):
                return

    def _count_calls(self) -> None:
        self.calls += [self.trace.step] * (len(self.answers.calls) - len(self.calls))

    def _pass_on_message(self) -> bool:
        for thrown in self.trace.messages:
            for key, waiting in self.trace.awaited.items():
                if (waiting.kind, waiting.name, waiting.correlation_key) == (
                    "message",
                    thrown.message_name,
                    thrown.correlation_key,
                ):
                    self.trace.messages.remove(thrown)
                    self.live.deliver_message(key, thrown.variables)
                    return True
        return False

    def _pass_on_signal(self) -> bool:
        """Whoever waits when the signal is thrown gets it; later nobody."""
        if not self.trace.signals:
            return False
        thrown = self.trace.signals.pop(0)
        self.send_signal(thrown.signal_name, thrown.variables)
        return True

    def send_signal(self, name: str, variables: Mapping[str, Any]) -> int:
        """To everybody who waits for it now; how many those were."""
        meant = [key for key, waiting in self.trace.awaited.items() if (waiting.kind, waiting.name) == ("signal", name)]
        for key in meant:
            if self.live.awaited(key) is not None:  # the one before may have ended it
                self.live.deliver_signal(key, variables)
        return len(meant)

    def move_clock(self, until: dt.datetime) -> None:
        """Timers that are due on the way fire in their order, each at its own time."""
        while due := sorted((t.due_at, key) for key, t in self.trace.open_timers.items() if t.due_at <= until):
            at, key = due[0]
            self.host.watch.look()
            self.clock.moment = max(self.clock.moment, at)
            self.trace.at = self.clock.moment
            self.trace.firing(key)
            self.live.fire_timer(key)
            self.settle()
            if self.state != "active":
                break
        self.clock.moment = max(self.clock.moment, until)
