"""What the tests of releases have in common: an office with the shipped processes, two designers, and a small change."""

from __future__ import annotations

import datetime as dt

from engine.model import Actor, UserTask
from procurement.studio.contents import digest
from procurement.studio.release.model import PROCESS, Release
from web.composition import Services

TABLE = "processes/goal_setting/method_route.dmn"
DIAGRAM = "processes/goal_setting/goal_setting.bpmn"
FORM = "forms/goal_setting/set_objectives.form"
README = "processes/goal_setting/README.md"
PEOPLE = {"lin": ["designer"], "he": ["designer"], "boss": ["admin"], "leader": ["street_leader"]}
LIN, HE = Actor("lin", frozenset({"designer"})), Actor("he", frozenset({"designer"}))
BOSS, LEADER = Actor("boss", frozenset({"admin"})), Actor("leader", frozenset({"street_leader"}))


def introduce(services: Services) -> None:
    """Accounts, so that permissions find people."""
    for login, roles in PEOPLE.items():
        services.office.accounts.create(login, login.title(), "correct horse battery", roles=roles)


def changed(services: Services, path: str, old: bytes, new: bytes, *, by: Actor = LIN, title: str = "改一处") -> int:
    """A draft in which ``old`` became ``new`` in one file."""
    studio = services.studio
    draft = studio.drafts.begin("goal_setting", title, "办公会", actor=by)
    before = studio.shelf.content(path)
    assert old in before
    studio.drafts.save(draft.key, path, before.replace(old, new, 1), base=digest(before), actor=by)
    return draft.key


def submitted(
    services: Services, draft: int, *, by: Actor = LIN, at: dt.datetime | None = None, trial: dt.date | None = None
) -> Release:
    return services.studio.releases.submit(draft, reason="街道办公会决定", release_at=at, trial_until=trial, actor=by)


def task(services: Services, release: Release, element: str = "review_change") -> UserTask:
    [found] = services.engine.tasks(business_key=release.number, process_id=PROCESS, element_id=element).items
    return found


def sign(services: Services, release: Release, *, by: Actor = HE, opinion: str = "agree", reason: str | None = None) -> None:
    values = {"review_change_opinion": opinion} | ({"review_change_reason": reason} if reason else {})
    services.engine.complete_task(task(services, release).key, values, actor=by)
    services.engine.fire_due_timers()


def move(services: Services, to: dt.datetime) -> None:
    services.engine.advance_clock(to, actor=Actor("system", system=True))
