"""The command line says what is wrong in Chinese, one line each, as its help does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from engine.model import BROKEN as BROKEN_RECORDS
from engine.model import BrokenRecord
from procurement.archive.checking.broken import told, why
from tests.support.command_line import BIXUAN

BROKEN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:t">
  <bpmn:process id="trial" name="试验" isExecutable="true"><bpmn:startEvent id="start"/><bpmn:complexGateway id="odd"/></bpmn:process>
</bpmn:definitions>"""


def said(environ: dict[str, str], *arguments: str) -> list[str]:
    program = [*BIXUAN, *arguments]
    run = subprocess.run(program, env={**os.environ, **environ}, capture_output=True, text=True, timeout=90, check=False)
    assert run.returncode == 1
    return run.stderr.strip().splitlines()


def test_a_file_that_is_no_history(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text("nothing")
    (line,) = said({}, "verify", "--file", str(file))
    assert line.startswith("第 1 行不是导出的历史应有的内容：")


def test_each_fault_of_a_diagram(new_database: Callable[[], str], tmp_path: Path) -> None:
    file = tmp_path / "trial.bpmn"
    file.write_text(BROKEN, encoding="utf-8")
    environ = {"BIXUAN_HOME": str(tmp_path), "DATABASE_URL": new_database()}
    subprocess.run([*BIXUAN, "migrate"], env={**os.environ, **environ}, check=True)
    lines = said(environ, "deploy", "--check", str(file))
    assert lines
    assert all("必须改正：" in line and not line.partition("必须改正：")[2].isascii() for line in lines)
    assert any(line.startswith("trial.bpmn:3 [odd]") for line in lines)


def test_a_setting_that_cannot_be_used(new_database: Callable[[], str], tmp_path: Path) -> None:
    environ = {"BIXUAN_HOME": str(tmp_path), "DATABASE_URL": new_database(), "BIXUAN_PAGE_THREADS": "many"}
    (line,) = said(environ, "worker")
    assert line == "BIXUAN_PAGE_THREADS 现在是 'many'：请写 1 到 200 的整数。"


def test_why_a_history_does_not_match_has_words_for_every_reason() -> None:
    for reason in BROKEN_RECORDS:
        assert not why(BrokenRecord(1, 2, reason)).isascii()
    assert told(BrokenRecord(77, 3, "hash")) == "案件 77 第 3 条：内容被改动过"
