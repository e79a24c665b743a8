"""Every error the engine raises on purpose.

The class docstring is the default message. Messages are English templates filled with the ids given as keyword
arguments; interfaces translate the *template* and fill it again, so nothing has to be taken apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


class EngineError(Exception):
    """The engine could not do what was asked."""

    def __init__(self, template: str | None = None, **ids: Any) -> None:
        self.template = template or (type(self).__doc__ or "").strip()
        self.ids = ids
        super().__init__(self.template.format(**ids) if ids else self.template)

    @property
    def code(self) -> str:
        """Stable name for clients: the class name in snake_case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class NotFound(EngineError):
    """{kind} {key} does not exist. Check the number, or look it up in the list."""


class NotPermitted(EngineError):
    """You may not do this. Ask the person in charge of the case, or an administrator for the role it needs."""


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one submitted field; ``path`` is the key, with indexes for list rows (``budget_lines.0.amount``)."""

    path: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.template.format(**self.params) if self.params else self.template

    def __str__(self) -> str:
        return self.message


class InvalidInput(EngineError):
    """Some values cannot be accepted. Correct the marked fields and send again; nothing was lost."""

    def __init__(self, template: str | None = None, *, fields: tuple[FieldError, ...] = (), **ids: Any) -> None:
        super().__init__(template, **ids)
        self.fields = fields


class CursorUnknown(InvalidInput):
    """This page address is incomplete. Open the list again."""

    def __init__(self) -> None:
        super().__init__(fields=(FieldError("after", "This is not the cursor of a page."),))


class Conflict(EngineError):
    """Somebody else was quicker. Reload the page to see the present state."""


class TaskClosed(Conflict):
    """Task {task} was {state} already. Reload to see who did it and what happens now."""


class TaskAlreadyClaimed(Conflict):
    """Task {task} is being worked on by {assignee}. Ask them to release it, or take another one."""


class InstanceEnded(Conflict):
    """Process instance {instance} has ended, so nothing can be changed in it any more."""


class InstanceSuspended(Conflict):
    """Process instance {instance} was suspended by {by} on {at} ({reason}). Nothing in it changes until an operator resumes it."""


class Unavailable(EngineError):
    """This cannot be done at this moment. Nothing was changed; send it again in a minute."""


@dataclass(frozen=True, order=True)
class Problem:
    """One reason why a file cannot be deployed: what is wrong and what to draw or write instead."""

    file: str
    line: int
    element: str
    template: str
    params: dict[str, Any] = field(default_factory=dict, compare=False)
    severity: str = "error"  # "error" refuses the deployment, "warning" is only shown

    @property
    def message(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


class DefinitionInvalid(EngineError):
    """Nothing was deployed: {count} problem(s) must be mended first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(None, count=len(problems))
        self.problems = problems

    def __str__(self) -> str:
        lines = [f"{p.file}:{p.line} [{p.element}] {p.message}" for p in self.problems]
        return "\n".join([super().__str__(), *lines])


class ExecutionFailed(EngineError):
    """The process stopped at {element}: {cause}. Mend the cause, then retry the incident."""


class BpmnError(Exception):
    """A business outcome thrown into the diagram by an operation or a worker; not an engine failure."""

    def __init__(self, error_code: str, message: str = "", variables: dict[str, Any] | None = None) -> None:
        super().__init__(message or error_code)
        self.error_code = error_code
        self.message = message
        self.variables = variables or {}
