"""The files of a folder layout as one whole: which file holds a process, a form, a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeVar, cast

from engine import dmn, forms
from engine.errors import NotFound
from engine.feel import Feel
from engine.sandbox.case import AnyCase
from engine.sandbox.case_reader import read_cases
from engine.sandbox.library import DrawnTable, Outline, library_of
from engine.spiff import ProcessModel

Files = Mapping[str, bytes]
Parsed = TypeVar("Parsed")


class Project:
    """Reads only what is asked for, so a broken file stops nobody who does not need it."""

    def __init__(self, files: Files, feel: Feel) -> None:
        self.files = files
        self.feel = feel
        self.library = library_of(feel)
        self._parsed: dict[tuple[str, str], Any] = {}  # asked for again and again while one run is shown

    @cached_property
    def diagrams(self) -> dict[str, str]:
        """The file of every process by the process's id."""
        return self._by_id(".bpmn", lambda path: self._outline(path).processes)

    @cached_property
    def form_files(self) -> dict[str, str]:
        return self._by_id(".form", lambda path: [name] if (name := self._outline(path).form) else [])

    @cached_property
    def decision_files(self) -> dict[str, str]:
        return self._by_id(".dmn", lambda path: self._outline(path).decisions)

    @cached_property
    def tables(self) -> dict[str, DrawnTable]:
        """Every decision table by its id."""
        found = {}
        for path in self._paths(".dmn"):
            for table, (owner, rules) in self._outline(path).tables.items():
                found[table] = DrawnTable(owner, path, rules)
        return found

    def process(self, process_id: str) -> ProcessModel:
        """Raises NotFound, DefinitionInvalid."""
        return self._once("process", process_id, self.diagrams, lambda text, path: self.library.process(text, path, process_id))

    def error_codes(self, process_id: str) -> tuple[str, ...]:
        """Codes of the error end events a process may leave by; its caller has to catch them. Raises NotFound."""
        return self._outline(self._path(self.diagrams, "process", process_id)).errors

    def form(self, form_id: str) -> forms.Form:
        """Raises NotFound, DefinitionInvalid."""
        return self._once("form", form_id, self.form_files, self.library.form)

    def decisions(self, decision_id: str) -> dmn.DecisionModel:
        """The model that holds a decision. Raises NotFound, DefinitionInvalid."""
        return self._once("decision", decision_id, self.decision_files, self.library.decisions)

    def cases(self, folder: str | None = None) -> tuple[AnyCase, ...]:
        """The cases of one folder, or of all. Raises CaseFileInvalid."""
        return tuple(case for path in self.case_files(folder) for case in self.cases_of(path))

    def cases_of(self, path: str) -> tuple[AnyCase, ...]:
        """The cases of one file. Raises CaseFileInvalid."""
        content = self.files[path]
        return self.library.kept("cases", content, path, lambda: read_cases(content, path))

    def case_files(self, folder: str | None = None) -> list[str]:
        pattern = f"processes/{folder or '*'}/cases/*.yaml"
        return sorted(path for path in self.files if PurePosixPath(path).match(pattern) and path.count("/") == 3)

    def _outline(self, path: str) -> Outline:
        return self.library.outline(self.files[path], path)

    def _paths(self, suffix: str) -> list[str]:
        return sorted(path for path in self.files if path.endswith(suffix))

    def _by_id(self, suffix: str, ids: Callable[[str], Iterable[str]]) -> dict[str, str]:
        """The file whose name is the id wins, else the first one."""
        found: dict[str, str] = {}
        for path in self._paths(suffix):
            for name in ids(path):
                if name not in found or PurePosixPath(path).stem == name:
                    found[name] = path
        return found

    def _once(self, kind: str, key: str, among: Mapping[str, str], read: Callable[[bytes, str], Parsed]) -> Parsed:
        if (kind, key) not in self._parsed:
            path = self._path(among, kind, key)
            self._parsed[kind, key] = read(self.files[path], path)
        return cast(Parsed, self._parsed[kind, key])

    @staticmethod
    def _path(among: Mapping[str, str], kind: str, key: str) -> str:
        if key not in among:
            raise NotFound(kind=kind, key=key)
        return among[key]
