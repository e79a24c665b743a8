"""Drafts over HTTP: what the pages and the editors in them send and get."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.web.conftest import Visitor
from web.composition import Services

TABLE = "processes/goal_setting/method_route.dmn"
AsUser = Callable[[str], Visitor]


class Writer:
    """Somebody with a draft open."""

    def __init__(self, client: Visitor, draft: int) -> None:
        self.client, self.address = client, f"/studio/drafts/{draft}"
        self.headers = {"X-CSRFToken": client.token("/studio")}

    def get(self, what: str, **query: Any) -> Any:
        answer = self.client.get(f"{self.address}/{what}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, what: str, **body: Any) -> httpx.Response:
        headers = {"Content-Type": "application/json", **self.headers}
        return self.client.post(f"{self.address}/{what}", content=json.dumps(body), headers=headers)


@pytest.fixture
def draft(as_user: AsUser) -> int:
    answer = as_user("lcsj").post_form(
        "/studio/folders/goal_setting/drafts", {"title": "提高限额", "reason": "会议"}, page="/studio"
    )
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[-1])


@pytest.fixture
def writers(as_user: AsUser, draft: int) -> tuple[Writer, Writer]:
    return Writer(as_user("lcsj"), draft), Writer(as_user("admin"), draft)


def test_a_draft_is_begun_listed_and_opened(as_user: AsUser, draft: int) -> None:
    client = as_user("lcsj")
    for address in ("/studio", "/studio/folders/goal_setting", f"/studio/drafts/{draft}"):
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        assert "提高限额" in answer.text


def test_a_new_process_begins_with_an_empty_diagram_in_a_draft(as_user: AsUser, services: Services) -> None:
    client = as_user("lcsj")
    answer = client.post_form("/studio", {"folder": "legal_aid", "title": "法律援助"}, page="/studio")
    draft = int(answer.headers["location"].rsplit("/", 1)[-1])
    assert list(services.studio.drafts.changes(draft)) == ["processes/legal_aid/legal_aid.bpmn"]
    assert "法律援助" in client.get("/studio/folders/legal_aid").text
    assert client.get("/studio/folders/nothing_there").status_code == 404
    refused = client.post_form("/studio", {"folder": "../x", "title": "x"}, page="/studio")
    assert refused.status_code == 422
    assert "小写字母" in refused.text


def test_a_file_is_read_saved_and_listed_as_changed(writers: tuple[Writer, Writer]) -> None:
    writer = writers[0]
    before = writer.get("file", path=TABLE)
    saved = writer.post("file", path=TABLE, content="<x/>", base=before["sha256"]).json()
    assert writer.get("file", path=TABLE)["content"] == "<x/>"
    (listed,) = [one for one in writer.get("files")["files"] if one["path"] == TABLE]
    assert (listed["state"], listed["sha256"], listed["by"]) == ("changed", saved["sha256"], "沈一凡")
    assert [one["sha256"] for one in writer.get("versions", path=TABLE)["versions"]] == [saved["sha256"]]


def test_the_second_writer_gets_409_with_whose_version_is_there(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    base = first.get("file", path=TABLE)["sha256"]
    saved = first.post("file", path=TABLE, content="first", base=base).json()
    told = second.post("file", path=TABLE, content="second", base=base)
    assert told.status_code == 409
    assert told.json()["theirs"]["sha256"] == saved["sha256"]
    assert "method_route.dmn" in told.json()["problem"]
    aside = second.get("versions", path=TABLE)["versions"][0]
    assert not aside["accepted"]
    assert second.client.get(aside["address"]).json()["content"] == "second"
    assert second.post("file", path=TABLE, content="second", base=saved["sha256"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"path": "../../etc/passwd", "content": "x", "base": None}, 422),
        ({"path": "processes/goal_setting/x.py", "content": "x", "base": None}, 422),
        ({"path": TABLE, "content": 5, "base": None}, 422),
        ({"path": TABLE, "content": "\ud800", "base": None}, 422),
        ({"path": ["a"], "content": "x", "base": None}, 422),
        ({"path": TABLE, "content": "x" * 2_000_001, "base": None}, 422),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    writers: tuple[Writer, Writer], body: dict[str, Any], status: int
) -> None:
    answer = writers[0].post("file", **body)
    assert answer.status_code == status, answer.text
    assert len(answer.json()["problem"]) > 8


def test_a_body_beyond_the_limit_is_413(writers: tuple[Writer, Writer]) -> None:
    assert writers[0].post("file", path=TABLE, content="x" * 5_000_000, base=None).status_code == 413


def test_who_is_not_a_designer_may_look_but_not_change(as_user: AsUser, draft: int, services: Services) -> None:
    clerk = Writer(as_user("czs"), draft)
    assert clerk.get("file", path=TABLE)["kind"] == "tables"
    for what in ("file", "take", "revert", "keep-mine", "presence"):
        assert clerk.post(what, path=TABLE, content="x", base=None, window="w").status_code == 403
    assert services.studio.drafts.changes(draft) == {}


def test_the_others_in_a_draft_are_named(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    assert first.post("presence", window="a", path=TABLE).json()["others"] == []
    (other,) = second.post("presence", window="b", path="").json()["others"]
    assert other == {"login": "lcsj", "name": "沈一凡", "path": TABLE}
    first.post("presence", window="a", leaving=True)
    assert second.post("presence", window="b", path="").json()["others"] == []


def test_without_the_token_of_the_page_nothing_is_saved(as_user: AsUser, draft: int) -> None:
    writer = Writer(as_user("lcsj"), draft)
    writer.headers = {}
    assert writer.post("file", path=TABLE, content="x", base=None).status_code == 400
