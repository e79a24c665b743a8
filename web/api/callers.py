"""Who calls: a token (bearer) or a login with password (basic), and what its scopes allow.

A token never allows more than its owner may do: the access table is asked with the owner's roles, and the engine with the
owner as actor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer

from engine.errors import NotPermitted
from engine.facade import ProcessEngine
from engine.model import Actor
from procurement.accounts.roles import SCOPES
from procurement.office import Office
from web.api.problems import Unauthenticated
from web.auth import access
from web.composition import Services
from web.discreet import DiscreetEngine
from web.request_log import known
from web.reserved import ReservedEngine

_bearer = HTTPBearer(auto_error=False, description="A token made on your account page")
_basic = HTTPBasic(auto_error=False, description="Login and password; every scope")

JOBS = "jobs"
_IDEMPOTENCY = "Chosen by the sender: the same request sent again under the same key happens once and answers the same"


@dataclass(frozen=True)
class Caller:
    """``scopes`` of a token; a login with password has them all."""

    actor: Actor
    roles: frozenset[str]
    scopes: frozenset[str]
    name: str

    def has(self, scope: str) -> bool:
        """``jobs`` also for a token that may only work on jobs of some types."""
        return scope in self.scopes or (scope == JOBS and any(one.startswith(f"{JOBS}:") for one in self.scopes))

    def require_job_type(self, job_type: str) -> None:
        """Raises NotPermitted for jobs this token is not for."""
        if self.scopes.isdisjoint({JOBS, f"{JOBS}:{job_type}"}):
            raise NotPermitted("This token is not for jobs of the type {type}.", type=job_type)


def services(request: Request) -> Services:
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


def office(request: Request) -> Office:
    return services(request).office


def _caller(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    basic: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
) -> Caller:
    accounts = office(request).accounts
    if bearer is not None:
        user, scopes = accounts.user_of_token(bearer.credentials)
    elif basic is not None:
        user, scopes = accounts.log_in(basic.username, basic.password, address=_address(request)), frozenset(SCOPES)
    else:
        raise Unauthenticated
    known(user=user.login)
    return Caller(office(request).actor_of(user), frozenset(user.roles), scopes, user.name)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def command_id(
    caller: Annotated[Caller, Depends(_caller)],
    chosen: Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[!-~]{1,200}$", description=_IDEMPOTENCY)] = None,
) -> str | None:
    """Each caller has keys of their own."""
    return None if chosen is None else f"api {caller.actor.user_id} {chosen}"


def engine(request: Request, caller: Annotated[Caller, Depends(_caller)]) -> ProcessEngine:
    """As the caller may see it: the panels of running comparisons are secret to most, visits nobody announces to all but a few."""
    found = services(request).engine
    secret = office(request).panels.secret(actor=caller.actor)
    if reserved := office(request).matters.reserved(actor=caller.actor):
        return ReservedEngine(found, reserved, secret, caller.actor)
    return DiscreetEngine(found, secret, caller.actor) if secret else found


def needs(scope: str) -> Callable[..., Caller]:
    """A dependency: the caller, if their token has ``scope`` and their roles have a row for this route."""

    def caller(request: Request, found: Annotated[Caller, Depends(_caller)]) -> Caller:
        if not found.has(scope):
            raise NotPermitted("This token does not have the scope {scope}. Make one that has it.", scope=scope)
        route = f"{request.method} {request.scope['route'].path}"
        if not access.allowed(route, found.roles):
            raise NotPermitted("Your roles do not allow {route}. Ask an administrator for the role it needs.", route=route)
        return found

    return caller


Reader = Annotated[Caller, Depends(needs("read"))]
Worker = Annotated[Caller, Depends(needs("work"))]
JobWorker = Annotated[Caller, Depends(needs("jobs"))]
Deployer = Annotated[Caller, Depends(needs("deploy"))]
CommandId = Annotated[str | None, Depends(command_id)]
Operator = Annotated[Caller, Depends(needs("operate"))]
Engine = Annotated[ProcessEngine, Depends(engine)]
