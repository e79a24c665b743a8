"""Activities: people, operations, jobs, scripts and decisions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from engine.events import DecisionEvaluated, JobCreated, OperationPerformed, UserTaskCreated
from engine.spiff.definitions import (
    DecisionDefinition,
    JobDefinition,
    ScriptDefinition,
    UserTaskDefinition,
    Value,
)
from engine.spiff.runner import evaluate, kept, timers
from engine.spiff.runner.failures import StepFailed, failing
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import shown, stored_variables
from engine.spiff.specs.element import Element

DEFAULT_PRIORITY = 50
RETURN = "return"  # header of a user task; "never" where sending it back would undo what others gave, as a vote does


class PlainTask(Element):
    """A task without a type: nothing to do, the token passes."""


class ManualTask(Element):
    """Work outside the system that nobody confirms: the token passes."""

    element_type: ClassVar[str] = "manualTask"


class UserTask(Element):
    element_type: ClassVar[str] = "userTask"
    may_be_returned_to = True

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.manual = True
        self.definition = UserTaskDefinition()

    def act(self, token: Token) -> None:
        if kept.complete(token):
            return
        task, kind = self.definition, "assignment_error"
        created = UserTaskCreated(
            token.workflow.key,
            token.key,
            self.bpmn_id,
            name=self.bpmn_name or self.bpmn_id,
            assignee=evaluate.optional_text(token, task.assignee, kind, "assignee"),
            candidate_groups=evaluate.texts(token, task.candidate_groups, kind, "candidate groups"),
            candidate_users=evaluate.texts(token, task.candidate_users, kind, "candidate users"),
            due=_moment(token, task.due, "due date"),
            follow_up=_moment(token, task.follow_up, "follow-up date"),
            priority=_priority(token, task.priority),
            **self._form(token),
            headers=dict(self.headers),
        )
        token.runner.emit(created)

    def _form(self, token: Token) -> dict[str, Any]:
        form_id = evaluate.optional_text(token, self.definition.form_id, "form_not_found", "form id")
        if form_id is None:
            return {"form_key": None, "form_id": None}
        with failing("form_not_found"):
            key = token.runner.host.form(form_id, self.definition.form_binding, token.workflow.model)
        if key is None:
            raise StepFailed("form_not_found", f"The form {form_id} is not deployed. Deploy it, then retry.")
        return {"form_key": key, "form_id": form_id}


class JobTask(Element):
    """Work by an operation of ours inside the transaction, or by a job worker outside it."""

    element_type: ClassVar[str] = "serviceTask"
    job: JobDefinition | None = None

    def act(self, token: Token) -> None:
        if self.job is None:
            super().act(token)
            return
        job_type = evaluate.text(token, self.job.type, "operation_failed", "job type")
        if token.runner.host.is_operation(job_type):
            self._perform(token, job_type)
            return
        retries = evaluate.variable(token, self.job.retries, "operation_failed")
        if not str(retries).isdigit():
            raise StepFailed(
                "operation_failed", f"The retries {self.job.retries.text} give {shown(retries)}, not a whole number."
            )
        token.memo["job"] = True
        variables = stored_variables(token.visible())
        token.runner.emit(
            JobCreated(token.workflow.key, token.key, self.bpmn_id, job_type, int(retries), dict(self.headers), variables)
        )

    def _perform(self, token: Token, operation: str) -> None:
        inputs = stored_variables(token.visible())
        with failing("operation_failed"):
            answer = token.runner.host.perform(
                operation,
                inputs,
                dict(self.headers),
                instance_key=token.workflow.key,
                element_id=self.bpmn_id,
                element_key=token.key,
            )
        try:
            output = stored_variables(answer)
        except (TypeError, ValueError, AttributeError) as error:
            raise StepFailed(
                "operation_failed", f"The operation {operation} answered what no variable can hold: {error}"
            ) from error
        token.runner.emit(OperationPerformed(token.workflow.key, token.key, self.bpmn_id, operation, inputs, output))
        token.runner.finish(token, output)


class ServiceTask(JobTask):
    """A service task always names its job type."""


class ScriptTask(JobTask):
    element_type: ClassVar[str] = "scriptTask"
    script: ScriptDefinition | None = None

    def act(self, token: Token) -> None:
        if self.script is None:
            super().act(token)
            return
        expression = self.script.expression
        found = evaluate.feel(token, expression, "expression_error")
        value = evaluate.as_variable(found, f"={expression.text}", "expression_error")
        token.runner.finish(token, {self.script.result_variable: value})


class BusinessRuleTask(JobTask):
    element_type: ClassVar[str] = "businessRuleTask"
    decision: DecisionDefinition | None = None

    def act(self, token: Token) -> None:
        if self.decision is None:
            super().act(token)
            return
        kind = "decision_error"
        decision_id = evaluate.text(token, self.decision.decision_id, kind, "decision id")
        with failing(kind):
            answer = token.runner.host.decision(
                decision_id, self.decision.binding, token.workflow.model, stored_variables(token.visible())
            )
        value = evaluate.as_variable(answer.value, decision_id, kind)
        token.runner.emit(
            DecisionEvaluated(
                token.workflow.key,
                token.key,
                self.bpmn_id,
                decision_id,
                answer.decision_key,
                answer.version,
                value,
                answer.explanation,
            )
        )
        token.runner.finish(token, {self.decision.result_variable: value})


def _moment(token: Token, value: Value | None, what: str) -> dt.datetime | None:
    if value is None:
        return None
    found = evaluate.given(token, value, "assignment_error")
    if found is None or found == "":
        return None
    with failing("assignment_error"):
        if not isinstance(found, (str, dt.date)):
            raise StepFailed("assignment_error", f"The {what} {value.text} gives {shown(found)}. It must give a date or null.")
        return timers.moment(timers.feel_text(found), token.runner.host.now().tzinfo)


def _priority(token: Token, value: Value | None) -> int:
    if value is None:
        return DEFAULT_PRIORITY
    found = evaluate.variable(token, value, "assignment_error")
    try:
        number = Decimal(str(found))
    except ArithmeticError as error:
        raise StepFailed("assignment_error", f"The priority {value.text} gives {shown(found)}, not a number.") from error
    if number != int(number) or not 0 <= number <= 100:
        raise StepFailed(
            "assignment_error", f"The priority {value.text} gives {shown(found)}. It must be a whole number from 0 to 100."
        )
    return int(number)
