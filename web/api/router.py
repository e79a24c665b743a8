"""Everything under /v2, put together."""

from __future__ import annotations

from fastapi import FastAPI

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
    for part in PARTS:
        # the routes themselves, not an included router: the access table must find every one of them in ``api.routes``
        api.router.routes.extend(part.router.routes)
    problems.install(api)
    limits.install(api)
