"""Case files: what is not understood is said, nothing in them can do harm, and writing them loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.sandbox import Case, CaseFileInvalid, read_cases, with_block, with_entries, write_case
from engine.sandbox.case_reader import MAX_BYTES
from engine.sandbox.case_values import plain
from tests.support.memory_host import sandbox

FILE = "processes/p/cases/x.yaml"
OF_PROCESSES = [case for case in sandbox().project.cases() if isinstance(case, Case)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\nprocess: p\nstepps: []", "stepps is not known here"),
        ("process: p", "Every case needs name"),
        ("name: a", "Every case needs process"),
        ("- name: a", "A case is a list of names with values"),
        ("name: [a", "is not YAML"),
        ("name: a\nprocess: p\nclock: tomorrow", "is no date and time"),
        ("name: a\nprocess: p\nsteps: [{tusk: x}]", "Step 1: tusk is neither a task"),
        ("name: a\nprocess: p\nsteps: [{task: x, value: {}}]", "Step 1: value is not known with task"),
        ("name: a\nprocess: p\nsteps: [{message: {name: m}}]", "message needs a key"),
        ("name: a\nprocess: p\nsteps: {task: x}", "A list is expected at steps"),
        ("name: a\nprocess: p\nvariables: [1]", "Names with values are expected at variables"),
        ("name: a\nprocess: p\nexpect: {ends: x}", "ends is not known here"),
        ("name: a\ndecision: d\nrows: [{input: {}}]", "input is not known here"),
        ("name: !!python/object/apply:os.system [id]\nprocess: p", "is not YAML"),
        ("name: a\nprocess: p\nvariables: {n: .inf}", "cannot be read"),
        ("name: a\nprocess: p\nvariables: {n: !!binary aGk=}", "cannot be read"),
    ],
)
def test_what_is_not_understood_is_said(text, said):
    with pytest.raises(CaseFileInvalid, match=said):
        read_cases(text.encode(), FILE)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"name: a\n" * 100_000,
        b"x" * (MAX_BYTES + 1),
        b"[" * 20_000,
        (
            "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join(['*a' + (str(n - 1) if n else '')] * 9)}]\n" for n in range(9))
        ).encode(),
        (
            "a: &a {x: 1}\n"
            + "".join(f"b{n}: &b{n} {{<<: [{', '.join(['*a' if not n else f'*b{n - 1}'] * 9)}]}}\n" for n in range(12))
        ).encode(),
    ],
    ids=["not UTF-8", "many documents", "too long", "deep", "aliases", "merges"],
)
def test_a_hostile_file_is_refused_with_a_sentence(content):
    with pytest.raises(CaseFileInvalid):
        read_cases(content, FILE)


@pytest.mark.parametrize("case", OF_PROCESSES, ids=lambda case: case.file)
def test_a_written_case_reads_as_it_was(case):
    [again] = read_cases(write_case(case).encode(), case.file)
    for part in ("name", "process", "start", "clock", "variables", "operations", "stubs", "steps", "expect"):
        assert getattr(again, part) == getattr(case, part)


TEXT = """# 说明
name: 一
process: p
expect:
  path: [a, b]   # 依次
  end: done
---
name: 二
process: p
steps:
  - task: a
"""


def test_replacing_one_entry_leaves_every_other_line():
    changed = with_entries(TEXT, 0, "expect", {"path": ["a", "b"], "end": "other", "waiting": ["c"]})
    assert changed == TEXT.replace("  end: done\n", "  end: other\n  waiting: [c]\n")


def test_a_case_without_the_block_gets_one():
    assert with_block(TEXT, 1, "expect", {"end": "x"}) == TEXT + "expect: {end: x}\n"


def test_a_case_that_is_not_there_is_an_error():
    with pytest.raises(IndexError):
        with_block(TEXT, 2, "expect", {})


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    | st.decimals(-(10**9), 10**9, places=2),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), VALUES, max_size=4))
def test_whatever_a_variable_holds_is_written_so_that_it_is_read_again(variables):
    assume("file" not in str(variables))  # {file: …} stands for an upload
    case = Case(file=FILE, name="a", process="p", variables=variables)
    [again] = read_cases(write_case(case).encode(), FILE)
    assert again.variables == plain(variables)
