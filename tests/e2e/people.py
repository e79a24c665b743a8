"""The people of the demo office at their browsers: one browser context each, as if each sat at a machine of their own."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from procurement.demo import PASSWORD

DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_OPEN = 10  # pages kept open; a page that is needed again later is opened again, its login is still there
REFUSED = (
    "status of 4",
    "Status Error Code 4",
)  # what Chromium and htmx log for answers like 422: expected where somebody types nonsense


class People:
    """``visited`` are the accounts that were logged in; ``complaints`` what the browser said about scripts and styles."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._contexts: dict[tuple[str, bool], BrowserContext] = {}
        self._pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for context in self._contexts.values():
            context.close()

    @property
    def visited(self) -> set[str]:
        return {login for login, _phone in self._contexts if login}

    def page(self, login: str) -> Page:
        """The page of somebody who is logged in, wherever it was left."""
        page = self._pages.pop(login, None) or self.new_page(login)
        self._pages[login] = page
        if len(self._pages) > MOST_OPEN:
            self._pages.pop(next(iter(self._pages))).close()
        return page

    def new_page(self, login: str, *, phone: bool = False) -> Page:
        """Another tab of somebody's browser; "" is a visitor who never logs in."""
        fresh = (login, phone) not in self._contexts
        if fresh:
            self._contexts[login, phone] = self._browser.new_context(
                base_url=self._address, viewport=PHONE if phone else DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
        page = self._contexts[login, phone].new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{login} {page.url}: {error}"))
        page.on("console", lambda said: self._listen(login, page, said))
        if fresh and login:
            self.log_in(page, login)
        return page

    def log_in(self, page: Page, login: str, password: str = PASSWORD) -> None:
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", password)
        page.click("form:has([name=password]) button.primary")
        page.wait_for_url(lambda address: "/login" not in address)

    def log_out(self, login: str) -> None:
        page = self.page(login)
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url("**/login*")
        self._pages.pop(login).close()
        self._contexts.pop((login, False)).close()

    def _listen(self, login: str, page: Page, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(text in said.text for text in REFUSED):
            self.complaints.append(f"{login} {page.url}: {said.text}")
