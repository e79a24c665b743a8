"""The case files that earlier versions made, and how to check one where there is nothing else."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = sorted((ROOT / "tests" / "data" / "case-file").glob("*.zip"))
HOW_TO = ROOT / "docs" / "how-to" / "verify-a-case-file.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def root_of(archive: Path) -> str:
    """The root as it was published."""
    return archive.with_suffix(".root").read_text(encoding="utf-8").strip()


def bare(programs: Path, home: Path) -> dict[str, str]:
    """An environment with these programs and the shell's, and nothing of ours: no settings, no database, no network."""
    paths = [str(programs), "/usr/bin", "/bin"]
    silent = str(Path(__file__).parent / "without_network")
    return {"PATH": os.pathsep.join(paths), "HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": silent}


def run(command: str, where: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One or more lines of the shell, each of which must go well."""
    return subprocess.run(
        ["sh", "-euc", command], cwd=where, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def commands(archive: Path) -> list[str]:
    """What the how-to has people type, for this archive."""
    text = HOW_TO.read_text(encoding="utf-8")
    return [block.replace("DA-2027-0001", archive.stem).replace("公示的根", root_of(archive)) for block in BLOCK.findall(text)]
