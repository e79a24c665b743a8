"""Deploying diagrams, tables and forms together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile

from engine.model import Resource
from web.api.callers import Deployer, services
from web.api.exact import ExactRoute, storable
from web.api.problems import BadRequest, NotOffered
from web.api.shapes.definitions import DeploymentAnswer
from web.api.shapes.wire import TENANT
from web.resources import KINDS

router = APIRouter(prefix="/v2", tags=["deployments"], route_class=ExactRoute)


@router.post("/deployments")
def deploy(
    caller: Deployer,
    request: Request,
    resources: Annotated[list[UploadFile], File(description=".bpmn, .dmn and .form files")],
    tenant_id: Annotated[str, Form(alias="tenantId")] = TENANT,
    note: Annotated[str, Form(description="Why; kept with the deployment")] = "",
) -> DeploymentAnswer:
    """All files or none: 422 lists every problem with file, element and line. Unchanged files keep their version.

    For operators and administrators; nobody reviews it, and the register of releases says so.
    """
    if tenant_id != TENANT:
        raise NotOffered(what="A tenant other than <default>")
    files = [Resource(name=file.filename or "", content=file.file.read()) for file in resources]
    if not all(map(storable, [note, *(file.name for file in files)])):
        raise BadRequest(cause="a name or the note holds a sign that cannot be stored")
    for file in files:
        if not any(file.name.endswith(kind) for kind in KINDS):
            raise BadRequest(cause=f"{file.name!r} is not a .bpmn, .dmn or .form file")
    return DeploymentAnswer.of(services(request).studio.direct.deploy(files, {}, actor=caller.actor, note=note))
