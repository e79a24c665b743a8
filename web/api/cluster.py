"""Topology, status and who I am."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from web.api.callers import Reader, services
from web.api.exact import ExactRoute
from web.api.shapes.cluster import Broker, Partition, Topology, User
from web.version import VERSION

router = APIRouter(prefix="/v2", tags=["cluster"], route_class=ExactRoute)


@router.get("/topology")
def topology(request: Request, _: Reader) -> Topology:
    """One node and one partition, whatever the number of web processes: PostgreSQL is what they share."""
    host, port = request.url.hostname or "", request.url.port or 80
    broker = Broker(node_id=0, broker_id="0", host=host, port=port, version=VERSION, partitions=[Partition()])
    return Topology(brokers=[broker], gateway_version=VERSION)


@router.get("/status", status_code=204, response_class=Response)
def status(request: Request) -> Response:
    """204 while the database answers."""
    services(request).engine.instances(limit=1)
    return Response(status_code=204)


@router.get("/authentication/me")
def me(caller: Reader) -> User:
    roles = sorted(caller.roles)
    groups = sorted(caller.actor.groups - caller.roles)
    return User(username=caller.actor.user_id, display_name=caller.name, roles=roles, groups=groups)
