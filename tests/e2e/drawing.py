"""A designer's hands on the diagram editor: the mouse on the canvas, the keyboard in the panel; no call into the editor."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

Point = tuple[float, float]


class Drawing:
    """The diagram that is open in the page of a draft."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector(".djs-container g.djs-element")
        expect(page.locator("#problems .problems-told")).not_to_have_text("正在检查…")  # the list takes its room from the canvas

    def show(self, element: str, *, farther: int = 0) -> None:
        """Search for an element, turn the wheel back so many notches, and push the picture until it stands at the left."""
        self.select(element)
        canvas = self.page.locator(".djs-container").bounding_box()
        assert canvas
        centre = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
        self.page.mouse.move(*centre)
        for _ in range(farther):
            self.page.keyboard.down("Control")
            self.page.mouse.wheel(0, 120)
            self.page.keyboard.up("Control")
        for _ in range(20):
            left = self.box(element)[0] - canvas["x"]
            if left < 260:
                break
            self.page.mouse.wheel(min(120, left - 200), 0)
            self.page.wait_for_timeout(60)

    def box(self, element: str) -> tuple[float, float, float, float]:
        """Left, top, right, bottom on the screen."""
        found = self.page.locator(f".djs-container g.djs-element[data-element-id='{element}'] > .djs-visual").first.bounding_box()
        assert found, f"{element} is not on the screen"
        return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]

    def middle(self, element: str) -> Point:
        left, top, right, bottom = self.box(element)
        return (left + right) / 2, (top + bottom) / 2

    def between(self, first: str, second: str) -> Point:
        """Half way from the right side of one element to the left side of the next."""
        return (self.box(first)[2] + self.box(second)[0]) / 2, self.middle(first)[1]

    def tool(self, action: str) -> None:
        self.page.click(f".djs-palette [data-action='{action}']")

    def make_room(self, after: str, before: str, pixels: int) -> None:
        """Push everything right of a place to the right, with the space tool."""
        self.tool("space-tool")
        x, _ = self.between(after, before)
        y = self.box(after)[1] - 8
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + pixels / 2, y, steps=5)
        self.page.mouse.move(x + pixels, y, steps=5)
        self.page.mouse.up()

    def put(self, at: Point, name: str, onto: str) -> str:
        """Drop what hangs at the mouse onto a flow and name it, in its own box where it opens one; the id it was given."""
        self.page.mouse.move(at[0], at[1] + 1, steps=4)
        flow = self.page.locator(f".djs-container g.djs-element[data-element-id='{onto}']")
        expect(flow).to_have_class(re.compile("new-parent"))  # it lights up: what is dropped now becomes part of it
        self.page.mouse.click(*at)
        self.page.wait_for_timeout(300)
        if self.page.locator(".djs-direct-editing-content").count():
            self.page.keyboard.type(name)
            self.field("documentation").click()
        else:
            self.write("name", name)
        expect(self.field("name")).to_have_value(name)
        return self.field("id").input_value()

    def gateway(self, at: Point, name: str, onto: str) -> str:
        self.tool("create.exclusive-gateway")
        return self.put(at, name, onto)

    def anything(self, kind: str, at: Point, name: str, onto: str) -> str:
        """An element from the full list, such as 用户任务."""
        self.tool("create")
        self.page.locator(".djs-popup input").fill(kind)
        self.page.locator(".djs-popup .entry", has_text=kind).first.click()
        return self.put(at, name, onto)

    def connect(self, first: str, second: str) -> None:
        self.tool("global-connect-tool")
        self.page.mouse.click(*self.middle(first))
        self.page.mouse.move(*self.middle(second), steps=5)
        self.page.mouse.click(*self.middle(second))

    def drag(self, element: str, by: Point) -> None:
        x, y = self.middle(element)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by[0] / 2, y + by[1] / 2, steps=5)
        self.page.mouse.move(x + by[0], y + by[1], steps=5)
        self.page.mouse.up()

    def select(self, element: str) -> None:
        """By the search, as one finds anything in a large diagram."""
        self.page.locator("[data-do=find]").click()
        self.page.locator(".djs-search-input input").click()
        self.page.keyboard.type(element)
        self.page.keyboard.press("Enter")
        expect(self.field("id")).to_have_value(element)

    # the panel

    def open(self, group: str) -> None:
        header = self.page.locator(".bio-properties-panel-group-header:not(.open)", has_text=group)
        if header.count():
            header.first.click()

    def field(self, name: str) -> Locator:
        return self.page.locator(f".bio-properties-panel [name='{name}']").first

    def write(self, name: str, value: str) -> None:
        self.field(name).click()
        self.field(name).fill(value)
        self.field(name).blur()

    def formula(self, entry: str, typed: str, *, optional: bool = True) -> None:
        """Type FEEL into a field; ``optional``: the field takes plain text until the fx button is pressed."""
        place = self.page.locator(f".bio-properties-panel [data-entry-id='{entry}']")
        if optional:
            place.locator(".bio-properties-panel-feel-icon").click()
        place.locator(".cm-content").click()
        self.page.keyboard.type(typed)
        self.page.keyboard.press("Escape")
