"""What a draft must pass before it is submitted, and again at the moment it comes into force."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.checks import BETWEEN_VERSIONS, Finding
from engine.errors import Problem
from engine.model import Resource
from engine.sandbox import AnyCase, CaseFileInvalid
from procurement.studio import layout
from procurement.studio.checks import CATALOGUE
from procurement.studio.checks import Problem as Found
from procurement.studio.model import Files
from procurement.studio.playing import sandbox
from procurement.studio.proposals import touched
from procurement.studio.release.model import Content, content_hash
from procurement.studio.shelf import Digests

if TYPE_CHECKING:
    from procurement.studio.studio import Studio


REMEMBERED = 16  # verdicts
_BETWEEN = frozenset(rule.code for rule in BETWEEN_VERSIONS)


@dataclass(frozen=True)
class Verdict:
    """``refused``: what deployment would refuse; ``failing``: names of cases; ``moved``: files somebody else changed meanwhile.

    ``errors`` and ``warnings`` count the studio's own problems that are neither mended nor silenced with a reason: an error
    keeps the draft back, because the office decided that this rule is one; a warning is for the reviewer to weigh.
    ``running``: those of them that cases on other versions would come upon.
    """

    refused: tuple[Problem, ...] = ()
    failing: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    cases: int = 0
    errors: int = 0
    warnings: int = 0
    running: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not (self.refused or self.failing or self.moved or self.errors)

    def in_chinese(self) -> str:
        """For the record: one sentence for each kind of trouble."""
        told = []
        if self.moved:
            told.append(f"在用的文件已经变了：{'、'.join(self.moved[:5])}。请合并后重新提交。")
        if self.refused:
            told.append(f"检查有 {len(self.refused)} 处错误，见“问题”。")
        if self.errors:
            told.append(f"还有 {self.errors} 处本单位定为错误的问题，没有改正，也没有写明理由停用，见“问题”。")
        if self.failing:
            told.append(f"{len(self.failing)} 个案例不合：{'；'.join(self.failing[:5])}。")
        return "".join(told)


class Gate:
    """Asked with whole workspaces: everything a run needs, the draft's changes over what is in force.

    What passed once is remembered for the very same files; what did not is asked again, because a year entered into the
    office's calendar may mend it.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._passed: dict[str, int] = {}

    def judge(self, workspace: Files, content: Content) -> Verdict:
        """Everything against the draft. Nothing is written."""
        behind = moved(content, self._studio.shelf.digests())
        found = self._problems(workspace, content)
        severities = [one.severity for one in found]
        errors, warnings = severities.count("error"), severities.count("warning")
        running = tuple(one.finding for one in found if one.finding.rule in _BETWEEN)
        key = _digest(workspace, content)
        if key in self._passed:
            return Verdict(moved=behind, cases=self._passed[key], errors=errors, warnings=warnings, running=running)
        refused = self._refused(workspace)
        failing, count = self._failing(workspace, content)
        if not refused and not failing:
            self._passed = dict([*self._passed.items(), (key, count)][-REMEMBERED:])
        return Verdict(refused, failing, behind, count, errors, warnings, running)

    def _refused(self, workspace: Files) -> tuple[Problem, ...]:
        problems = self._studio.engine.check(resources(workspace))
        return tuple(problem for problem in problems if problem.severity == "error")

    def _problems(self, workspace: Files, content: Content) -> list[Found]:
        """What is open of the folders the draft changes; what deployment refuses is told apart from them."""
        found = {
            (one.finding.order, one.finding.cell): one
            for folder in {layout.folder_of(path) for path in content}
            for one in self._studio.checks.problems(workspace, content, folder=folder)
            if one.counts and not CATALOGUE[one.finding.rule].fixed
        }
        return list(found.values())

    def _failing(self, workspace: Files, content: Content) -> tuple[tuple[str, ...], int]:
        """Of the folders the change may concern: cases that do not go as they say, elsewhere those that did so far."""
        new, old = sandbox(workspace, self._studio.feel), sandbox(self._studio.shelf.files(), self._studio.feel)
        own = {layout.folder_of(path) for path in content}
        concerned = touched(new.project, set(content), min(own)) if own else set()
        failing, count = [], 0
        for path in (path for folder in sorted(concerned) for path in new.project.case_files(folder)):
            folder = layout.folder_of(path)
            try:
                cases: tuple[AnyCase, ...] = new.project.cases_of(path)
            except CaseFileInvalid as error:
                failing += [f"{path}: {error}"] if folder in own else []
                continue
            count += len(cases)
            wrong = [case for case in cases if not new.check(case).ok]
            if folder not in own:
                wrong = [case for case in wrong if old.check(case).ok]
            failing += [f"{folder}：{case.name}" for case in wrong]
        return tuple(failing), count


def _digest(workspace: Files, content: Content) -> str:
    found = hashlib.sha256()
    for path in sorted(workspace):
        found.update(path.encode() + b"\0" + hashlib.sha256(workspace[path]).digest())
    return found.hexdigest() + content_hash(content)


def resources(files: Files) -> list[Resource]:
    """What of the files is deployed."""
    return [Resource(path, content) for path, content in sorted(files.items()) if layout.kind_of(path) in layout.DEPLOYED]


def moved(content: Content, shelf: Digests) -> tuple[str, ...]:
    """Files whose version in force is neither the one the change began from nor the one it leads to."""
    return tuple(sorted(path for path, (new, base) in content.items() if shelf.get(path) not in (base, new)))
