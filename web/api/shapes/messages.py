"""Messages."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from web.api.shapes.wire import TENANT, Key, Request, Shape


class Publication(Request):
    """``timeToLive`` in milliseconds."""

    not_offered = ("business_id",)
    name: str
    correlation_key: str = ""
    time_to_live: Annotated[int, Field(ge=0)] = 0
    message_id: str = ""
    variables: dict[str, Any] = {}
    tenant_id: str = TENANT
    business_id: str | None = None


class Published(Shape):
    message_key: Key
    tenant_id: str = TENANT


class Correlation(Request):
    not_offered = ("business_id",)
    name: str
    correlation_key: str = ""
    variables: dict[str, Any] = {}
    tenant_id: str = TENANT
    business_id: str | None = None


class Correlated(Shape):
    message_key: Key
    process_instance_key: Key
    tenant_id: str = TENANT


class SignalBroadcast(Request):
    signal_name: Annotated[str, Field(min_length=1)]
    variables: dict[str, Any] = {}
    tenant_id: str = TENANT


class SignalSent(Shape):
    signal_key: Key
    tenant_id: str = TENANT
