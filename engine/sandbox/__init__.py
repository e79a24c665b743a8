"""Running cases in memory: the files of a folder as they would be deployed, answers instead of registers, a clock by hand.

::

    sandbox = Sandbox(files, feel, answers, operations)    # files: layout path -> bytes; cheap, parsed files are shared
    sandbox.project.cases("goal_setting")                  # -> (Case | DecisionCase, …); CaseFileInvalid
    sandbox.play(case) -> Played                           # never raises for what is wrong with files or case: Played.stop
    sandbox.check(case) -> CaseResult                      # .ok .differences (template, params, message) .played .asked
    sandbox.coverage(results) -> Coverage                  # .flows .elements .rules; .missing_flows(project, process_id) …
    sandbox.refusals(case, step) -> {field: why}           # what the form of an open task would refuse
    sandbox.follow(Script(…)) -> Played                    # a recorded case again

``Case`` is what a YAML file of docs/how-to/write-cases.md holds (``read_cases``, ``write_case``) and what play keeps: start
variables, ``operations``, ``stubs``, ``steps``, ``expect``. ``Script`` is a recording: answers by element in call order
(``answers``), ``stubs`` (variables or {error: code}, a list for several calls, or "waits" with job entries), timed ``entries``,
``assumed`` values for tasks and fields the recording does not know. Where the files ask something new, ``Played.stop.kind`` is
"new_task" (a task without values), "refused" (a form wants something else), "answer" (an operation, stub or worker without
answer): ``stop.element`` names it; it is no failure. "step", "definition", "limit" and "incident" are.

``Played``: ``tasks`` (all, with who could act, created, due, ended, values), ``timers`` (all, with due and outcome), ``path``,
``flows``, ``decisions`` (with matched rules), ``choices`` (conditions and what they read), ``calls``, ``scopes``, ``variables``,
``written`` (what each step changed), ``tokens``, ``awaited``, ``jobs``, ``incidents``, ``steps``, ``now``, ``ends``. Every entry
carries the step it belongs to and the sandbox's own time.
"""

from engine.sandbox.answers import DEFAULT, WAITS, Call, Defaults
from engine.sandbox.case import AnyCase, Case, DecisionCase, Step
from engine.sandbox.case_reader import CaseFileInvalid, read_case, read_cases, read_values, step_problem
from engine.sandbox.case_writer import with_block, with_entries, write_case, yaml_text
from engine.sandbox.checked import CaseResult
from engine.sandbox.coverage import Coverage, coverage
from engine.sandbox.expectations import Difference
from engine.sandbox.limits import Limits, Stopped
from engine.sandbox.played import Played, Stop, Task
from engine.sandbox.project import Files, Project
from engine.sandbox.sandbox import Sandbox
from engine.sandbox.script import Entry, Script

__all__ = [
    "DEFAULT",
    "WAITS",
    "AnyCase",
    "Call",
    "Case",
    "CaseFileInvalid",
    "CaseResult",
    "Coverage",
    "DecisionCase",
    "Defaults",
    "Difference",
    "Entry",
    "Files",
    "Limits",
    "Played",
    "Project",
    "Sandbox",
    "Script",
    "Step",
    "Stop",
    "Stopped",
    "Task",
    "coverage",
    "read_case",
    "read_cases",
    "read_values",
    "step_problem",
    "with_block",
    "with_entries",
    "write_case",
    "yaml_text",
]
