from __future__ import annotations

import datetime as dt

import pytest

from engine.errors import InvalidInput, NotFound
from procurement.accounts import passwords, throttling
from procurement.accounts.errors import LoginTaken, TokenRefused, TooManyAttempts, WeakPassword
from procurement.accounts.tokens import create_token, revoke_token, user_of_token
from procurement.accounts.users import actor_of, change_user, create_user, search_users, set_password
from procurement.registers.edits import edits_of
from tests.integration.procurement.conftest import START

PASSWORD = "long enough 1"


def user(session, login="lin", **more):
    return create_user(session, login, "林", PASSWORD, **{"roles": ["department"], "now": START, **more})


def test_a_new_user_can_be_recognised_by_the_password_and_by_nothing_else(session):
    stored = user(session).password_hash
    assert passwords.matches(stored, PASSWORD)
    assert not passwords.matches(stored, PASSWORD + "x")
    assert not passwords.matches(None, PASSWORD)
    assert not passwords.matches("no hash at all", PASSWORD)


def test_roles_and_parties_are_both_candidate_groups(session):
    actor = actor_of(user(session, roles=["organisation"], groups=["organisation:org-01"]))
    assert actor.user_id == "lin"
    assert actor.groups == {"organisation", "organisation:org-01"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"login": "Lin Da"}, "login"),
        ({"roles": ["king"]}, "roles"),
        ({"roles": ["organisation"]}, "groups"),
        ({"groups": ["org-01"]}, "groups"),
    ],
)
def test_an_impossible_account_is_refused_beside_its_field(session, more, field):
    with pytest.raises(InvalidInput) as refusal:
        user(session, **more)
    assert [error.path for error in refusal.value.fields] == [field]


@pytest.mark.parametrize("password", ["short", "lin-the-great-1"])
def test_a_weak_password_is_refused(session, password):
    with pytest.raises(WeakPassword, match="at least 10"):
        create_user(session, "lin", "林", password, roles=[], now=START)


def test_a_login_name_is_given_once(session):
    user(session)
    with pytest.raises(LoginTaken, match="lin"):
        user(session)


def test_changes_are_kept_in_the_history_without_the_password(session):
    user(session)
    change_user(session, "lin", roles=["finance"], active=False)
    set_password(session, "lin", "another long one")
    newest, changed, created = edits_of(session, "users", "lin")
    assert (newest.before, newest.after) == ({"password_hash": "•••"}, {"password_hash": "•••"})
    assert changed.after == {"roles": ["finance"], "active": False}
    assert created.before is None
    assert created.after["password_hash"] == "•••"
    assert created.editor == "tester"


def test_users_are_found_by_words_and_role(session):
    user(session)
    user(session, "wang", roles=["finance"])
    assert [found.login for found in search_users(session, role="finance")] == ["wang"]
    assert [found.login for found in search_users(session, "LI")] == ["lin"]


def test_the_sixth_wrong_password_waits_and_every_further_one_twice_as_long(session):
    counted = throttling.keys("lin", "192.0.2.1")
    now = START
    for _ in range(throttling.FREE_ATTEMPTS["login"]):
        throttling.refuse_if_blocked(session, counted, now)
        throttling.count_failure(session, counted, now)
    with pytest.raises(TooManyAttempts, match="30 seconds"):
        throttling.refuse_if_blocked(session, counted, now)
    now += throttling.FIRST_WAIT
    throttling.refuse_if_blocked(session, counted, now)
    throttling.count_failure(session, counted, now)
    with pytest.raises(TooManyAttempts, match="60 seconds"):
        throttling.refuse_if_blocked(session, counted, now)
    throttling.forget_login(session, "lin")
    throttling.refuse_if_blocked(session, counted, now)


def test_failures_are_forgotten_after_a_quiet_night(session):
    counted = throttling.keys("lin", "")
    for _ in range(20):
        throttling.count_failure(session, counted, START)
    tomorrow = START + dt.timedelta(hours=13)
    throttling.count_failure(session, counted, tomorrow)
    throttling.refuse_if_blocked(session, counted, tomorrow)


def test_many_names_from_one_address_are_slowed_down_too(session):
    for n in range(throttling.FREE_ATTEMPTS["address"]):
        throttling.count_failure(session, throttling.keys(f"name{n}", "192.0.2.1"), START)
    with pytest.raises(TooManyAttempts):
        throttling.refuse_if_blocked(session, throttling.keys("lin", "192.0.2.1"), START)


def test_a_token_names_its_owner_and_scopes_until_it_expires_or_is_revoked(session):
    user(session)
    row, secret = create_token(session, "lin", "script", ["read", "work"], now=START, expires_at=START + dt.timedelta(days=1))
    assert secret not in str(vars(row))
    owner, scopes = user_of_token(session, secret, START)
    assert (owner.login, scopes) == ("lin", {"read", "work"})
    with pytest.raises(TokenRefused):
        user_of_token(session, secret, START + dt.timedelta(days=1))
    with pytest.raises(NotFound):
        revoke_token(session, row.id, "wang", START)
    revoke_token(session, row.id, "lin", START)
    with pytest.raises(TokenRefused):
        user_of_token(session, secret, START)


def test_a_token_needs_known_scopes_and_an_open_account(session):
    user(session)
    for scopes in ([], ["everything"]):
        with pytest.raises(InvalidInput):
            create_token(session, "lin", "x", scopes, now=START)
    _, secret = create_token(session, "lin", "x", ["read"], now=START)
    change_user(session, "lin", active=False)
    with pytest.raises(TokenRefused):
        user_of_token(session, secret, START)
