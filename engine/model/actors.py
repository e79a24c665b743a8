"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.model.work import UserTask


@dataclass(frozen=True)
class Actor:
    """Who acts: a login name, the candidate groups they stand in, and whether the engine itself acts."""

    user_id: str
    groups: frozenset[str] = frozenset()
    system: bool = False  # the worker, a deployment at start; may do everything

    def may_work_on(self, task: UserTask) -> bool:
        """True when the task is theirs, or open to them: an unassigned task without any candidates is open to nobody."""
        if self.system or task.assignee == self.user_id:
            return True
        if task.assignee is not None:
            return False
        return self.is_candidate(task)

    def is_candidate(self, task: UserTask) -> bool:
        return self.user_id in task.candidate_users or bool(self.groups & set(task.candidate_groups))


SYSTEM = Actor("system", system=True)
