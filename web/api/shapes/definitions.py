"""Deployments, process definitions, forms and decision definitions."""

from __future__ import annotations

from pydantic import Field

from engine.model import Definition, Deployment
from web.api.shapes.wire import TENANT, Key, Shape, key


class ProcessDefinition(Shape):
    process_definition_key: Key
    process_definition_id: str
    name: str | None
    version: int
    version_tag: str | None
    resource_name: str
    tenant_id: str = TENANT
    has_start_form: bool = False
    state: str = "ACTIVE"

    @classmethod
    def of(cls, it: Definition) -> ProcessDefinition:
        return cls(
            process_definition_key=str(it.key),
            process_definition_id=it.id,
            name=it.name or None,
            version=it.version,
            version_tag=it.version_tag or None,
            resource_name=it.resource_name,
        )


class DecisionDefinition(Shape):
    decision_definition_key: Key
    decision_definition_id: str
    name: str
    version: int
    decision_requirements_id: str
    decision_requirements_key: Key
    decision_requirements_name: str
    decision_requirements_version: int
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Definition) -> DecisionDefinition:
        """One decision, one requirements graph: the file it was deployed in."""
        return cls(
            decision_definition_key=str(it.key),
            decision_definition_id=it.id,
            name=it.name or it.id,
            version=it.version,
            decision_requirements_id=it.resource_name,
            decision_requirements_key=str(it.key),
            decision_requirements_name=it.resource_name,
            decision_requirements_version=it.version,
        )


class FormDefinition(Shape):
    """``schema`` is the form-js JSON as text."""

    form_key: Key
    form_id: str
    version: int
    schema_: str = Field(alias="schema")
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Definition, schema: str) -> FormDefinition:
        return cls(form_key=str(it.key), form_id=it.id, version=it.version, schema=schema)


class DeployedProcess(Shape):
    process_definition_id: str
    process_definition_version: int
    process_definition_key: Key
    resource_name: str
    tenant_id: str = TENANT


class DeployedDecision(Shape):
    decision_definition_id: str
    version: int
    name: str
    decision_requirements_id: str
    decision_definition_key: Key
    decision_requirements_key: Key
    tenant_id: str = TENANT


class DeployedForm(Shape):
    form_id: str
    version: int
    resource_name: str
    form_key: Key
    tenant_id: str = TENANT


class DeployedItem(Shape):
    process_definition: DeployedProcess | None = None
    decision_definition: DeployedDecision | None = None
    decision_requirements: None = None
    form: DeployedForm | None = None
    resource: None = None

    @classmethod
    def of(cls, it: Definition) -> DeployedItem:
        if it.kind == "process":
            process = DeployedProcess(
                process_definition_id=it.id,
                process_definition_version=it.version,
                process_definition_key=str(it.key),
                resource_name=it.resource_name,
            )
            return cls(process_definition=process)
        if it.kind == "decision":
            decision = DeployedDecision(
                decision_definition_id=it.id,
                version=it.version,
                name=it.name or it.id,
                decision_requirements_id=it.resource_name,
                decision_definition_key=str(it.key),
                decision_requirements_key=str(it.key),
            )
            return cls(decision_definition=decision)
        form = DeployedForm(form_id=it.id, version=it.version, resource_name=it.resource_name, form_key=str(it.key))
        return cls(form=form)


class DeploymentAnswer(Shape):
    deployment_key: Key
    tenant_id: str = TENANT
    deployments: list[DeployedItem]

    @classmethod
    def of(cls, it: Deployment) -> DeploymentAnswer:
        found = key(it.key)
        assert found is not None
        return cls(deployment_key=found, deployments=[DeployedItem.of(definition) for definition in it.definitions])
