"""Fixtures every test may use, and the order of files; the rest lies beside the tests that need it."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from fastapi.dependencies import models as dependencies
from hypothesis import HealthCheck, settings

from procurement.accounts import passwords

pytest_plugins = ["tests.support.browser", "tests.support.postgres"]

# how long an example takes says nothing of the program on a machine that does other things besides
settings.register_profile("patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

LONGEST = (  # files that take minutes, the longest first: begun last, one of them would keep one processor busy and the other idle
    "tests/e2e/test_secret_panel.py",
    "tests/attacks/test_every_role.py",
    "tests/e2e/test_open_comparison.py",
    "tests/e2e/test_whole_purchases.py",
    "tests/attacks/test_links.py",
    "tests/attacks/test_hostile_purchases.py",
    "tests/integration/procurement/test_demo_play.py",
    "tests/faults/test_killed_opening.py",
    "tests/e2e/test_studio.py",
    "tests/e2e/test_supervision_contract.py",
    "tests/e2e/test_supervision_organisations.py",
    "tests/e2e/test_supervised_services.py",
    "tests/e2e/test_supervised_credit.py",
    "tests/e2e/test_supervised_inspections.py",
    "tests/e2e/test_supervised_residents.py",
    "tests/e2e/test_supervised_records.py",
    "tests/e2e/test_supervised_experts.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # the order below is the one to take files in, not the number of their tests


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Beside other workers: long files first, then those with many tests. Alone the files stay in their order.

    A test in a browser that fails is tried once more and the first failure is shown at the end (docs/decisions/0021).
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if not hasattr(config, "workerinput"):
        return
    files = [item.nodeid.partition("::")[0] for item in items]
    tests = Counter(files)
    ranks = {file: (LONGEST.index(file) if file in LONGEST else len(LONGEST), -tests[file]) for file in tests}
    items[:] = [
        item for _rank, item in sorted(zip((ranks[file] for file in files), items, strict=True), key=lambda both: both[0])
    ]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: a collection that read it again took a sixth of the processor."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Logging in costs a tenth of a second of both processors on purpose; here it happens thousands of times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="module", autouse=True)
def forgotten_applications() -> Iterator[None]:
    """FastAPI remembers every function it was ever given, and a route holds its whole office: 250 MB each, for a worker's whole life."""
    yield
    for kept in vars(dependencies).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
