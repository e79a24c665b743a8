"""What a check says, and what it needs to be told from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.errors import Problem

Files: TypeAlias = Mapping[str, bytes]
SEVERITIES = ("error", "warning", "hint")  # an error refuses the deployment, a warning should be mended, a hint may be meant


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for. ``title``, ``why`` and ``fix`` are English sentences that interfaces translate.

    ``fixed``: the severity cannot be changed and the finding cannot be silenced, for deployment would refuse the file.
    ``like``: rules that are about the same; a reason why what they find at an element is meant holds for this one too.
    """

    code: str
    severity: str
    title: str
    why: str
    fix: str
    fixed: bool = False
    like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """``cell``: id of the table rule or form field inside ``element``; ``path``: ids of elements, a way that shows it."""

    rule: str
    severity: str
    file: str
    line: int
    element: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    cell: str | None = None
    path: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        return self.template.format(**self.params) if self.params else self.template

    def as_problem(self, severity: str = "error") -> Problem:
        """As the deployment says what is wrong; ``severity``: how grave the office takes it."""
        return Problem(self.file, self.line, self.element, self.template, dict(self.params), severity)

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        return self.file, self.line, self.element, self.rule, self.message


@dataclass(frozen=True)
class Known:
    """A variable and, where it can be told, its FEEL type; ``sure`` when it is there every time."""

    name: str
    type: str = "Any"
    sure: bool = True


@dataclass(frozen=True)
class InUse:
    """A version of a process that new cases start with or older ones run on, and the files in force when it was deployed."""

    process_id: str
    version: int
    instances: int
    path: str
    files: Files


@dataclass(frozen=True)
class InForce:
    """What the files that are looked at would take the place of, and every version of a process that is in use."""

    files: Files = field(default_factory=dict)
    versions: tuple[InUse, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What no file says.

    ``operations``: what an operation or a job of that type answers; ``needs``: what it reads of the visible variables;
    ``starts``: what a process is started with, by its id; ``messages``: what comes with a message, by its name;
    ``tasks``: what is entered at a user task without a form, by its id; ``in_force``: what runs already;
    ``is_deployed(kind, id, version tag)``: whether something stands behind a reference that no file of the set answers.
    """

    operations: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    starts: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    messages: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    tasks: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    in_force: InForce = field(default_factory=InForce)
    is_deployed: Callable[[str, str, str], bool] = lambda _kind, _id, _tag: False
