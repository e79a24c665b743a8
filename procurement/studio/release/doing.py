"""The place of a step inside the transaction of its case, and what it may refuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.model import Deployment, Resource

Deploy = Callable[[Sequence[Resource], str, str], Deployment]


@dataclass(frozen=True)
class Doing:
    """The transaction, who acts, when, and how to deploy inside the transaction."""

    session: Session
    actor_id: str
    now: dt.datetime
    deploy: Deploy


class StepRefused(Exception):
    """A business outcome: the diagram says what happens then. ``sentence`` is Chinese, because it is kept and shown as it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
