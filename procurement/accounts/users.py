"""Users: create, change, log in. Every function works in the caller's session and leaves the commit to it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.accounts import passwords
from procurement.accounts.errors import LoginTaken
from procurement.accounts.roles import PARTY_ROLES, ROLES
from procurement.accounts.tables import User

LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,31}")
GROUP = re.compile(r"(agency|organisation|expert):[a-z0-9-]{1,40}")


def create_user(
    session: Session,
    login: str,
    name: str,
    password: str,
    *,
    roles: Iterable[str],
    groups: Iterable[str] = (),
    unit: str = "",
    now: dt.datetime,
) -> User:
    """A new active account. Raises InvalidInput, WeakPassword or LoginTaken."""
    return add_user(session, login, name, passwords.hashed(password, login), roles=roles, groups=groups, unit=unit, now=now)


def add_user(
    session: Session,
    login: str,
    name: str,
    password_hash: str,
    *,
    roles: Iterable[str],
    groups: Iterable[str] = (),
    unit: str = "",
    demo: bool = False,
    now: dt.datetime,
) -> User:
    """A new account whose password is hashed already."""
    role_list, group_list = list(roles), list(groups)
    _check(login, name, role_list, group_list)
    if session.get(User, login) is not None:
        raise LoginTaken(login=login)
    user = User(
        login=login,
        name=name,
        password_hash=password_hash,
        roles=role_list,
        groups=group_list,
        unit=unit,
        demo=demo,
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def change_user(
    session: Session,
    login: str,
    *,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    groups: Iterable[str] | None = None,
    unit: str | None = None,
    active: bool | None = None,
) -> User:
    """Change what is given. Raises NotFound or InvalidInput."""
    user = get_user(session, login)
    user.name = user.name if name is None else name
    user.roles = user.roles if roles is None else list(roles)
    user.groups = user.groups if groups is None else list(groups)
    user.unit = user.unit if unit is None else unit
    user.active = user.active if active is None else active
    _check(user.login, user.name, user.roles, user.groups)
    session.flush()
    return user


def set_password(session: Session, login: str, password: str) -> None:
    """Raises NotFound or WeakPassword. A demo account becomes an ordinary one."""
    user = get_user(session, login)
    user.password_hash = passwords.hashed(password, login)
    user.demo = False
    session.flush()


def note_login(session: Session, login: str, now: dt.datetime) -> None:
    """A bulk statement, so that logging in leaves no edit history."""
    session.execute(update(User).where(User.login == login).values(last_login_at=now))


def get_user(session: Session, login: str) -> User:
    """Raises NotFound."""
    user = session.get(User, login)
    if user is None:
        raise NotFound(kind="User", key=login)
    return user


def names_of(session: Session, logins: Iterable[str]) -> dict[str, str]:
    """The names behind several logins; those nobody has are left out."""
    return {row.login: row.name for row in session.execute(select(User.login, User.name).where(User.login.in_(set(logins))))}


def search_users(session: Session, words: str = "", *, role: str = "", limit: int = 200, after: str = "") -> Sequence[User]:
    """By login, name or unit; ordered by login; ``after`` is the last login of the page before."""
    query = select(User).where(User.login > after)
    if words:
        pattern = f"%{words}%"
        query = query.where(or_(User.login.ilike(pattern), User.name.ilike(pattern), User.unit.ilike(pattern)))
    if role:
        query = query.where(User.roles.contains([role]))
    return session.scalars(query.order_by(User.login).limit(limit)).all()


def actor_of(user: User) -> Actor:
    """What the engine sees of a user: roles and party groups are both candidate groups."""
    return Actor(user.login, frozenset(user.roles) | frozenset(user.groups))


def _check(login: str, name: str, roles: list[str], groups: list[str]) -> None:
    errors = []
    if not LOGIN.fullmatch(login):
        errors.append(
            FieldError("login", "Use 2 to 32 lower-case letters, digits, dots, hyphens or underscores, beginning with a letter.")
        )
    if not name.strip():
        errors.append(FieldError("name", "Enter the person's name."))
    errors += [FieldError("roles", "There is no role {role}.", {"role": role}) for role in roles if role not in ROLES]
    errors += [
        FieldError("groups", "{group} is not a party: write agency:…, organisation:… or expert:…", {"group": group})
        for group in groups
        if not GROUP.fullmatch(group)
    ]
    parties = {group.partition(":")[0] for group in groups}
    errors += [
        FieldError("groups", "The role {role} needs the party it acts for.", {"role": role})
        for role in roles
        if role in PARTY_ROLES and role not in parties
    ]
    if errors:
        raise InvalidInput(fields=tuple(errors))
