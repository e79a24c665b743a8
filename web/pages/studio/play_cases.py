"""All cases of a draft: which still go as they say, what differs, what none of them reaches."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import EngineError, NotFound
from engine.sandbox import Coverage, Difference, Project, Sandbox
from engine.sandbox.library import DrawnTable
from procurement.studio import contents, saving
from procurement.studio.case_runs import Reach, folder_of, reach
from procurement.studio.model import Draft
from procurement.studio.outcomes import Keeper, Outcomes
from procurement.studio.playing import sandbox
from procurement.studio.proposals import touched
from web.auth.people import acting
from web.pages.htmx import fragment, is_fragment_request
from web.pages.operate.causes import in_words
from web.pages.services import services

BUDGET_S = 1.5  # of one request; the page goes on by itself
_keeper = Keeper()


@dataclass
class CasesView:
    """``folders``: whose cases are run: the draft's own and all a change of it may concern. ``shown``: the process drawn."""

    draft: Draft
    project: Project
    folders: list[str]
    found: Outcomes
    wanted: str = ""

    @cached_property
    def coverage(self) -> Coverage:
        return self.found.coverage

    @cached_property
    def reach(self) -> Reach:
        return reach(self.project, self.coverage, [self.draft.folder])

    @property
    def processes(self) -> list[str]:
        return [name for name, path in self.project.diagrams.items() if folder_of(path) == self.draft.folder]

    @property
    def shown(self) -> str:
        return self.wanted if self.wanted in self.processes else next(iter(self.processes), "")

    @property
    def diagram(self) -> str:
        return url_for("studio_files.read", draft=self.draft.key, path=self.project.diagrams[self.shown])

    @property
    def flows(self) -> dict[str, int]:
        """How often each sequence flow of the shown process was taken."""
        try:
            flows = self.project.process(self.shown).flows
        except EngineError:
            return {}
        return {name: self.coverage.flows[self.shown, name] for name in flows}

    @property
    def tables(self) -> list[tuple[str, DrawnTable, list[tuple[int, str, int]]]]:
        """(id, table, [(number, rule id, times matched)]) of the tables of the draft's folder."""
        return [
            (name, table, [(n, rule, self.coverage.rules[name, n]) for n, rule in enumerate(table.rules, 1)])
            for name, table in self.project.tables.items()
            if folder_of(table.file) == self.draft.folder
        ]

    @property
    def total(self) -> int:
        return len(self.found.outcomes) + self.found.left

    def folder(self, path: str) -> str:
        return folder_of(path)

    def told(self, difference: Difference) -> str:
        return in_words(difference.message)


def show(draft: int) -> str | Response:
    """Runs what is not known yet for a moment; with cases left the page asks again."""
    view = _view(draft)
    if is_fragment_request():
        return fragment(render_template("studio/cases_found.html", view=view, draft=view.draft))
    return render_template("studio/cases.html", view=view, draft=view.draft)


def accept(draft: int) -> str | Response:
    """What happens now becomes what the case expects: first shown, then saved."""
    found, playground = _opened(draft)
    path, number = request.form.get("path", ""), request.form.get("number", 0, type=int)
    if path not in playground.project.case_files() or not 0 <= number < len(playground.project.cases_of(path)):
        raise NotFound(kind="Case", key=f"{path}#{number}")
    result = playground.check(playground.project.cases_of(path)[number])
    before, after = saving.accepted(playground.project, path, number, result)
    if "confirmed" not in request.form:
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
        return render_template(
            "studio/cases_accept.html", draft=found, case=result.case, path=path, number=number, lines=lines, base=_sha(before)
        )
    if request.form.get("base") != _sha(before):
        flash(_("这个案例文件刚刚有了改动，请再看一遍。"), "warn")
        return redirect(url_for("studio_play.cases", draft=draft), 303)
    services().studio.drafts.save(draft, path, after.encode(), base=_sha(before), actor=acting())
    flash(_("已按现在的结果改写案例：%(name)s", name=result.case.name), "ok")
    return redirect(url_for("studio_play.cases", draft=draft), 303)


def _view(draft: int) -> CasesView:
    found, playground = _opened(draft)
    studio = services().studio
    changed = set(studio.drafts.changes(draft))
    folders = touched(playground.project, changed, found.folder) if changed else {found.folder}
    ordered = [found.folder, *sorted(folders - {found.folder})]
    paths = [path for folder in ordered for path in playground.project.case_files(folder)]
    outcomes = _keeper.run(playground, paths, BUDGET_S)
    return CasesView(found, playground.project, ordered, outcomes, request.args.get("process", ""))


def _opened(draft: int) -> tuple[Draft, Sandbox]:
    studio = services().studio
    return studio.drafts.draft(draft), sandbox(studio.drafts.workspace(draft), studio.feel)


def _sha(text: str) -> str:
    return contents.digest(text.encode())
