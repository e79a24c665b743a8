"""What is worth telling a designer about a set of files, beyond what deployment refuses.

``Library`` keeps what was read of each file; a ``World`` is a set of files with what is known from outside; ``findings`` says
everything that is wrong with it, ``scope`` which variables are there at an element.
"""

from __future__ import annotations

from engine.checks.catalogue import BETWEEN_VERSIONS, RULES
from engine.checks.checking import Check, findings
from engine.checks.finding import SEVERITIES, Facts, Files, Finding, InForce, InUse, Known, Rule
from engine.checks.reading import Library, Read
from engine.checks.scope import Visible, scope
from engine.checks.world import World

__all__ = [
    "BETWEEN_VERSIONS",
    "RULES",
    "SEVERITIES",
    "Check",
    "Facts",
    "Files",
    "Finding",
    "InForce",
    "InUse",
    "Known",
    "Library",
    "Read",
    "Rule",
    "Visible",
    "World",
    "findings",
    "scope",
]
