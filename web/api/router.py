"""Everything under /v2, put together."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from web.api import (
    clock,
    cluster,
    decisions,
    deployments,
    element_instances,
    jobs,
    limits,
    messages,
    problems,
    process_definitions,
    process_instances,
    unoffered,
    user_tasks,
    variables,
)

PARTS = (
    cluster,
    deployments,
    process_definitions,
    process_instances,
    element_instances,
    user_tasks,
    variables,
    messages,
    decisions,
    jobs,
    clock,
    unoffered,
)


def mount(api: FastAPI) -> None:
    """Add the operations, the error mapping and the limits."""
    v2 = APIRouter(prefix="/v2")
    for part in PARTS:
        v2.include_router(part.router)
    api.include_router(v2)
    problems.install(api)
    limits.install(api)
