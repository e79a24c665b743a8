"""The words of the engine as plain values: what commands take and queries give back."""

from __future__ import annotations

from engine.model.actors import SYSTEM, Actor
from engine.model.cases import CommandResult, ElementInstance, MessageResult, ProcessInstance, SignalResult, Timer, Variable
from engine.model.definitions import DecisionOutcome, Definition, DeployedDefinition, Deployment, Evaluated, Resource
from engine.model.pages import Comparisons, Page, Searched, last_key
from engine.model.recordings import RecordedDecision, RecordedInput, RecordedTask, Recording
from engine.model.records import BROKEN, BrokenRecord, HistoryEntry, VerificationReport
from engine.model.repair import (
    NEEDS_MAPPING,
    SAFE,
    UNSAFE,
    Activate,
    BatchItem,
    BatchOperation,
    Change,
    EarlierStep,
    Finding,
    InstanceVerdict,
    MigrationPreview,
    Move,
    ReturnTarget,
    Skip,
    Terminate,
)
from engine.model.work import Incident, Job, TaskCounts, UserTask

__all__ = [
    "BROKEN",
    "NEEDS_MAPPING",
    "SAFE",
    "SYSTEM",
    "UNSAFE",
    "Activate",
    "Actor",
    "BatchItem",
    "BatchOperation",
    "BrokenRecord",
    "Change",
    "CommandResult",
    "Comparisons",
    "DecisionOutcome",
    "Definition",
    "DeployedDefinition",
    "Deployment",
    "EarlierStep",
    "ElementInstance",
    "Evaluated",
    "Finding",
    "HistoryEntry",
    "Incident",
    "InstanceVerdict",
    "Job",
    "MessageResult",
    "MigrationPreview",
    "Move",
    "Page",
    "ProcessInstance",
    "RecordedDecision",
    "RecordedInput",
    "RecordedTask",
    "Recording",
    "Resource",
    "ReturnTarget",
    "Searched",
    "SignalResult",
    "Skip",
    "TaskCounts",
    "Terminate",
    "Timer",
    "UserTask",
    "Variable",
    "VerificationReport",
    "last_key",
]
