"""A short run of the long one: ``python -m bench.kill9 --kills 300 --cases 150 --seconds 1800``."""

from __future__ import annotations

import subprocess
import sys


def test_whatever_is_killed_nothing_is_lost_and_nothing_happens_twice() -> None:
    command = [sys.executable, "-m", "bench.kill9", "--kills", "12", "--cases", "8", "--seed", "11", "--seconds", "30"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "8 cases" in done.stdout
