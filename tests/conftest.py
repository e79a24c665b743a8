"""Fixtures every test may use; the rest lies beside the tests that need it."""

from __future__ import annotations

pytest_plugins = ["tests.support.browser", "tests.support.postgres"]
