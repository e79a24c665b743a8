"""Write the page of constructs: ``python -m tests.support.constructs``."""

from __future__ import annotations

from tests.support.constructs.page import FILE, page

if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
