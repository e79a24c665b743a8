"""The words of the engine as plain values: what commands take and queries give back."""

from __future__ import annotations

from engine.model.actors import SYSTEM, Actor
from engine.model.cases import CommandResult, ElementInstance, MessageResult, ProcessInstance, Timer, Variable
from engine.model.definitions import DecisionOutcome, Definition, Deployment, Resource
from engine.model.pages import Comparisons, Page
from engine.model.records import BROKEN, BrokenRecord, HistoryEntry, VerificationReport
from engine.model.work import Incident, Job, TaskCounts, UserTask

__all__ = [
    "BROKEN",
    "SYSTEM",
    "Actor",
    "BrokenRecord",
    "CommandResult",
    "DecisionOutcome",
    "Definition",
    "Deployment",
    "ElementInstance",
    "HistoryEntry",
    "Incident",
    "Job",
    "MessageResult",
    "Page",
    "ProcessInstance",
    "Resource",
    "TaskCounts",
    "Timer",
    "UserTask",
    "Variable",
    "VerificationReport",
]
    "Comparisons",
