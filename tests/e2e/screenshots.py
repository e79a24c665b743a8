"""``python -m tests.e2e.screenshots``: take the pictures of docs/images again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

SUPERVISED = sorted(one.stem for one in Path(__file__).parent.glob("test_supervis*.py"))
PICTURED = ("test_main_pages", "test_comparison_pages", "test_studio", *SUPERVISED)

if __name__ == "__main__":
    os.environ["BIXUAN_SCREENSHOTS"] = "1"
    here = Path(__file__)
    sys.exit(pytest.main(["-q", *(str(here.with_name(f"{name}.py")) for name in PICTURED)]))
