"""What others wrote is named with its licence."""

from __future__ import annotations

from tests.support import notices


def test_every_pinned_package_is_named_in_the_notices() -> None:
    written = notices.FILE.read_text(encoding="utf-8").lower().replace("_", "-").replace(".", "-")
    missing = [name for name in notices.pinned_packages() if f"\n{name.lower().replace('.', '-')} " not in written]
    assert not missing, f"run: python -m tests.support.notices (missing: {', '.join(missing)})"


def test_the_scripts_we_carry_are_named_in_the_notices() -> None:
    written = notices.FILE.read_text(encoding="utf-8")
    assert "web/static/vendor" in written
    for notice in notices.vendored_notices():
        assert notice.splitlines()[1] in written
