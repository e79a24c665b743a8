"""What a client asks first: what runs here, and who am I."""

from __future__ import annotations

from web.api.shapes.wire import TENANT, Shape


class Partition(Shape):
    partition_id: int = 1
    role: str = "leader"
    health: str = "healthy"
    state: str = "active"


class Broker(Shape):
    node_id: int
    broker_id: str
    host: str
    port: int
    partitions: list[Partition]
    version: str


class Topology(Shape):
    brokers: list[Broker]
    cluster_id: str | None = None
    cluster_size: int = 1
    partitions_count: int = 1
    replication_factor: int = 1
    gateway_version: str
    last_completed_change_id: str = "-1"


class Tenant(Shape):
    tenant_id: str = TENANT
    name: str = "Default"
    description: str | None = None


class User(Shape):
    username: str
    display_name: str | None
    email: str | None = None
    authorized_components: list[str] = ["*"]
    tenants: list[Tenant] = [Tenant()]
    groups: list[str]
    roles: list[str]
    sales_plan_type: str | None = None
    c8_links: dict[str, str] = {}
    can_logout: bool = False

    model_config = Shape.model_config | {"populate_by_name": True}
