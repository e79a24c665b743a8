"""Why a decision has no answer. All become an incident at the element that asked."""

from __future__ import annotations

from engine.errors import ExecutionFailed, NotFound


class DecisionFailed(ExecutionFailed):
    """Decision {decision} has no answer: {cause}."""


class NoRuleMatched(DecisionFailed):
    """No rule of table {table} matches {inputs}. Add a rule for it, or a default output."""


class RulesOverlap(DecisionFailed):
    """Rules {rules} of table {table} all match {inputs}, but hit policy {policy} allows only one answer. Mend the table."""


class ValueNotAllowed(DecisionFailed):
    """{what} {value} is not one of the allowed values {allowed} of table {table}."""


class UnknownDecision(NotFound):
    """The model has no decision {decision}. It has: {known}."""


class ValueOfWrongType(DecisionFailed):
    """{what} is {value}, which is not of type {type}. Correct the value, or the type in the model."""


class TooMuchWork(DecisionFailed):
    """Function {function} calls functions deeper than {depth} or more than {calls} times. Make the model simpler."""
