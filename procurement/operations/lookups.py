"""Operations that only look things up: the catalogue, the office's numbers, people's accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ARRAY, Text, cast, select

from engine.errors import ExecutionFailed
from engine.ports import Operation, OperationCall
from procurement.accounts.tables import User
from procurement.accounts.users import actor_of
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading
from procurement.operations.rules import rule
from procurement.registers.cataloguing import catalogue_item_on, catalogue_on
from procurement.registers.conflicts import barred_experts
from procurement.registers.parties import Expert


class CommitteeEmpty(ExecutionFailed):
    """Nobody has the role committee, so there is no meeting to hold. Give the role to the members, then retry."""


def catalogue_lookup(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """code, on → found, code, name, category, statutory_scope, note."""
    code = inputs.text("code", "")
    item = catalogue_item_on(call.session, code, inputs.date("on", call.now.date()))
    return {
        "found": item is not None,
        "code": code,
        "name": item.name if item else "",
        "category": item.category if item else "",
        "statutory_scope": item.statutory_scope if item else False,
        "note": item.note if item else "",
    }


def catalogue_list(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """Takes on → items [{code, name, category, statutory_scope}] of the catalogue in force that day."""
    items = catalogue_on(call.session, inputs.date("on", call.now.date()))
    return {
        "items": [{"code": i.code, "name": i.name, "category": i.category, "statutory_scope": i.statutory_scope} for i in items]
    }


def rule_value(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """rule_id, on → value, unit, comparator, document, article, mark, override, approver: one row of ``office_rules``."""
    return rule(call, inputs.text("rule_id"), inputs.date("on", call.now.date()))


def committee_members(call: OperationCall, _inputs: Inputs) -> Mapping[str, Any]:
    """Gives members [{login, name, duty}] with the role ``committee``, by login."""
    query = select(User).where(User.active, User.roles.contains(["committee"])).order_by(User.login)
    members = [{"login": user.login, "name": user.name, "duty": user.unit} for user in call.session.scalars(query)]
    if not members:
        raise CommitteeEmpty
    return {"members": members}


def list_accounts(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """groups, exclude_organisations, exclude_experts, employment_years, on → accounts, by name.

    An account is {login, name, unit, groups, expert_id, title}. Listed are open ones in any of the groups; experts who may
    not judge those organisations that day, and those named, are left out.
    """
    wanted = inputs.texts("groups")
    asked = cast(wanted, ARRAY(Text))
    in_groups = User.active, User.roles.overlap(asked) | User.groups.overlap(asked)
    users = call.session.scalars(select(User).where(*in_groups).order_by(User.name, User.login)).all()
    of_them = select(Expert).where(Expert.login.in_([user.login for user in users]))
    experts = {expert.login: expert for expert in call.session.scalars(of_them)}
    barred = barred_experts(
        call.session,
        experts.values(),
        inputs.texts("exclude_organisations"),
        inputs.texts("exclude_experts"),
        inputs.date("on", call.now.date()),
        employment_years=inputs.whole("employment_years", 0),
    )
    left_out = {login for login, expert in experts.items() if not expert.active or expert.id in barred}
    return {
        "accounts": [
            {
                "login": user.login,
                "name": user.name,
                "unit": user.unit,
                "groups": sorted(actor_of(user).groups & set(wanted)),
                "expert_id": experts[user.login].id if user.login in experts else None,
                "title": experts[user.login].title if user.login in experts else None,
            }
            for user in users
            if user.login not in left_out
        ]
    }


OPERATIONS: dict[str, Operation] = {
    "catalogue.lookup": reading(catalogue_lookup),
    "catalogue.list": reading(catalogue_list),
    "rule.value": reading(rule_value),
    "committee.members": reading(committee_members),
    "account.list": reading(list_accounts),
}
