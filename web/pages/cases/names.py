"""What people and groups are called on a page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g
from flask_babel import gettext as _

from engine.errors import NotFound
from engine.model import UserTask
from procurement.accounts.roles import ROLES
from web.discreet import HIDDEN
from web.pages.services import office


def learn(logins: Iterable[str]) -> None:
    """Ask for several names at once, so that ``person_name`` need not ask for each."""
    known: dict[str, str] = g.setdefault("person_names", {})
    wanted = set(logins) - known.keys() - {""}
    if wanted:
        known.update({login: login for login in wanted} | office().accounts.names(wanted))


def person_name(login: str | None) -> str:
    """The person's name; the login name for an account that is gone, 系统 for the engine itself."""
    if not login:
        return ""
    if login == HIDDEN or login in g.get("secret_people", frozenset()):
        return _("评审专家（结果公布以前保密）")
    if login in ("system", "worker", "engine"):
        return "系统"
    known: dict[str, str] = g.setdefault("person_names", {})
    if login not in known:
        try:
            known[login] = office().accounts.user(login).name
        except NotFound:
            known[login] = login
    return known[login]


def group_name(group: str) -> str:
    """A role's label, with the name of the organisation or agency it is."""
    kind, _, party = group.partition(":")
    label = ROLES.get(kind, kind)
    return f"{label} {_party_name(kind, party)}" if party else label


def learn_parties(groups: Iterable[str]) -> None:
    """Ask for the names of several organisations and agencies at once, so that ``group_name`` need not ask for each."""
    wanted = {group for group in groups if ":" in group}
    learn_organisations(group.partition(":")[2] for group in wanted if group.startswith("organisation:"))
    if any(group.startswith("agency:") for group in wanted):
        g.setdefault("party_names", {}).update({one.id: one.name for one in office().parties.agencies()})


def _party_name(kind: str, party: str) -> str:
    """An expert's number stays a number: the name may be secret."""
    known: dict[str, str] = g.setdefault("party_names", {})
    if party not in known:
        named = {"organisation": organisation_name, "agency": agency_name}.get(kind)
        known[party] = named(party) if named else party
    return known[party]


def holders(task: UserTask) -> str:
    """Who may work on an open task, in a few words."""
    if task.assignee:
        return person_name(task.assignee)
    groups = [group_name(group) for group in task.candidate_groups]
    return "、".join([*groups, *(person_name(login) for login in task.candidate_users)]) or "—"


def doers(task: UserTask) -> str:
    """Who completed the task, or who may work on it."""
    return person_name(task.completed_by) if task.state == "completed" else holders(task)


def learn_organisations(ids: Iterable[str | None]) -> None:
    """Ask for several names at once, so that ``organisation_name`` need not ask for each."""
    known: dict[str, str] = g.setdefault("organisation_names", {})
    if wanted := {id_ for id_ in ids if id_} - known.keys():
        known.update({id_: id_ for id_ in wanted} | office().parties.organisation_names(wanted))


def organisation_name(organisation_id: str) -> str:
    """The name; the id itself for one that is not registered."""
    learn_organisations([organisation_id])
    known: dict[str, str] = g.organisation_names
    return known.get(organisation_id, organisation_id)


def agency_name(agency_id: str) -> str:
    try:
        return office().parties.agency(agency_id).name
    except NotFound:
        return agency_id
