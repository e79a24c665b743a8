"""Everything under /v2 and /api, put together."""

from __future__ import annotations

from fastapi import FastAPI

from web.api import (
    audit_logs,
    batch_operations,
    clock,
    cluster,
    decision_instances,
    decisions,
    deployments,
    element_instances,
    expressions,
    incidents,
    jobs,
    limits,
    messages,
    ocds,
    paths,
    problems,
    process_definitions,
    process_instances,
    repair,
    signals,
    unoffered,
    user_tasks,
    variables,
)

PARTS = (
    cluster,
    deployments,
    process_definitions,
    process_instances,
    paths,
    repair,
    batch_operations,
    element_instances,
    user_tasks,
    variables,
    messages,
    signals,
    expressions,
    decisions,
    decision_instances,
    incidents,
    jobs,
    audit_logs,
    clock,
    ocds,
    unoffered,
)


def mount(api: FastAPI) -> None:
    """Add the operations, the error mapping and the limits."""
    for part in PARTS:
        # the routes themselves, not an included router: the access table must find every one of them in ``api.routes``
        api.router.routes.extend(part.router.routes)
    problems.install(api)
    limits.install(api)
