"""The runner: SpiffWorkflow parses and carries the definitions, its tasks step as tokens, in memory, without any I/O."""

from engine.spiff.host import Binding, DecisionResult, Host
from engine.spiff.migration import CannotMove, Judgement
from engine.spiff.model import ElementInfo, FlowInfo, ProcessModel, Reference, StartEventInfo
from engine.spiff.parser import parse
from engine.spiff.runner.execution import Execution, NotAwaited
from engine.spiff.runner.kept import name as kept_name
from engine.spiff.runner.repair import CannotModify, CannotReturn, WayBack
from engine.spiff.runner.timers import Due
from engine.spiff.runner.waits import Wait

__all__ = [
    "Binding",
    "CannotModify",
    "CannotMove",
    "CannotReturn",
    "DecisionResult",
    "Due",
    "ElementInfo",
    "Execution",
    "FlowInfo",
    "Host",
    "Judgement",
    "NotAwaited",
    "ProcessModel",
    "Reference",
    "StartEventInfo",
    "Wait",
    "WayBack",
    "kept_name",
    "parse",
]
