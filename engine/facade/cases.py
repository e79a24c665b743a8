"""Starting, cancelling and mending cases."""

from __future__ import annotations

from engine.commands import cancel_instance, set_variables, start_process
from engine.facade.part import Part, Values
from engine.model import Actor, CommandResult, ProcessInstance


class Cases(Part):
    """Starting, cancelling and mending cases."""

    def start_process(
        self,
        process_id: str,
        variables: Values,
        *,
        actor: Actor,
        business_key: str = "",
        version: int | None = None,
        definition_key: int | None = None,
        command_id: str | None = None,
    ) -> ProcessInstance:
        return start_process.start_process(
            self._workshop,
            process_id,
            variables,
            actor=actor,
            business_key=business_key,
            version=version,
            definition_key=definition_key,
            command_id=command_id,
        )

    def cancel_instance(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        return cancel_instance.cancel_instance(self._workshop, instance_key, actor=actor, reason=reason, command_id=command_id)

    def set_variables(self, scope_key: int, variables: Values, *, actor: Actor, local: bool = False, reason: str = "") -> None:
        set_variables.set_variables(self._workshop, scope_key, variables, actor=actor, local=local, reason=reason)
