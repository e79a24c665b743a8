"""Every folder can be played, and every case of the office opens in play with all its steps."""

from __future__ import annotations

import html
import re

import pytest

from engine.model import Actor
from engine.sandbox import Case
from procurement.studio.playing import sandbox


@pytest.fixture(scope="module")
def designer(services):
    return next(user.login for user in services.office.accounts.search(limit=200) if "designer" in user.roles)


@pytest.fixture
def draft(services, designer):
    made = services.studio.drafts.begin("rules", "看看", "看看", actor=Actor(designer, frozenset({"designer"})))
    yield made.key
    services.studio.drafts.discard(made.key, actor=Actor(designer, frozenset({"designer"})))


def test_every_case_opens_with_all_its_steps_and_as_expected(services, as_user, designer, draft):
    project = sandbox(services.studio.drafts.workspace(draft), services.studio.feel).project
    client = as_user(designer)
    for path in project.case_files():
        for number, case in enumerate(project.cases_of(path)):
            if isinstance(case, Case):
                answer = client.get(f"/studio/drafts/{draft}/play", params={"case": path, "n": number})
                assert answer.status_code == 200, case.label
                shown = (re.search(r"data-step=\"(\d+)\"", answer.text)[1], problem(answer.text))
                assert shown == (str(len(case.steps)), []), case.label
                assert not case.expect or "与案例所写相符" in answer.text, case.label
                assert not problem(answer.text), case.label


def test_every_process_begins_with_what_the_page_proposes(services, as_user, designer, draft):
    project = sandbox(services.studio.drafts.workspace(draft), services.studio.feel).project
    client = as_user(designer)
    for process in project.diagrams:
        page = client.get(f"/studio/drafts/{draft}/play", params={"_process": process}).text
        fields = {name: html.unescape(value) for name, value in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', page)}
        called = dict.fromkeys(re.findall(r'name="(_called_\w+)"', page), "inside")
        clock = re.search(r'name="_clock"[^>]*value="([^"]+)"', page)[1]
        start = re.search(r'<input type="hidden" name="_start" value="([^"]+)"', page)
        posted = {"_do": "start", "_process": process, "_clock": clock, "_start": start[1] if start else "", **fields, **called}
        answer = client.post_form(f"/studio/drafts/{draft}/play", posted, page=f"/studio/drafts/{draft}/play")
        assert answer.status_code == 200, process
        assert 'data-step="0"' in answer.text, process


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"_run": "{", "_do": "look"}, 422),
        ({"_run": "[]", "_do": "look"}, 422),
        ({"_run": '{"process": "goal_setting", "steps": [{"tusk": 1}]}', "_do": "look"}, 200),
        ({"_run": '{"process": "goal_setting", "steps": 5}', "_do": "look"}, 200),
        ({"_run": '{"process": "nowhere"}', "_do": "look"}, 200),
        ({"_run": '{"process": "goal_setting"}', "_do": "complete:set_objectives#99"}, 200),
        ({"_run": '{"process": "goal_setting"}', "_do": "message:99"}, 200),
        ({"_run": '{"process": "goal_setting"}', "_do": "answer:x"}, 200),
        ({"_run": '{"process": "goal_setting", "operations": {"budget.list": 5}}', "_do": "look"}, 200),
        ({"_run": '{"process": "goal_setting", "variables": {"<script>": "<script>alert(1)</script>"}}', "_do": "look"}, 200),
        ({"_run": '{"process": "goal_setting"}', "_do": "no such thing:1"}, 200),
        ({"_process": "goal_setting", "_do": "start", "_clock": "soon"}, 200),
        ({"_process": "goal_setting", "_do": "start", "_variables": "- 1"}, 200),
    ],
)
def test_what_no_page_would_send_is_answered_with_a_sentence(as_user, designer, draft, fields, status):
    answer = as_user(designer).post_form(f"/studio/drafts/{draft}/play", fields, page=f"/studio/drafts/{draft}/play")
    assert answer.status_code == status
    assert "<script>alert" not in answer.text


def problem(page):
    return re.findall(r'<div class="note bad" role="alert"><p>(.*?)</p>', page)
