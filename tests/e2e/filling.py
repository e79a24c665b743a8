"""Fills any designer's form in the browser, by key, as a person would: what appears only after an answer is filled afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from playwright.sync_api import FilePayload, Page
from playwright.sync_api import TimeoutError as TooSlow

from engine.forms.values import option_text
from procurement.demo.paper import sheet
from tests.support.browser import PATIENCE_MS

FORM = "main form:has(.submit)"
ROUNDS = 12
A_MOMENT_MS = 2_500  # most fields change nothing else on the page; what is missing after that is waited for with patience
# every control that can be typed into at this moment
CONTROLS = """form => [...form.elements].filter(e => e.name && !e.disabled && e.type !== 'hidden' && e.getClientRects().length)
    .map(e => ({name: e.name, kind: e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase(), value: e.value}))"""
COUNT_SWAPS = """() => { if (window.swaps === undefined) { window.swaps = 0;
    document.body.addEventListener('htmx:afterSettle', () => { window.swaps += 1 }) } return window.swaps }"""
CHANGES_OTHERS = ("radio", "checkbox", "select")  # answered first: they show and hide the rest


class NotOnThePage(AssertionError):
    """The form has no control for a value that belongs to it."""


def fill(page: Page, values: Mapping[str, Any]) -> None:
    """Enter every value. Lists of objects are rows, references to files are uploaded as a PDF of that name. Null stays empty."""
    waiting = dict(_flat(values))
    page.locator(FORM).last.wait_for()
    for _ in range(ROUNDS):
        swaps = page.evaluate(COUNT_SWAPS)
        done = _enter_visible(page, waiting)
        for path in done:
            waiting.pop(path)
        if not waiting:
            return
        if not _wait_for_swap(page, swaps, A_MOMENT_MS if done else PATIENCE_MS) and not done:
            break
    raise NotOnThePage(f"{page.url}: no control for {sorted(waiting)}")


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        path = f"{prefix}{key}"
        if value is None or value == [] or value == "":
            continue
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        elif _is_rows(value):
            for n, row in enumerate(value):
                yield f"{path}.{n}", None  # the row itself has to be there first
                yield from _flat(row, f"{path}.{n}.")
        else:
            yield path, value


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and isinstance(value[0], Mapping) and "sha256" not in value[0]


def _enter_visible(page: Page, waiting: Mapping[str, Any]) -> list[str]:
    controls: dict[str, str] = {}
    form = page.locator(FORM).last
    for control in form.evaluate(CONTROLS):
        controls.setdefault(control["name"], control["kind"])
    done = [path for path, value in waiting.items() if value is None and _row_is_there(page, path)]
    ordered = sorted(waiting, key=lambda path: controls.get(path) not in CHANGES_OTHERS)
    for path in ordered:
        if path in controls and waiting[path] is not None:
            _enter(page, path, controls[path], waiting[path])
            done.append(path)
    return done


def _row_is_there(page: Page, path: str) -> bool:
    """Presses 增加一行 when the row is missing; it is there after the answer."""
    if page.locator(f"{FORM} [name='{path}._']").count():
        return True
    page.locator(f"{FORM} button[value='add:{path.rpartition('.')[0]}']").click()
    page.locator(f"{FORM} [name='{path}._']").wait_for(state="attached")
    return True


def _enter(page: Page, path: str, kind: str, value: Any) -> None:
    one = f"{FORM} [name='{path}']"
    if kind == "file":
        _attach(page, path, value)
    elif kind == "select":
        page.select_option(one, option_text(value))
    elif kind == "radio":
        page.check(f"{one}[value='{option_text(value)}']")
    elif kind == "checkbox" and not isinstance(value, list):
        page.set_checked(f"{one}[type=checkbox]", value is True)
    elif kind == "checkbox":
        for item in value:
            page.check(f"{one}[value='{option_text(item)}']")
    else:
        page.fill(one, typed(kind, value))


def _attach(page: Page, path: str, references: list[Mapping[str, Any]]) -> None:
    """Uploads each file and, on a task's page, waits until it is listed."""
    uploads: list[FilePayload] = [
        {"name": r["name"], "mimeType": "application/pdf", "buffer": sheet(f"{path} {r['name']}")} for r in references
    ]
    field = page.locator(f"{FORM} input[type=file][name='{path}']")
    saves_by_itself = field.get_attribute("hx-post")
    field.set_input_files(uploads)
    if saves_by_itself:
        box = f"#c-{path.replace('.', '-')} .files"
        for reference in references:
            page.locator(box).get_by_text(reference["name"]).first.wait_for()


def typed(kind: str, value: Any) -> str:
    """The text somebody types for a value; moments as the browser's own field takes them."""
    if kind == "datetime-local":
        moment = dt.datetime.fromisoformat(str(value))
        return moment.replace(tzinfo=None).strftime("%Y-%m-%dT%H:%M")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _wait_for_swap(page: Page, before: int, patience_ms: float) -> bool:
    """Whether the page answered to what was entered; everything is quiet afterwards."""
    try:
        page.wait_for_function(
            "n => window.swaps > n && !document.querySelector('.htmx-request')", arg=before, timeout=patience_ms
        )
    except TooSlow:
        return False
    return True
