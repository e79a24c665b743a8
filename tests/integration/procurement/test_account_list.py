"""Who can be chosen by name: open accounts of the groups asked for, without experts who may not judge."""

from __future__ import annotations

import datetime as dt

from procurement.accounts.users import add_user, change_user
from procurement.registers.parties import Expert, ExpertRecusal, Organisation
from tests.integration.procurement.conftest import START


def account(session, login, name, role, *groups):
    add_user(session, login, name, "x", roles=[role], groups=groups, unit="某单位", now=START)


def expert(session, number, **more):
    login = f"zj9{number}"
    account(session, login, f"专家{number}", "expert", f"expert:exp-9{number}")
    row = Expert(id=f"exp-9{number}", name=f"专家{number}", fields=["elderly"], unit="某单位", login=login, **more)
    session.add(row)
    session.flush()
    return row


def listed(perform, **inputs):
    return {row["login"] for row in perform("account.list", **inputs)["accounts"]}


def test_accounts_of_the_groups_asked_for_are_listed_with_the_group_they_are_in(session, perform):
    account(session, "agy901", "丙", "agency", "agency:agy-90")
    account(session, "agy911", "丁", "agency", "agency:agy-91")
    account(session, "czs901", "甲", "finance")
    account(session, "czs902", "乙", "finance")
    change_user(session, "czs902", active=False)
    rows = {row["login"]: row for row in perform("account.list", groups=["finance", "agency:agy-90"])["accounts"]}
    known = {"login": "czs901", "name": "甲", "unit": "某单位", "groups": ["finance"], "expert_id": None, "title": None}
    assert rows["czs901"] == known
    assert rows["agy901"]["groups"] == ["agency:agy-90"]
    assert not {"czs902", "agy911"} & rows.keys()
    assert listed(perform, groups=[]) == set()


def test_experts_who_may_not_judge_the_organisation_are_left_out(session, perform):
    organisation = Organisation(
        id="org-90", name="某中心", kind="social_service", credit_code="52510104MJQ100090X", registration_authority="区民政局",
        registered_on=dt.date(2015, 1, 1), scope="服务", legal_representative="某",
    )  # fmt: skip
    session.add(organisation)
    expert(session, 1)
    related = expert(session, 2)
    session.add(ExpertRecusal(organisation_id="org-90", expert_id=related.id, relation="kinship"))
    expert(session, 3, suspended_until=START.date())
    expert(session, 4, active=False)
    expert(session, 5)
    session.flush()
    everybody = listed(perform, groups=["expert"], on=START.date())
    assert {"zj91", "zj92", "zj95"} <= everybody
    assert not {"zj93", "zj94"} & everybody
    chosen = listed(perform, groups=["expert"], exclude_organisations=["org-90"], exclude_experts=["exp-95"], on=START.date())
    assert "zj91" in chosen
    assert not {"zj92", "zj95"} & chosen
