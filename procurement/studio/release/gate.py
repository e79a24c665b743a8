"""What a draft must pass before it is submitted, and again at the moment it comes into force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import Problem
from engine.model import Resource
from engine.sandbox import AnyCase, CaseFileInvalid, Sandbox
from procurement.operations import OPERATIONS
from procurement.studio import layout
from procurement.studio.answers import ANSWERS
from procurement.studio.model import Files
from procurement.studio.release.model import Content
from procurement.studio.shelf import Digests

if TYPE_CHECKING:
    from procurement.studio.studio import Studio


@dataclass(frozen=True)
class Verdict:
    """``refused``: what deployment would refuse; ``failing``: names of cases; ``moved``: files somebody else changed meanwhile."""

    refused: tuple[Problem, ...] = ()
    failing: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    cases: int = 0

    @property
    def ok(self) -> bool:
        return not (self.refused or self.failing or self.moved)

    def in_chinese(self) -> str:
        """For the record: one sentence for each kind of trouble."""
        told = []
        if self.moved:
            told.append(f"在用的文件已经变了：{'、'.join(self.moved[:5])}。请合并后重新提交。")
        if self.refused:
            told.append(f"检查有 {len(self.refused)} 处错误，见“问题”。")
        if self.failing:
            told.append(f"{len(self.failing)} 个案例不合：{'；'.join(self.failing[:5])}。")
        return "".join(told)


class Gate:
    """Asked with whole workspaces: everything a run needs, the draft's changes over what is in force."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def judge(self, workspace: Files, content: Content) -> Verdict:
        """Everything against the draft. Nothing is written."""
        shelf = self._studio.shelf
        folders = {layout.folder_of(path) for path in content}
        failing, count = self._failing(workspace, folders)
        return Verdict(self._refused(workspace), failing, moved(content, shelf.digests()), count)

    def _refused(self, workspace: Files) -> tuple[Problem, ...]:
        problems = self._studio.engine.check(resources(workspace))
        return tuple(problem for problem in problems if problem.severity == "error")

    def _failing(self, workspace: Files, folders: Collection[str]) -> tuple[tuple[str, ...], int]:
        """Cases of the folders concerned that do not go as they say, and cases elsewhere that did so far."""
        new, old = self._sandbox(workspace), self._sandbox(self._studio.shelf.files())
        failing, count = [], 0
        for path in new.project.case_files():
            try:
                cases: tuple[AnyCase, ...] = new.project.cases_of(path)
            except CaseFileInvalid as error:
                failing += [f"{path}: {error}"] if layout.folder_of(path) in folders else []
                continue
            count += len(cases)
            wrong = [case for case in cases if not new.check(case).ok]
            if layout.folder_of(path) not in folders:
                wrong = [case for case in wrong if old.check(case).ok]
            failing += [f"{layout.folder_of(path)}：{case.name}" for case in wrong]
        return tuple(failing), count

    def _sandbox(self, files: Files) -> Sandbox:
        return Sandbox(files, self._studio.feel, ANSWERS, OPERATIONS)


def resources(files: Files) -> list[Resource]:
    """What of the files is deployed."""
    return [Resource(path, content) for path, content in sorted(files.items()) if layout.kind_of(path) in layout.DEPLOYED]


def moved(content: Content, shelf: Digests) -> tuple[str, ...]:
    """Files whose version in force is neither the one the change began from nor the one it leads to."""
    return tuple(sorted(path for path, (new, base) in content.items() if shelf.get(path) not in (base, new)))
