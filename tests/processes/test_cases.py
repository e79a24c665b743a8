"""Every designer's case runs, live and with the execution dropped from memory after every step, and together they reach everything."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.support.case_run import CaseRun, reached
from tests.support.cases import Case, cases
from tests.support.memory_host import ROOT, diagrams, drawn_tables, process_model

ALL = cases()


def numbered(chosen):
    """Names pytest can print: process/file and the number in the file; the case's own Chinese name is in the failure."""
    files = Counter()
    names = []
    for case in chosen:
        files[case.file] += 1
        names.append(f"{case.file.parent.parent.name}/{case.file.stem}-{files[case.file]}")
    return names


OF_PROCESSES = [case for case in ALL if isinstance(case, Case)]


@pytest.mark.parametrize("case", ALL, ids=numbered(ALL))
def test_the_case_goes_as_it_says(case):
    reached(case)


@pytest.mark.parametrize("case", OF_PROCESSES, ids=numbered(OF_PROCESSES))
def test_the_case_goes_the_same_when_dropped_from_memory_between_steps(case):
    again = CaseRun(case, reload=True).run()
    assert again.path == reached(case).path


@cache
def everything_reached() -> tuple[set[tuple[str, str]], set[tuple[str, int]]]:
    """Flows and rules of all cases that go as they say."""
    flows, rules = set(), set()
    for case in ALL:
        try:
            found = reached(case)
        except Exception:  # noqa: BLE001 - its own test says what is wrong
            continue
        flows |= found.flows
        rules |= found.rules
    return flows, rules


@pytest.mark.parametrize("process_id", diagrams())
def test_every_sequence_flow_is_reached_by_a_case(process_id):
    flows, _ = everything_reached()
    missing = [flow for flow in process_model(process_id).flows if (process_id, flow) not in flows]
    assert not missing, f"{process_id}: no case takes {', '.join(missing)}; add one in processes/{process_id}/cases/"


@pytest.mark.parametrize("table_id", drawn_tables())
def test_every_rule_of_every_table_is_reached_by_a_case(table_id):
    _, rules = everything_reached()
    table = drawn_tables()[table_id]
    missing = [f"{n} ({name})" for n, name in enumerate(table.rules, 1) if (table_id, n) not in rules]
    assert not missing, f"{table.file.relative_to(ROOT)}, {table.owner}: no case matches rule {', '.join(missing)}"
