"""A published draw can be repeated from its file alone, and a change anywhere in it is found."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.draw import Stratum, TooFew, checks, chosen, next_alternate, protocol
from procurement.draw.choosing import check
from tests.unit.procurement.made_draws import made, sealed
from web.commands import draws

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs/reference/draw-file.md"
THREE = {"street": "a" * 64, "agency": "351426" * 10, "supervisor": "丙方的话" * 30}
FILES = {
    "three sides": made(THREE),
    "two of three sides": made({"street": "a" * 64, "agency": "b" * 64}),
    "with an outside value": made(THREE, outside="482"),
    "with strata": made(THREE, strata=(Stratum("legal_finance", 2), Stratum("elderly", 3))),
    "before the names are open": made(THREE, opened=False),
    "void": made(THREE, silent=frozenset({"supervisor"})),
}


def wrong(content: object) -> list[str]:
    return [one.code for one in checks(content) if not one.ok]


@pytest.mark.parametrize("name", FILES)
def test_a_file_as_it_was_published_holds(name):
    assert wrong(FILES[name]) == []


def leaves(value: object, path: tuple = ()) -> Iterator[tuple]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for key, inner in enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def changed(value: object, draw: st.DrawFn) -> object:
    if isinstance(value, str):
        return draw(st.text(max_size=70).filter(lambda text: text != value))
    if isinstance(value, int):
        return value + draw(st.integers(1, 5))
    return draw(st.sampled_from([None, "x", 7, ["x"]]).filter(lambda other: other != value))


@st.composite
def tampered(draw: st.DrawFn) -> tuple[dict, tuple]:
    content = copy.deepcopy(FILES[draw(st.sampled_from(sorted(FILES)))])
    path = draw(st.sampled_from(sorted(leaves(content), key=str)))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = changed(place[path[-1]], draw)
    return content, path


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(tampered())
def test_a_change_of_any_field_is_found(case):
    content, path = case
    assert wrong(content), path


DECIDING = ("seed", "result", "reveals", "commitments", "announcement_sha256", "opened", "missing", "outside", "void_reason")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(tampered())
def test_a_change_of_what_decides_is_found_even_when_the_digest_is_made_anew(case):
    content, path = case
    cosmetic = path[0] not in (*DECIDING, "announcement") or path[-1] == "at" or {"evidence", "entered_by"} & set(path)
    if not cosmetic and not (path[0] == "void_reason" and content["void_reason"] and content["state"] == "void"):
        assert wrong(sealed(content)), path


@pytest.mark.parametrize("rubbish", [None, [], {}, {"format": "bixuan-draw"}, {"format": "bixuan-draw", "version": 1}, "text", 3])
def test_what_is_no_draw_file_is_said_to_be_none(rubbish):
    assert wrong(rubbish)


def test_a_contribution_of_somebody_else_does_not_fit_the_commitment():
    own = protocol.contribution_commitment("CG-2026-0001", 1, "street", "x")
    assert own != protocol.contribution_commitment("CG-2026-0001", 1, "agency", "x")
    assert own != protocol.contribution_commitment("CG-2026-0001", 2, "street", "x")
    assert own == protocol.contribution_commitment("CG-2026-0001", 1, "street", " x\n")


def test_short_or_regular_contributions_are_weak():
    assert protocol.bits("351426" * 10) >= protocol.ENOUGH_BITS
    assert protocol.bits("9f" + "0123456789abcdef" * 2) >= protocol.ENOUGH_BITS
    assert protocol.bits("1" * 500) == 0
    assert protocol.bits("今天天气很好") < protocol.ENOUGH_BITS


def test_too_few_for_a_stratum_is_found_before_the_draw():
    marks = {"a": ["law"], "b": [], "c": []}
    check(marks, 3, [Stratum("law", 1)])
    with pytest.raises(TooFew):
        check(marks, 3, [Stratum("law", 2)])
    with pytest.raises(TooFew):
        check(marks, 4)


def test_an_alternate_who_keeps_the_stratum_comes_before_the_next_in_order():
    marks = {"a": ["law"], "b": [], "c": [], "d": [], "e": ["law"]}
    strata = [Stratum("law", 1)]
    assert next_alternate(["d", "e"], ["b", "c"], marks, strata, 3) == "e"
    assert next_alternate(["d", "e"], ["a", "c"], marks, strata, 3) == "d"
    assert next_alternate(["d"], ["b", "c"], marks, strata, 3) is None


def chi_square(counts: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in counts)


@pytest.mark.parametrize("what", ["drawn", "alternates", "stratum"])
def test_ten_thousand_draws_favour_nobody(what, capsys):
    """χ² against the 0.1 % limit; the seeds are fixed, so the figure is the same every time."""
    keys = [f"exp-{n:02d}" for n in range(12)]
    strata = (Stratum("law", 2),) if what == "stratum" else ()
    marks = {key: (["law"] if strata and n < 4 else []) for n, key in enumerate(keys)}
    counted = keys[:4] if strata else keys
    counts = dict.fromkeys(counted, 0)
    rounds = 10_000
    for n in range(rounds):
        found = chosen(f"{n:064x}", marks, 5, 3, strata)
        for key in found.alternates if what == "alternates" else found.drawn:
            if key in counts:
                counts[key] += 1
    total = sum(counts.values())
    # drawing k of n without putting back leaves less spread than n independent dice: (n-k)/(n-1) of it
    share = total / rounds / len(counted)
    statistic = chi_square(list(counts.values()), total / len(counted)) / (1 - share) * (len(counted) - 1) / len(counted)
    limit = {11: 31.264, 3: 16.266}[len(counted) - 1]
    with capsys.disabled():
        print(f"\n{what}: χ² = {statistic:.2f}, {len(counted) - 1} degrees of freedom, 0.1 % limit {limit}")
    assert statistic < limit


def programs(language: str) -> str:
    """The short program the reference shows, taken out of the page itself."""
    return REFERENCE.read_text(encoding="utf-8").split(f"```{language}\n")[1].split("```")[0]


def says(command: list[str], content: dict, folder: Path) -> bool:
    file = folder / "draw.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    result = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False, timeout=60, cwd=folder)
    assert result.returncode in (0, 1), result.stderr
    return result.returncode == 0


def judged_alike(command: list[str], folder: Path) -> None:
    for name, content in FILES.items():
        if content["state"] == "drawn":
            assert says(command, content, folder), name
    other = copy.deepcopy(FILES["three sides"])
    other["result"]["drawn"].reverse()
    assert not says(command, sealed(other), folder)
    other = copy.deepcopy(FILES["with strata"])
    other["reveals"][0]["contribution"] = "c" * 64
    assert not says(command, sealed(other), folder)


def test_the_python_program_of_the_reference_has_thirty_lines_and_judges_alike(tmp_path):
    program = programs("python")
    assert len(program.strip().splitlines()) <= 30
    (tmp_path / "repeat.py").write_text(program, encoding="utf-8")
    judged_alike([sys.executable, "-I", "repeat.py"], tmp_path)


def test_the_javascript_program_of_the_reference_judges_alike(tmp_path):
    node = shutil.which("node")
    if node is None:
        assert os.environ.get("BIXUAN_NODE") != "required", "node is required, but not there"
        pytest.skip("no node on this machine")
    (tmp_path / "repeat.mjs").write_text(programs("javascript"), encoding="utf-8")
    judged_alike([node, "repeat.mjs"], tmp_path)


def test_the_command_says_each_check_and_its_result(tmp_path, capsys):
    file = tmp_path / "CQ-2026-0001.json"
    file.write_text(json.dumps(FILES["three sides"], ensure_ascii=False), encoding="utf-8")
    assert draws.is_draw(str(file))
    assert draws.report(file)
    said = capsys.readouterr().out
    assert said.count("✓") == len(checks(FILES["three sides"]))
    assert "✗" not in said
    broken = copy.deepcopy(FILES["three sides"])
    broken["seed"] = "0" * 64
    file.write_text(json.dumps(broken, ensure_ascii=False), encoding="utf-8")
    assert not draws.report(file)
    assert "✗ 种子不是由这些内容算出来的" in capsys.readouterr().out
    (tmp_path / "other.json").write_text("[1, 2", encoding="utf-8")
    assert not draws.is_draw(str(tmp_path / "other.json"))
    assert not draws.report(tmp_path / "other.json")
