"""The steps of a release as it is drawn in processes/rule_release. What they do is in ``procurement.studio.release``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from engine.errors import BpmnError, ExecutionFailed
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.studio.release.doing import Doing, StepRefused

if TYPE_CHECKING:
    from procurement.studio.release.steps import Steps

TOOL = "releases"  # under which name the application hands the engine the studio's steps


class NoStudio(ExecutionFailed):
    """{operation} at {element}: this engine was started without the studio. Start it as the application does, then retry."""


def check_release(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """release_id → reviewers and deciders (logins), summary."""
    found = _steps(call).describe(_doing(call), inputs.text("release_id"))
    return {"reviewers": found["reviewers"], "deciders": found["deciders"], "summary": found["summary"]}


def sign_release(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """release_id, opinion, reason → nothing. The signature is that of whoever completed the step before."""
    try:
        _steps(call).sign(_doing(call), inputs.text("release_id"), inputs.text("opinion"), inputs.text("reason", ""))
    except StepRefused as refused:
        raise BpmnError("SIGNATURE_REFUSED", refused.sentence, {"refusal": refused.sentence}) from refused
    return {}


def apply_release(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """release_id → made. Deployment, draft and register row are committed together or not at all."""
    try:
        made = _steps(call).apply(_doing(call), inputs.text("release_id"))
    except StepRefused as refused:
        raise BpmnError("RELEASE_REFUSED", refused.sentence, {"refusal": refused.sentence}) from refused
    return {"made": made}


def close_release(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """release_id, outcome (withdrawn, returned, refused, not_applied), reason → nothing."""
    outcome = inputs.choice("outcome", ("withdrawn", "returned", "refused", "not_applied"))
    _steps(call).close(_doing(call), inputs.text("release_id"), outcome, inputs.text("reason", ""))
    return {}


def roll_back_release(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """release_id, reason → rolled_back: false when a later release changed the same files."""
    rolled_back = _steps(call).roll_back(_doing(call), inputs.text("release_id"), inputs.text("reason", ""))
    return {"rolled_back": rolled_back}


def _steps(call: OperationCall) -> Steps:
    if TOOL not in call.tools:
        raise NoStudio(operation=call.operation, element=call.element_id)
    return cast("Steps", call.tools[TOOL])


def _doing(call: OperationCall) -> Doing:
    assert call.deploy is not None
    return Doing(call.session, call.actor_id, call.now, call.deploy)


OPERATIONS: dict[str, Operation] = {
    "release.check": reading(check_release),
    "release.sign": writing(sign_release),
    "release.apply": writing(apply_release),
    "release.close": writing(close_release),
    "release.roll_back": writing(roll_back_release),
}
