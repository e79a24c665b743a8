"""Somebody else's purchase: every route an outsider may enter at all, with the numbers, keys and hashes of a case that is not theirs.

Nothing they get names it or tells what only insiders may know, nothing breaks, and the case stays exactly as it was.
"""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.attacks.outsiders import outsiders, state
from tests.attacks.played import KEYS
from tests.attacks.walking import Step, entered, steps, take
from tests.attacks.world import Case, World
from web.auth import access
from web.auth.audiences import PUBLIC
from web.composition import Services

REFUSED = {403, 404}
OF_NO_CASE = {200, 301, 302, 303, 400, 403, 404, 409, 422}
# A draw is public from its announcement on, names excepted; what a comparison published may be read in the portal and answered
# by anybody who may apply: the office refuses by period and admission, never because somebody guessed a number.
PUBLISHED = {
    "draws": {200, 403, 404, 409, 422},
    "supplier": {200, 303, 404, 409, 422},
    "panels": {200, 403, 404, 409, 422},
    "sealed_bids": {200, 303, 403, 404, 409, 422},
}
WITH_EXAMPLES = {"login.show", "login.enter", "registers.catalogue"}  # the demo's list of accounts; a purchase called as its item


@pytest.mark.parametrize("key", KEYS)
def test_outsiders_read_nothing_and_change_nothing(key: str, office: Services, pages: Flask, world: World) -> None:
    case = world.cases[key]
    before, wrong, tried = state(office, case), [], 0
    for login in outsiders(office, world, case):
        client, roles = entered(pages, office, login), office.person(login).roles
        for step in steps(pages, case.values):
            if access.allowed(step.endpoint, roles) and step.endpoint != "login.leave":
                tried += 1
                wrong += [f"{step} as {login}: {one}" for one in complaints(step, take(client, step), case)]
    assert tried > 100
    assert not wrong, "\n".join(wrong)
    assert state(office, case) == before


def complaints(step: Step, answer: TestResponse, case: Case) -> list[str]:
    blueprint = step.endpoint.partition(".")[0]
    published = blueprint in PUBLISHED and (case.published or blueprint == "draws")
    secret = case.secrets if published or access.TABLE[step.endpoint] == PUBLIC else names(case)
    text = said(answer).replace(step.address, "")
    told = [one for one in secret if one in text and one not in step.address and step.endpoint not in WITH_EXAMPLES]
    about = any(value in step.address for some in case.values.values() for value in some)
    allowed = OF_NO_CASE if not about or access.TABLE[step.endpoint] == PUBLIC else PUBLISHED[blueprint] if published else REFUSED
    return [f"tells {told[:3]}"] * bool(told) + [answer.status] * (answer.status_code not in allowed)


def said(answer: TestResponse) -> str:
    """Words of a page; an archive or a picture has none to read."""
    return answer.get_data().decode("utf-8", "replace")


def names(case: Case) -> frozenset[str]:
    return case.secrets | {case.purchase.id, case.purchase.title}


def test_an_insider_finds_the_secrets_in_the_same_way(office: Services, pages: Flask, world: World) -> None:
    """So that the test above cannot pass for want of anything to find."""
    for case in world.cases.values():
        client = entered(pages, office, "cgjb")
        seen = [client.get(f"/purchases/{case.purchase.id}{page}").text for page in ("", "/documents", "/history")]
        assert any(one in text for text in seen for one in case.secrets), case.key
        assert all(case.purchase.title in text for text in seen)
