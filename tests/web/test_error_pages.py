"""Whatever goes wrong, a page says so in Chinese, and what was typed is still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted, TaskAlreadyClaimed
from tests.web.conftest import Visitor
from web.composition import Services
from web.pages.factory import create_pages


@pytest.fixture
def failing(services: Services) -> Iterator[Callable[[Exception], Flask]]:
    """The pages, with a public one that fails as told."""
    pages = create_pages(services)
    pages.config["WTF_CSRF_ENABLED"] = False

    def fail_with(error: Exception) -> Flask:
        def view() -> str:
            raise error

        pages.view_functions["login.enter"] = view
        return pages

    yield fail_with


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (NotFound(kind="Purchase", key="CG-1"), 404, "采购项目 CG-1 不存在"),
        (NotPermitted(), 403, "您不能办理此项"),
        (Conflict(), 409, "别人先一步办理了"),
        (TaskAlreadyClaimed(task=7, assignee="liu"), 409, "正由 liu 办理"),
        (InvalidInput(fields=(FieldError("amount", "Enter a whole number."),)), 422, "请填写整数"),
        (RuntimeError("secret detail"), 500, "系统遇到意外情况"),
    ],
)
def test_an_error_becomes_a_page_with_its_sentence_and_the_typed_values(
    failing: Callable[[Exception], Flask], error: Exception, status: int, sentence: str
) -> None:
    answer = failing(error).test_client().post("/login", data={"title": "居家照护", "password": "never shown"})
    assert answer.status_code == status
    assert sentence in answer.text
    assert "居家照护" in answer.text
    assert "never shown" not in answer.text
    assert "secret detail" not in answer.text


def test_htmx_gets_a_note_instead_of_a_page(failing: Callable[[Exception], Flask]) -> None:
    answer = failing(Conflict()).test_client().post("/login", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.text.lstrip().startswith('<div class="note bad"')


def test_in_english_the_engines_own_sentence_is_shown(failing: Callable[[Exception], Flask]) -> None:
    client = failing(Conflict()).test_client()
    client.post("/language", data={"language": "en", "next": "/"})
    assert "Somebody else was quicker" in client.post("/login").text


def test_an_answer_may_not_be_opened_with_another_method(as_user: Callable[[str], Visitor]) -> None:
    answer = as_user("cgjb").get("/logout")
    assert answer.status_code == 405
    assert "操作方式不对" in answer.text
