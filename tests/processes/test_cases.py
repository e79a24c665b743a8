"""Every designer's case runs, live and with the execution dropped from memory after every step, and together they reach everything."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import PurePosixPath

import pytest

from engine.sandbox import Case, Coverage, coverage
from engine.sandbox.project import Project
from tests.support.memory_host import diagrams, sandbox

ALL = sandbox().project.cases()


def numbered(chosen):
    """Names pytest can print: process/file and the number in the file; the case's own Chinese name is in the failure."""
    files = Counter()
    names = []
    for case in chosen:
        files[case.file] += 1
        path = PurePosixPath(case.file)
        names.append(f"{path.parent.parent.name}/{path.stem}-{files[case.file]}")
    return names


OF_PROCESSES = [case for case in ALL if isinstance(case, Case)]


@cache
def checked(case):
    """The result of a case; run once however often it is asked."""
    return sandbox().check(case)


@pytest.mark.parametrize("case", ALL, ids=numbered(ALL))
def test_the_case_goes_as_it_says(case):
    result = checked(case)
    assert result.ok, f"{case.label}\n{result.difference}"


@pytest.mark.parametrize("case", OF_PROCESSES, ids=numbered(OF_PROCESSES))
def test_the_case_goes_the_same_when_dropped_from_memory_between_steps(case):
    again = sandbox().play(case, reload=True)
    assert again.stop is None
    assert again.path == checked(case).played.path


@cache
def everything_reached() -> Coverage:
    return coverage(checked(case) for case in ALL)


@pytest.mark.parametrize("process_id", diagrams())
def test_every_sequence_flow_is_reached_by_a_case(process_id):
    missing = everything_reached().missing_flows(sandbox().project, process_id)
    assert not missing, f"{process_id}: no case takes {', '.join(missing)}; add one in processes/{process_id}/cases/"


@pytest.mark.parametrize("table_id", sandbox().project.tables)
def test_every_rule_of_every_table_is_reached_by_a_case(table_id):
    table = sandbox().project.tables[table_id]
    missing = [f"{n} ({table.rules[n - 1]})" for n in everything_reached().missing_rules(sandbox().project, table_id)]
    assert not missing, f"{table.file}, {table.owner}: no case matches rule {', '.join(missing)}"


def test_what_one_run_read_of_all_our_files_the_next_does_not_read_again(monkeypatch):
    def everything_of(project):
        for path in project.case_files():
            project.cases_of(path)
        for process_id in project.diagrams:
            project.process(process_id)
        for form_id in project.form_files:
            project.form(form_id)
        for decision_id in project.decision_files:
            project.decisions(decision_id)

    files, feel = sandbox().project.files, sandbox().project.feel
    everything_of(Project(files, feel))
    monkeypatch.setattr("engine.sandbox.library.parse", lambda *_, **__: pytest.fail("a diagram is read again"))
    monkeypatch.setattr("engine.sandbox.library.forms.read", lambda *_, **__: pytest.fail("a form is read again"))
    monkeypatch.setattr("engine.sandbox.library.dmn.load", lambda *_, **__: pytest.fail("a table is read again"))
    monkeypatch.setattr("engine.sandbox.project.read_cases", lambda *_: pytest.fail("cases are read again"))
    everything_of(Project(files, feel))
