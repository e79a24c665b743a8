"""Why instances stopped, counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InstancesWithError:
    """``error_hash`` stands for the message where a number is wanted; ``instances`` have an active incident that says it."""

    error_hash: int
    message: str
    instances: int


@dataclass(frozen=True)
class DefinitionsWithError:
    """How many instances of one definition have an active incident with one message."""

    definition_key: int
    process_id: str
    process_name: str
    version: int
    instances: int
