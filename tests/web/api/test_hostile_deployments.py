"""Hostile files sent to the API: refused with sentences, or deployed as what they are; never a fault, never without end."""

from __future__ import annotations

import pytest

from tests.support import hostile
from tests.support.effort import at_most

FILES = [
    *((f"diagram: {what}", "hostile.bpmn", content) for what, content in hostile.diagrams()),
    *((f"table: {what}", "hostile.dmn", content) for what, content in hostile.tables()),
    *((f"form: {what}", "hostile.form", content) for what, content in hostile.forms()),
]
MOST_EFFORT = 40_000  # yardsticks; the dearest file takes less than a tenth of that
NAMES = (
    "../../hostile.bpmn",
    "/etc/passwd.bpmn",
    "hostile.bpmn\r\nX-Header: x",
    "<script>.bpmn",
    "hostile.py",
    "x" * 300 + ".bpmn",
)


@pytest.mark.parametrize(("name", "content"), [one[1:] for one in FILES], ids=[one[0] for one in FILES])
def test_a_hostile_file_is_answered_after_little_work(api, name, content):
    client = api("ywgl", ("deploy",))
    with at_most(MOST_EFFORT):
        answer = client.post("/deployments", files={"resources": (name, content)})
    assert answer.status_code in {200, 400, 413, 422}, answer.text[:400]
    if answer.status_code != 200:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert len(answer.json()["detail"]) > 10


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_only_a_name(api, name):
    answer = api("ywgl", ("deploy",)).post("/deployments", files={"resources": (name, hostile.diagram())})
    assert answer.status_code in {200, 400, 422}
    assert "X-Header" not in answer.headers


def test_a_file_known_under_another_name_makes_nothing_new(api):
    client = api("ywgl", ("deploy",))
    for name in ("first.bpmn", "second.bpmn"):
        answer = client.post("/deployments", files={"resources": (name, hostile.diagram())})
        assert answer.status_code == 200, answer.text[:400]
