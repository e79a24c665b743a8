"""The history's entries in the words of the published audit log."""

from __future__ import annotations

from engine.model import SYSTEM, HistoryEntry, ProcessInstance
from web.api.shapes.wire import TENANT, Key, Shape, entry_key, key, moment

# what somebody did, by the history's own kind: the entity and the operation
OPERATIONS: dict[str, tuple[str, str]] = {
    "deployment": ("RESOURCE", "CREATE"),
    "instance_started": ("PROCESS_INSTANCE", "CREATE"),
    "instance_canceled": ("PROCESS_INSTANCE", "CANCEL"),
    "instance_suspended": ("PROCESS_INSTANCE", "SUSPEND"),
    "instance_resumed": ("PROCESS_INSTANCE", "RESUME"),
    "instance_modified": ("PROCESS_INSTANCE", "MODIFY"),
    "instance_migrated": ("PROCESS_INSTANCE", "MIGRATE"),
    "migration_undone": ("PROCESS_INSTANCE", "MIGRATE"),
    "variables_set": ("VARIABLE", "UPDATE"),
    "incident_retried": ("INCIDENT", "RESOLVE"),
    "incident_mended": ("INCIDENT", "RESOLVE"),
    "decision_evaluated": ("DECISION", "EVALUATE"),
    "user_task_created": ("USER_TASK", "CREATE"),
    "user_task_claimed": ("USER_TASK", "ASSIGN"),
    "user_task_assigned": ("USER_TASK", "ASSIGN"),
    "user_task_unclaimed": ("USER_TASK", "UNASSIGN"),
    "user_task_completed": ("USER_TASK", "COMPLETE"),
    "user_task_kept": ("USER_TASK", "COMPLETE"),
    "user_task_returned": ("USER_TASK", "CANCEL"),
    "job_completed": ("JOB", "COMPLETE"),
    "job_error_thrown": ("JOB", "COMPLETE"),
    "job_failed": ("JOB", "UPDATE"),
    "job_updated": ("JOB", "UPDATE"),
    "job_retried": ("JOB", "UPDATE"),
    "job_canceled": ("JOB", "CANCEL"),
}
ENTITIES = ("AUTHORIZATION", "BATCH", "CLIENT", "DECISION", "GROUP", "INCIDENT", "JOB", "MAPPING_RULE", "PROCESS_INSTANCE", "RESOURCE",
    "ROLE", "TENANT", "USER", "USER_TASK", "VARIABLE")  # fmt: skip
WORDS = ("ASSIGN", "CANCEL", "COMPLETE", "CREATE", "DELETE", "EVALUATE", "MIGRATE", "MODIFY", "RESOLVE", "RESUME", "SUSPEND", "UNASSIGN",
    "UNKNOWN", "UPDATE")  # fmt: skip
CATEGORIES = ("ADMIN", "DEPLOYED_RESOURCES", "USER_TASKS")


def category(entity: str) -> str:
    return "USER_TASKS" if entity == "USER_TASK" else "DEPLOYED_RESOURCES"


class AuditEntry(Shape):
    """``entityDescription`` is the history's own kind: more exact than the published operations."""

    audit_log_key: Key
    entity_key: str
    entity_type: str
    operation_type: str
    category: str
    result: str = "SUCCESS"
    timestamp: str
    actor_id: str | None
    actor_type: str | None
    entity_description: str | None
    process_definition_id: str | None
    process_definition_key: Key | None
    process_instance_key: Key | None
    root_process_instance_key: Key | None
    element_instance_key: Key | None
    user_task_key: Key | None
    job_key: Key | None
    decision_definition_id: str | None
    decision_definition_key: Key | None
    decision_evaluation_key: Key | None
    deployment_key: Key | None
    tenant_id: str | None = TENANT
    batch_operation_key: None = None
    batch_operation_type: None = None
    agent_element_id: None = None
    decision_requirements_id: None = None
    decision_requirements_key: None = None
    form_key: None = None
    resource_key: None = None
    related_entity_key: None = None
    related_entity_type: None = None
    inbound_channel_type: None = None
    inbound_channel_tool_name: None = None

    @classmethod
    def of(cls, it: HistoryEntry, instance: ProcessInstance | None) -> AuditEntry:
        """``instance`` is None for what belongs to no case: deployments, timers that could not start one."""
        entity, operation = OPERATIONS[it.kind]
        number, moment_ = entry_key(it), moment(it.at)
        assert moment_ is not None
        is_task, is_decision, job = entity == "USER_TASK", entity == "DECISION", it.data.get("job")
        deployment = key(it.data.get("deployment")) if entity == "RESOURCE" else None
        named = {"DECISION": number, "JOB": key(job), "PROCESS_INSTANCE": str(it.instance_key), "RESOURCE": deployment}
        about = named.get(entity) or str(it.data.get("incident") or it.element_key)
        return cls(
            audit_log_key=number,
            entity_key=about,
            entity_type=entity,
            operation_type=operation,
            category=category(entity),
            timestamp=moment_,
            actor_id=it.actor,
            actor_type="UNKNOWN" if it.actor == SYSTEM.user_id else "USER",
            entity_description=it.kind,
            process_definition_id=instance.process_id if instance else None,
            process_definition_key=key(instance.definition_key) if instance else None,
            process_instance_key=key(it.instance_key or None),
            root_process_instance_key=key(it.root_key or None),
            element_instance_key=key(it.element_key or None),
            user_task_key=str(it.element_key) if is_task else None,
            job_key=key(job) if entity == "JOB" else None,
            decision_definition_id=str(it.data["decision_id"]) if is_decision else None,
            decision_definition_key=key(it.data["decision_key"]) if is_decision else None,
            decision_evaluation_key=number if is_decision else None,
            deployment_key=deployment,
        )
