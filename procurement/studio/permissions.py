"""Who may edit, review and release which folder. Set by administrators; every change is kept with who and when.

Rows for a folder take the place of those for all folders, one action at a time: whoever is named for ``rules`` and ``review``
reviews it, and nobody else does. A holder is a login or ``role:designer``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotPermitted
from engine.facade import Database
from engine.model import Actor
from engine.ports import Clock
from procurement.accounts.roles import PARTY_ROLES, ROLES
from procurement.accounts.tables import User
from procurement.registers.edits import RegisterEdit, edit_as
from procurement.studio import layout
from procurement.studio.tables.releases import PermissionRow

EVERY = "*"
ACTIONS = ("edit", "review", "release")
ROLE = "role:"
ADMIN = "admin"


class FolderClosed(NotPermitted):
    """You may not {action} the folder {folder}. Ask an administrator, who decides this under “who may change rules”."""


@dataclass(frozen=True)
class Holders:
    """Who has one action on one folder; ``inherited``: no row of its own, those of all folders count."""

    folder: str
    action: str
    holders: tuple[str, ...]
    inherited: bool


class Permissions:
    """Implements ``procurement.studio.rights.Rights``. Functions that take a session work in the caller's transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def require(self, actor: Actor, folder: str, action: str) -> None:
        """Raises FolderClosed."""
        with self._database.unit_of_work() as work:
            self.require_in(work.session, actor, (folder,), action)

    def require_all(self, actor: Actor, folders: Iterable[str], action: str) -> None:
        """Raises FolderClosed for the first folder the person may not."""
        with self._database.unit_of_work() as work:
            self.require_in(work.session, actor, folders, action)

    def may(self, actor: Actor, folder: str, action: str) -> bool:
        try:
            self.require(actor, folder, action)
        except FolderClosed:
            return False
        return True

    def require_in(self, session: Session, actor: Actor, folders: Iterable[str], action: str) -> None:
        """Raises FolderClosed."""
        if actor.system:
            return
        for folder in folders:
            holders = _holders(session, folder, action).holders
            if actor.user_id not in holders and not {f"{ROLE}{group}" for group in actor.groups} & set(holders):
                raise FolderClosed(folder=folder, action=action)

    def people(self, session: Session, folders: Collection[str], action: str) -> list[User]:
        """Every active account that has the action on all the folders, by login."""
        found = session.scalars(select(User).where(User.active).order_by(User.login)).all()
        named = [set(_holders(session, folder, action).holders) for folder in folders]
        return [user for user in found if all(_is_held(user, holders) for holders in named)]

    def has(self, session: Session, login: str, folders: Collection[str], action: str) -> bool:
        """Whether the account behind ``login`` is active and has the action on all the folders."""
        user = session.get(User, login)
        return (
            user is not None and user.active and all(_is_held(user, set(_holders(session, f, action).holders)) for f in folders)
        )

    def table(self, folders: Sequence[str]) -> list[Holders]:
        """For all folders first, then for each folder: who has which action."""
        with self._database.unit_of_work() as work:
            known: dict[tuple[str, str], list[str]] = {}
            for row in work.session.scalars(select(PermissionRow).order_by(PermissionRow.holder)):
                known.setdefault((row.folder, row.action), []).append(row.holder)
        pairs = [(folder, action) for folder in (EVERY, *folders) for action in ACTIONS]
        return [
            _chosen(folder, action, known.get((folder, action), []), known.get((EVERY, action), [])) for folder, action in pairs
        ]

    def grant(self, folder: str, action: str, holders: Collection[str], *, actor: Actor) -> None:
        """Name everybody who has ``action`` on ``folder``; nobody means: as for all folders. Raises NotPermitted, InvalidInput."""
        if not actor.system and ADMIN not in actor.groups:
            raise NotPermitted("Only an administrator decides who may change rules. Ask one.")
        wanted = list(dict.fromkeys(holder.strip() for holder in holders if holder.strip()))
        with self._database.unit_of_work() as work:
            _check(work.session, folder, action, wanted)
            edit_as(work.session, actor.user_id, self._clock.now())
            rows = {row.holder: row for row in _rows(work.session, folder, action)}
            for holder in rows.keys() - set(wanted):
                work.session.delete(rows[holder])
            work.session.add_all(
                PermissionRow(folder=folder, action=action, holder=holder) for holder in wanted if holder not in rows
            )
            work.commit()

    def history(self, limit: int = 100) -> Sequence[RegisterEdit]:
        """Every change of a permission, newest first."""
        query = select(RegisterEdit).where(RegisterEdit.register == PermissionRow.__tablename__)
        with self._database.unit_of_work() as work:
            found = work.session.scalars(query.order_by(RegisterEdit.id.desc()).limit(limit)).all()
            work.session.expunge_all()
            return found


def holder_name(holder: str) -> str:
    """What pages show for a role; a login is shown by the page, which knows the names."""
    return ROLES.get(holder.removeprefix(ROLE), holder) if holder.startswith(ROLE) else holder


def _is_held(user: User, holders: set[str]) -> bool:
    return user.login in holders or bool({f"{ROLE}{role}" for role in user.roles} & holders)


def _rows(session: Session, folder: str, action: str) -> Sequence[PermissionRow]:
    query = select(PermissionRow).where(PermissionRow.folder == folder, PermissionRow.action == action)
    return session.scalars(query.order_by(PermissionRow.holder)).all()


def _holders(session: Session, folder: str, action: str) -> Holders:
    own = [row.holder for row in _rows(session, folder, action)]
    every = [] if own or folder == EVERY else [row.holder for row in _rows(session, EVERY, action)]
    return _chosen(folder, action, own, every)


def _chosen(folder: str, action: str, own: Sequence[str], every: Sequence[str]) -> Holders:
    inherited = not own and folder != EVERY
    return Holders(folder, action, tuple(every if inherited else own), inherited)


def _check(session: Session, folder: str, action: str, holders: list[str]) -> None:
    errors = []
    if folder != EVERY and not layout.is_folder(folder):
        errors.append(FieldError("folder", "There is no folder {folder}.", {"folder": folder}))
    if action not in ACTIONS:
        errors.append(FieldError("action", "There is no action {action}.", {"action": action}))
    if not holders and folder == EVERY:
        errors.append(FieldError("holders", "Name somebody: with nobody here, nothing could be changed any more."))
    for holder in holders:
        role = holder.removeprefix(ROLE)
        if holder.startswith(ROLE):
            if role not in ROLES or role in PARTY_ROLES:
                errors.append(FieldError("holders", "There is no role {role} in the office.", {"role": role}))
        elif session.get(User, holder) is None:
            errors.append(FieldError("holders", "There is no account {login}.", {"login": holder}))
    if errors:
        raise InvalidInput(fields=tuple(errors))
