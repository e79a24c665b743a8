"""The engine in front of somebody who may not know yet who sits on a panel (财库〔2016〕198号 第十九条; 87号令 第四十七条).

Everything a case says passes here on its way to a page or an answer of the API: tasks, variables, history, decisions, jobs,
incidents. In cases whose panel is still secret the people of the pool are covered up, whether they were drawn or not, so
that what is covered tells nothing. Searches for a person or a word leave these cases out: a hit would tell as much as the name.
What somebody works on is shown as it is: a form says what its task needs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from engine import json_codec
from engine.facade import ProcessEngine, TaskForm
from engine.model import Actor, Comparisons, HistoryEntry, Incident, Job, Page, Searched, UserTask, Variable
from procurement.office.panels import PanelSecret, Secret, ValueCovered

HIDDEN = "***"
Values = Mapping[str, Any]
PERSON = ("expert_id", "login")  # a value with one of these is about a person: a unit tells as much as a name
SEARCHED = ("assignee", "completed_by", "candidate_user", "actor", "says")


@lru_cache(maxsize=64)
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    """Long words first; numbers and accounts only where they stand alone."""
    found = [
        rf"(?<![A-Za-z0-9_-]){re.escape(word)}(?![A-Za-z0-9_-])" if word.isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(found))


@lru_cache(maxsize=64)
def _written(words: frozenset[str]) -> tuple[str, ...]:
    """The words as JSON holds them."""
    return tuple(json_codec.dumps_stored(word)[1:-1] for word in words)


def covered(value: Any, words: frozenset[str]) -> Any:
    """``value`` with every word of the pool replaced; a record of one of its people says nothing at all."""
    text = json_codec.dumps_stored(value)
    if not any(word in text for word in _written(words)):
        return value  # most of what a case says names nobody
    pattern = _pattern(words)

    def cover(inner: Any) -> Any:
        if isinstance(inner, str):
            return pattern.sub(HIDDEN, inner)
        if isinstance(inner, Mapping):
            if any(inner.get(key) in words for key in PERSON if isinstance(inner.get(key), str)):
                return {key: HIDDEN if isinstance(one, str) else cover(one) for key, one in inner.items()}
            return {f"{HIDDEN}{n}" if key in words else key: cover(one) for n, (key, one) in enumerate(inner.items())}
        if isinstance(inner, (list, tuple)):
            return [cover(one) for one in inner]
        return inner

    return cover(value)


class DiscreetEngine(ProcessEngine):
    """Everything ``engine`` is, for ``actor``, but for what is ``secret``."""

    def __init__(self, engine: ProcessEngine, secret: Secret, actor: Actor) -> None:
        self.__dict__.update(vars(engine))  # one engine: the same database, clock, workshop and cases in memory
        self._secret, self._actor = secret, actor

    # values

    def variable(self, key: int) -> Variable:
        return self._variable(super().variable(key))

    def variables(self, of: int | None = None, **cut: Any) -> Page:
        return self._page(super().variables(of, **cut), self._variable)

    def visible_variables(self, element_key: int) -> list[Variable]:
        found = super().visible_variables(element_key)
        if found and found[0].root_key in self._secret.cases and self._is_own(element_key):
            return found
        return [self._variable(one) for one in found]

    def evaluate_expression(self, expression: str, variables: Values | None = None, *, scope_key: int | None = None) -> Any:
        if scope_key is not None and self._root_of(scope_key) in self._secret.cases:
            raise PanelSecret
        return super().evaluate_expression(expression, variables, scope_key=scope_key)

    def set_variables(self, scope_key: int, variables: Values, *, actor: Actor, local: bool = False, reason: str = "") -> None:
        """Raises ValueCovered for what was shown covered up and came back so."""
        lost = [name for name, value in variables.items() if HIDDEN in json_codec.dumps(value)]
        if lost and self._root_of(scope_key) in self._secret.cases:
            raise ValueCovered(variables="、".join(lost))
        super().set_variables(scope_key, variables, actor=actor, local=local, reason=reason)

    # tasks

    def task(self, key: int, *, actor: Actor | None = None) -> UserTask:
        return self._task(super().task(key, actor=actor))

    def tasks(self, **filters: Any) -> Page:
        return self._page(super().tasks(**self._searching(filters)), self._task)

    def task_form(self, task_key: int, *, actor: Actor) -> TaskForm:
        found = super().task_form(task_key, actor=actor)
        if found.task.root_key not in self._secret.cases or self._works_on(found.task):
            return found
        cover = self._cover
        return replace(found, task=self._task(found.task), context=cover(found.context), values=cover(found.values))

    # history

    def history(
        self, root_key: int, *, after_seq: int = 0, kinds: Collection[str] | None = None, **filters: Any
    ) -> list[HistoryEntry]:
        return self._entries(super().history(root_key, after_seq=after_seq, kinds=kinds, **filters))

    def newest_history(
        self, root_key: int, *, limit: int, kinds: Collection[str] | None = None, before_seq: int | None = None
    ) -> list[HistoryEntry]:
        return self._entries(super().newest_history(root_key, limit=limit, kinds=kinds, before_seq=before_seq))

    def histories_at(
        self, moments: Collection[tuple[int, dt.datetime]], kinds: Collection[str]
    ) -> dict[tuple[int, dt.datetime], list[HistoryEntry]]:
        found = super().histories_at(moments, kinds)
        return {place: self._entries(entries) for place, entries in found.items()}

    def audit(
        self, kinds: Collection[str], *, order: str = "-at", limit: int = 50, after: str | None = None, **filters: Any
    ) -> Searched:
        found = super().audit(kinds, order=order, limit=limit, after=after, **self._searching(filters))
        return replace(found, items=tuple(map(self._entry, found.items)))

    def audit_entry(self, root_key: int, seq: int) -> HistoryEntry:
        return self._entry(super().audit_entry(root_key, seq))

    def decision_instances(self, **cut: Any) -> Page:
        return self._page(super().decision_instances(**cut), self._entry)

    def decision_instance(self, root_key: int, seq: int) -> HistoryEntry:
        return self._entry(super().decision_instance(root_key, seq))

    # jobs and incidents

    def job(self, key: int) -> Job:
        return self._job(super().job(key))

    def jobs(self, **cut: Any) -> Page:
        return self._page(super().jobs(**cut), self._job)

    def incident(self, key: int) -> Incident:
        return self._incident(super().incident(key))

    def incidents(self, **cut: Any) -> Page:
        return self._page(super().incidents(**cut), self._incident)

    # covering up

    def _cover(self, value: Any) -> Any:
        return covered(value, self._secret.words)

    def _page(self, page: Page, cover: Any) -> Page:
        return replace(page, items=tuple(map(cover, page.items)))

    def _variable(self, one: Variable) -> Variable:
        return replace(one, value=self._cover(one.value)) if one.root_key in self._secret.cases else one

    def _task(self, one: UserTask) -> UserTask:
        if one.root_key not in self._secret.cases:
            return one
        return replace(
            one,
            assignee=self._cover(one.assignee),
            completed_by=self._cover(one.completed_by),
            candidate_users=tuple(self._cover(one.candidate_users)),
            name=self._cover(one.name),
            headers=self._cover(one.headers),
        )

    def _entries(self, entries: list[HistoryEntry]) -> list[HistoryEntry]:
        return [self._entry(one) for one in entries]

    def _entry(self, one: HistoryEntry) -> HistoryEntry:
        if one.root_key not in self._secret.cases or one.actor == self._actor.user_id:
            return one  # what somebody did they know
        return replace(one, actor=self._cover(one.actor), data=self._cover(one.data))

    def _job(self, one: Job) -> Job:
        if one.root_key not in self._secret.cases:
            return one
        cover = self._cover
        return replace(one, variables=cover(one.variables), headers=cover(one.headers), error_message=cover(one.error_message))

    def _incident(self, one: Incident) -> Incident:
        return replace(one, message=self._cover(one.message)) if one.root_key in self._secret.cases else one

    # asking

    def _searching(self, filters: dict[str, Any]) -> dict[str, Any]:
        """Filters by somebody else, or by words, look past the secret cases."""
        asked = [filters[name] for name in SEARCHED if filters.get(name) not in (None, "", self._actor.user_id)]
        if not asked:
            return filters
        wanted, hidden = filters.get("root_key"), tuple(self._secret.cases)
        tests: tuple[tuple[str, Any], ...] = (("not_in", hidden),)
        if isinstance(wanted, Comparisons):
            tests = (*wanted.tests, *tests)
        elif wanted is not None:
            tests = (("eq", wanted), *tests)
        return {**filters, "root_key": Comparisons(tests)}

    def _works_on(self, task: UserTask) -> bool:
        return task.completed_by == self._actor.user_id or (task.state == "created" and self._actor.may_work_on(task))

    def _is_own(self, element_key: int) -> bool:
        found = super().tasks(key=element_key, state=None, limit=1).items
        return bool(found) and self._works_on(found[0])

    def _root_of(self, scope_key: int) -> int:
        elements = self.elements(key=scope_key, limit=1).items
        return int(elements[0].root_key if elements else self.instance(scope_key).root_key)
