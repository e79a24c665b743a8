"""Who has nothing to do with a purchase: complete strangers, and people who sit in another one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from procurement.accounts.roles import PARTY_ROLES
from procurement.registers.edits import RegisterEdit
from tests.attacks.world import Case, World
from web.composition import Services

THEIR_OWN = ("opening_keys", "api_tokens", "mail_wishes", "users")  # what anybody may make for themselves


def outsiders(services: Services, world: World, case: Case) -> Iterator[str]:
    """For each kind of party one that sits in another of the purchases and one that sits in none; and a designer."""
    accounts = services.office.accounts
    for role in sorted(PARTY_ROLES):
        logins = {user.login: accounts.actor(user.login).groups for user in accounts.search(role=role, limit=200)}
        away = {login: groups for login, groups in logins.items() if not case.is_inside(login, groups)}
        neighbours = [n for n, groups in away.items() if any(other.is_inside(n, groups) for other in world.cases.values())]
        strangers = [login for login in away if login not in neighbours]
        yield from neighbours[:1] + strangers[:1]
    yield "lcsj"


def state(services: Services, case: Case) -> tuple[object, ...]:
    """What would differ if anything had been done to a purchase: its tasks, its history, any edit of its rows."""
    engine, number = services.engine, case.purchase.id
    roots = engine.instances(business_key=number, roots_only=True, limit=20).items
    tasks = tuple((task.key, task.assignee, task.state) for task in engine.tasks(business_key=number, limit=200).items)
    history = tuple(engine.newest_history(root.key, limit=1)[0].seq for root in roots)
    with services.office.desk.reading() as session:
        own = [value for some in case.values.values() for value in some]
        edits = session.scalar(
            select(func.count())
            .select_from(RegisterEdit)
            .where(RegisterEdit.row_key.in_(own), RegisterEdit.register.not_in(THEIR_OWN))
        )
    return tasks, history, edits
