"""What people do on pages of their own instead of a task's form: give keys, open bids, commit and reveal, score.

Each function is one person's part, done by hand: ``page`` is their browser. The demo's opening codes are known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page, expect

from procurement.demo.opening import demo_code
from procurement.demo.paper import sheet

REASON = "方案逐条对应比选文件，见第三章。"
Taste = Callable[[str, str, str], float]  # expert, organisation, item → the share of the item's points they give


@dataclass
class Kept:
    """What people have written down at home: (number of the draw, who contributes) → the contribution."""

    contributions: dict[tuple[str, str], str] = field(default_factory=dict)


def give_key(page: Page, number: str, login: str) -> None:
    page.goto(f"/opening/{number}")
    page.fill("#code", demo_code(login))
    page.get_by_role("button", name="交钥", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("您的钥匙已交")


def open_every_bid(page: Page, number: str) -> None:
    """The first by itself, the others one after the other with one press."""
    page.goto(f"/opening/{number}")
    page.locator("#opening-state table").get_by_role("button", name="开启", exact=True).first.click()
    expect(page.locator("#opening-state .opening-bids .price").first).to_be_visible()
    rest = page.get_by_role("button", name="依次开启其余各份")
    single = page.locator("#opening-state table").get_by_role("button", name="开启", exact=True)
    if rest.count():
        rest.click()
    elif single.count():
        single.first.click()
    expect(page.locator("#opening-state .sealed-name")).to_have_count(0)


def commit(page: Page, kept: Kept, draw: str, contributor: str) -> None:
    page.goto(f"/draws/{draw}")
    form = page.locator(f"form[data-draw=commit][data-contributor='{contributor}']")
    kept.contributions[draw, contributor] = form.locator("[data-draw-code]").inner_text()
    form.locator("[data-draw-save]").click()  # the box opens once the contribution was taken along
    form.locator("[data-draw-kept]").check()
    form.get_by_role("button", name="交承诺").click()
    expect(page.locator("#messages")).to_contain_text("承诺已收到")


def reveal(page: Page, kept: Kept, draw: str, contributor: str) -> None:
    page.goto(f"/draws/{draw}")
    form = page.locator("form[data-draw=reveal]").filter(has=page.locator(f"input[name=contributor][value='{contributor}']"))
    form.locator("[name=contribution]").fill(kept.contributions[draw, contributor])
    form.get_by_role("button", name="揭示", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("与承诺相符")


def score(page: Page, number: str, shares: Mapping[str, Mapping[str, float]]) -> None:
    """Fill in and sign the own sheet. ``shares``: name of the organisation → name of the item ("" any) → share of its points."""
    page.goto(f"/scoring/{number}")
    for item in page.locator(".score-item").all():
        name = item.locator("h2").inner_text()
        maximum = Decimal(name.partition("满分")[2].split()[0])
        for row in item.locator("tbody tr").all():
            wanted = shares[row.locator("th").inner_text().strip()]
            share = next((s for key, s in wanted.items() if key and key in name), wanted.get("", 0.8))
            _mark(row, maximum, Decimal(str(share)))
    page.get_by_role("button", name="签字", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("评分表已签")


def _mark(row: Any, maximum: Decimal, share: Decimal) -> None:
    """The level nearest to the share; a number where the level is a band; always with a reason."""
    wanted = maximum * share
    levels = row.locator("input[type=radio]").all()
    nearest = min(levels, key=lambda one: abs(Decimal(one.get_attribute("value") or "0") - wanted))
    nearest.check()
    points = row.locator("input.points")
    if points.count():
        points.fill(str(wanted.quantize(Decimal("0.01"))))
    row.locator("td.reason input").fill(REASON)


def send_bid(page: Page, number: str, price: Any, *, note: str = "方案见附件。", name: str = "参选文件.pdf") -> str:
    """Seal and send a bid; gives the record that only the bidder has."""
    page.goto(f"/portal/{number}/sealed-bid")
    page.fill("#f-price", str(price))
    page.set_input_files("#f-files", {"name": name, "mimeType": "application/pdf", "buffer": sheet(f"{number} {price} {note}")})
    page.fill("#f-note", note)
    page.locator("[name=promise]").check()
    page.get_by_role("button", name="加密递交").click()
    expect(page.locator("main")).to_contain_text("参选文件已收到并加密")
    return page.locator("#record").input_value()
