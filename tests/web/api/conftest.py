"""Clients of the JSON API: plain HTTP with a token, and the published client library, unmodified.

``token_of(login, scopes)``   a new token of a demo account
``api(login, scopes)``        an HTTP client that carries one
``sdk(login, scopes)``        a CamundaClient that carries one
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient

from procurement.accounts.roles import SCOPES
from web.composition import Services


class Bearer:
    """How the client library takes a token that is there already."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


@pytest.fixture
def token_of(services: Services) -> Callable[..., str]:
    def make(login: str, scopes: tuple[str, ...] = tuple(SCOPES)) -> str:
        actor = services.office.accounts.actor(login)
        return services.office.accounts.create_token(login, "tests", scopes, actor=actor)[1]

    return make


@pytest.fixture
def api(server: str, token_of: Callable[..., str]) -> Iterator[Callable[..., httpx.Client]]:
    opened: list[httpx.Client] = []

    def enter(login: str, scopes: tuple[str, ...] = tuple(SCOPES)) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token_of(login, scopes)}"}
        opened.append(httpx.Client(base_url=f"{server}/v2", headers=headers, timeout=60, verify=False))
        return opened[-1]

    yield enter
    for client in opened:
        client.close()


@pytest.fixture
def sdk(server: str, token_of: Callable[..., str]) -> Iterator[Callable[..., CamundaClient]]:
    opened: dict[str, CamundaClient] = {}

    def enter(login: str) -> CamundaClient:
        if login not in opened:
            opened[login] = CamundaClient({"CAMUNDA_REST_ADDRESS": server}, auth_provider=Bearer(token_of(login)))
        return opened[login]

    yield enter
    for client in opened.values():
        client.close()
