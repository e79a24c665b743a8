"""``bixuan cases`` says in Chinese which cases differ and what no case reaches."""

from __future__ import annotations

import shutil

import pytest

from tests.support.memory_host import FORMS, PROCESSES, ROOT
from web.commands import cases


@pytest.fixture
def project(tmp_path):
    """A copy of the designers' files."""
    shutil.copytree(PROCESSES, tmp_path / "processes")
    shutil.copytree(FORMS, tmp_path / "forms")
    return tmp_path


def test_the_cases_of_one_folder_go_as_they_say(capsys):
    assert cases.report([ROOT / "processes" / "goal_setting"], complete=True)
    said = capsys.readouterr().out
    assert "✓ goal_setting/above_limit: 五万元零一分走公开比选" in said
    assert "走过连线 30/30 条，命中规则 11/11 行。" in said
    assert said.endswith("19 个案例如所写，0 个不符。\n")


def test_what_differs_and_what_is_not_reached_is_said_in_chinese(project, capsys):
    folder = project / "processes" / "goal_setting" / "cases"
    file = folder / "above_limit.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("route: open_comparison", "route: committee", 1), encoding="utf-8")
    (folder / "withdrawn.yaml").unlink()
    (folder / "broken.yaml").write_text("name: [", encoding="utf-8")
    assert not cases.report([project / "processes" / "goal_setting"], complete=False)
    said = capsys.readouterr().out
    assert '    route 应为 "committee"，实为 "open_comparison"。' in said
    assert "✗ processes/goal_setting/cases/broken.yaml" in said
    assert "不是正确的 YAML" in said
    assert "没有案例走过：goal_setting 的 register_goals_withdrawal → goals_withdrawn" in said
    assert said.endswith("17 个案例如所写，2 个不符。\n")


def test_one_file_can_be_run_alone_and_whole_reach_can_be_demanded(project, capsys):
    file = project / "processes" / "goal_setting" / "cases" / "above_limit.yaml"
    assert cases.report([file], complete=False)
    assert not cases.report([file], complete=True)
    assert "1 个案例如所写" in capsys.readouterr().out


def test_a_place_without_cases_is_said_to_have_none(tmp_path):
    (tmp_path / "processes").mkdir()
    with pytest.raises(cases.NoCases, match="没有找到案例"):
        cases.report([tmp_path], complete=False)
