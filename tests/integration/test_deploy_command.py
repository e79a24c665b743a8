"""``bixuan deploy --shipped`` at an upgrade, with and without ``--check``."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.support.command_line import BIXUAN

LAST = re.compile(r"(会部署|部署了) (\d+) 个文件，保留街道改过的 0 个。")


def test_a_check_says_what_would_be_deployed_and_deploys_nothing(new_database: Callable[[], str], tmp_path: Path) -> None:
    environ = {**os.environ, "BIXUAN_HOME": str(tmp_path), "DATABASE_URL": new_database()}

    def bixuan(*arguments: str) -> str:
        program = [*BIXUAN, *arguments]
        return subprocess.run(program, env=environ, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]

    def said(*arguments: str) -> tuple[str, int]:
        found = LAST.fullmatch(bixuan("deploy", "--shipped", *arguments))
        assert found
        return found[1], int(found[2])

    bixuan("migrate")
    verb, files = said("--check")
    assert verb == "会部署"
    assert files > 100
    assert said("--check") == ("会部署", files), "the first check deployed nothing"
    assert said() == ("部署了", files)
    assert said("--check") == ("会部署", 0)
