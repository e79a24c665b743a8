"""Whoever changes a process that running cases call is told, while drawing and before the release, what those cases would miss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.model import Resource
from tests.web.conftest import Visitor
from tests.web.test_studio_drafts import Writer
from web.composition import Services

DIAGRAM = "processes/contract_signing/contract_signing.bpmn"
RULE = "called_output_gone"


@pytest.fixture
def draft(as_user: Callable[[str], Visitor]) -> int:
    form = {"title": "改递补", "reason": "试"}
    answer = as_user("lcsj").post_form("/studio/folders/contract_signing/drafts", form, page="/studio")
    return int(answer.headers["location"].rsplit("/", 1)[-1])


@pytest.fixture
def writer(as_user: Callable[[str], Visitor], draft: int) -> Writer:
    return Writer(as_user("lcsj"), draft)


def without_award(writer: Writer) -> tuple[str, str]:
    """Contract signing that awards the next candidate under another name, and the digest of what is in force."""
    file = writer.get("file", path=DIAGRAM)
    changed = str(file["content"]).replace('target="awarded"', 'target="next_awarded"')
    assert changed != file["content"]
    return changed, file["sha256"]


def told(writer: Writer, **unsaved: str) -> list[dict[str, Any]]:
    return [one for one in writer.post("check", **unsaved).json()["problems"] if one["rule"] == RULE and not one["silenced"]]


def test_the_sentence_names_the_caller_its_version_its_cases_the_call_and_the_variable(
    writer: Writer, services: Services
) -> None:
    changed, _base = without_award(writer)
    assert told(writer) == []
    one = told(writer, **{DIAGRAM: changed})[0]
    version = next(found for found in services.engine.versions_in_use() if found.process_id == "delivery")
    assert one["severity"] == "error"
    assert one["cell"] == "awarded"
    assert f"组织实施（第 {version.version} 版，{version.running} 件正在走）" in one["text"]
    assert "从“合同签订”取回 awarded" in one["text"]


def test_the_release_is_kept_back_until_a_reason_is_recorded(
    writer: Writer, as_user: Callable[[str], Visitor], services: Services, draft: int
) -> None:
    changed, base = without_award(writer)
    assert writer.post("file", path=DIAGRAM, content=changed, base=base).status_code == 200
    verdict = f"/studio/drafts/{draft}/release/verdict"
    page = as_user("lcsj").get(verdict).text
    assert "1 处接不上" in page
    assert "取回 awarded" in page
    assert not services.studio.releases.judge(draft).ok
    place = {"rule": RULE, "file": DIAGRAM, "element": "contract_signing", "cell": "awarded"}
    assert writer.post("silence", **place, reason="递补改由街道另行办理").status_code == 200
    assert told(writer) == []
    assert "接得上这一版" in as_user("lcsj").get(verdict).text
    again = changed.replace('name="起草合同"', 'name="草拟合同"')
    assert [one["outdated"]["reason"] for one in told(writer, **{DIAGRAM: again})] == ["递补改由街道另行办理"]


def test_the_import_page_says_it_when_a_file_is_only_checked(
    writer: Writer, as_user: Callable[[str], Visitor], services: Services
) -> None:
    changed, _base = without_award(writer)
    designer = as_user("lcsj")
    before = services.studio.shelf.digests()

    def checked(content: str) -> str:
        sent = {"files": ("contract_signing.bpmn", content.encode(), "application/xml")}
        return designer.post_form("/studio/import", {"_action": "check"}, page="/studio/import", files=sent).text

    assert "取回 awarded" in checked(changed)
    assert "检查通过" in checked(services.studio.shelf.content(DIAGRAM).decode())
    assert services.studio.shelf.digests() == before


def test_an_upgrade_says_it_before_anything_is_deployed(writer: Writer, services: Services) -> None:
    changed, _base = without_award(writer)
    before = services.studio.shelf.digests()
    ahead = services.studio.shipping.ahead([Resource(DIAGRAM, changed.encode())])
    assert ahead.deployed == (DIAGRAM,)
    assert "组织实施" in ahead.concerned[0].message
    assert "awarded" in ahead.concerned[0].message
    assert ahead.concerned[0].severity == "error"
    assert services.studio.shipping.refusals([Resource(DIAGRAM, changed.encode())], ahead) == ()
    broken = changed.replace('formId="', 'formId="no_such_', 1)
    assert [one.file for one in services.studio.shipping.refusals([Resource(DIAGRAM, broken.encode())], ahead)] == [DIAGRAM]
    assert services.studio.shelf.digests() == before
