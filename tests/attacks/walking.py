"""Walking over every route of the pages as somebody: which addresses there are, who is logged in, what came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.attacks.world import kind_of
from web.auth.session import contents
from web.composition import Services

METHODS = ("GET", "POST")
MOST = 2  # objects of one kind that are tried at one route: the first and the last


@dataclass(frozen=True)
class Step:
    """One request of the walk."""

    method: str
    endpoint: str
    address: str

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint})"


def steps(pages: Flask, values: Mapping[str, Sequence[str]], methods: Sequence[str] = METHODS) -> Iterator[Step]:
    """Every route with every object of ``values`` it may be about; routes about a kind that is not there are left out."""
    for method in methods:
        for rule in pages.url_map.iter_rules():
            if method in (rule.methods or ()):
                yield from (Step(method, rule.endpoint, address) for address in addresses(pages, rule, values))


def addresses(pages: Flask, rule: Rule, values: Mapping[str, Sequence[str]]) -> list[str]:
    kinds = {argument: kind_of(rule.endpoint, argument) for argument in rule.arguments}
    if not all(values.get(kind) for kind in kinds.values()):
        return []
    few = {argument: spread(values[kind]) for argument, kind in kinds.items()}
    with pages.test_request_context():
        return [
            pages.url_for(
                rule.endpoint, **{argument: _typed(rule, argument, some[n % len(some)]) for argument, some in few.items()}
            )
            for n in range(max((len(some) for some in few.values()), default=1))
        ]


def spread(some: Sequence[str]) -> list[str]:
    """The first and the last."""
    if len(some) <= MOST:
        return list(some)
    return [some[n * (len(some) - 1) // (MOST - 1)] for n in range(MOST)]


def _typed(rule: Rule, argument: str, value: str) -> str | int:
    return int(value) if type(rule._converters[argument]).__name__ == "IntegerConverter" else value


def entered(pages: Flask, services: Services, login: str | None) -> FlaskClient:
    """A browser somebody is logged in with; None: a visitor."""
    client = pages.test_client()
    if login and (person := services.person(login)):
        with client.session_transaction() as session:
            session.update(contents(person))
    return client


def take(client: FlaskClient, step: Step, form: Mapping[str, str] | None = None) -> TestResponse:
    return client.open(step.address, method=step.method, data=form if step.method == "POST" else None)
