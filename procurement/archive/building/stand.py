"""What the building of an archive works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from engine.facade import Database, ProcessEngine
from engine.model import ProcessInstance
from procurement.archive import printing
from procurement.archive.writing import ArchiveWriter
from procurement.files import FileStore
from procurement.registers.performance import CaseFile
from procurement.registers.purchases import Purchase


@dataclass(frozen=True)
class Stand:
    """``printed``: with PDF. Tests do without, and the demo (None) where nothing can be printed.

    ``office`` and ``templates``: the name over the red-header papers, and the office's own Word templates.
    """

    database: Database
    engine: ProcessEngine
    files: FileStore
    printed: bool | None = True
    office: str = "街道办事处"
    templates: Path | None = None

    @property
    def prints(self) -> bool:
        return printing.can_print() if self.printed is None else self.printed

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.unit_of_work() as work:
            yield work.session


@dataclass
class Making:
    """One archive while it is made. ``people`` and ``years`` collect what the documents mention."""

    stand: Stand
    case_file: CaseFile
    purchase: Purchase
    writer: ArchiveWriter
    instances: list[ProcessInstance]
    kept_before: frozenset[str]  # attachments that an earlier volume holds
    people: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)

    @property
    def roots(self) -> list[int]:
        return sorted({one.root_key for one in self.instances})

    def met(self, login: str, at: dt.datetime) -> None:
        self.people.add(login)
        self.years.add(at.year)
