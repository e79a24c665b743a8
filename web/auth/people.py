"""The person in front of the page, as Flask-Login and the engine each want to see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_login import UserMixin, current_user

from engine.model import Actor
from procurement.accounts.roles import PARTY_ROLES, ROLES


@dataclass(frozen=True)
class Person(UserMixin):
    """``groups`` are party groups such as ``organisation:org-01``."""

    login: str
    name: str
    roles: frozenset[str]
    groups: frozenset[str] = frozenset()
    unit: str = ""
    mark: str = field(default="", repr=False)  # of the password: see procurement.accounts.passwords

    def get_id(self) -> str:
        return self.login

    @property
    def actor(self) -> Actor:
        return Actor(self.login, self.roles | self.groups)

    @property
    def is_outsider(self) -> bool:
        """Agencies, experts and organisations see only what concerns them."""
        return self.roles <= PARTY_ROLES

    @property
    def role_names(self) -> list[str]:
        return [label for role, label in ROLES.items() if role in self.roles]

    def party(self, kind: str) -> str | None:
        """The id behind a party group: ``party("agency")`` of ``agency:agy-01`` is ``agy-01``."""
        return next((group.partition(":")[2] for group in sorted(self.groups) if group.startswith(f"{kind}:")), None)


def current_person() -> Person | None:
    """Who is logged in, None for a visitor."""
    person = current_user._get_current_object()  # noqa: SLF001 - Flask-Login's documented way to the object itself
    return person if isinstance(person, Person) else None


def me() -> Person:
    """Who is logged in; only for views whose access row is not public."""
    person = current_person()
    assert person is not None
    return person


def acting() -> Actor:
    return me().actor
