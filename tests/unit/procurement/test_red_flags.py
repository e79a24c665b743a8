"""Each detector: what it sees, what it leaves alone, and what it shows as evidence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.flags import ApplicationFacts, BidFacts, FileFacts, PastAward, PurchaseFacts, prices, purchasing, sharing

TOLERANCE = D("0.01")


def bid(key, price="100", **more):
    return BidFacts(key, key.upper(), None if price is None else D(price), **more)


def priced(*values):
    return [bid(f"org-{n:02}", value) for n, value in enumerate(values, 1)]


def told(findings):
    return [(one.kind, one.organisations) for one in findings]


def test_the_same_file_in_two_bids_is_shown_with_both_names():
    same = FileFacts("方案.docx", "a" * 64)
    (finding,) = sharing.same_file(
        [bid("org-01", files=(same,)), bid("org-02", files=(FileFacts("计划.docx", "a" * 64),)), bid("org-03")]
    )
    assert finding.organisations == ("org-01", "org-02")
    assert [(e.what, e.value, e.where) for e in finding.evidence] == [
        ("sha256", "a" * 64, ""),
        ("file", "方案.docx", "org-01"),
        ("file", "计划.docx", "org-02"),
    ]


def test_one_organisation_may_hand_in_the_same_file_twice():
    twice = (FileFacts("一.docx", "a" * 64), FileFacts("二.docx", "a" * 64))
    assert not list(sharing.same_file([bid("org-01", files=twice), bid("org-02")]))


def test_the_same_author_is_seen_under_any_spelling_and_as_last_editor():
    by = FileFacts("方案.docx", "a" * 64, author="Li Hua")
    edited = FileFacts("报价.xlsx", "b" * 64, last_modified_by="li  hua ")
    (finding,) = sharing.same_author([bid("org-01", files=(by,)), bid("org-02", files=(edited,))])
    assert finding.organisations == ("org-01", "org-02")


@pytest.mark.parametrize("nobody", ["", "Administrator", "user", "Windows User", "未知"])
def test_a_name_that_names_nobody_is_no_author(nobody):
    files = (FileFacts("方案.docx", "a" * 64, author=nobody),)
    others = (FileFacts("方案.docx", "b" * 64, author=nobody),)
    assert not list(sharing.same_author([bid("org-01", files=files), bid("org-02", files=others)]))


def test_a_device_is_an_address_with_a_browser():
    first, second = bid("org-01", address="10.0.0.8", agent="Firefox"), bid("org-02", address="10.0.0.8", agent="Firefox")
    behind_the_same_router = bid("org-03", address="10.0.0.8", agent="Edge")
    assert told(sharing.same_device([first, second, behind_the_same_router])) == [("same_device", ("org-01", "org-02"))]
    assert not list(sharing.same_device([bid("org-01"), bid("org-02")]))


def test_one_telephone_behind_two_organisations_however_it_is_written():
    first = ApplicationFacts("org-01", "甲", {"phone": "028-8000 0000", "contact": "张敏"})
    second = ApplicationFacts("org-02", "乙", {"phone": "02880000000", "contact": "张玉"})
    (finding,) = sharing.same_contact([first, second])
    assert [(e.what, e.value) for e in finding.evidence] == [("phone", "028-8000 0000"), ("phone", "02880000000")]


def test_a_telephone_and_a_name_that_look_alike_are_not_the_same():
    assert not list(
        sharing.same_contact(
            [ApplicationFacts("org-01", "甲", {"phone": "1"}), ApplicationFacts("org-02", "乙", {"contact": "1"})]
        )
    )


def test_identical_prices_are_grouped():
    assert told(prices.identical(priced("100", "100.00", "99", "99", "98"))) == [
        ("identical_prices", ("org-01", "org-02")),
        ("identical_prices", ("org-03", "org-04")),
    ]


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (("94000", "95000", "96000"), "equal_gaps"),
        (("96000", "94000", "95000", "97000"), "equal_gaps"),
        (("100000", "110000", "121000", "133100"), "equal_ratios"),
        (("94000", "95000", "96005"), "equal_gaps"),
    ],
)
def test_regular_differences_are_seen_in_any_order(asked, what):
    (finding,) = prices.patterned(priced(*asked), TOLERANCE)
    assert finding.evidence[0].what == what


@pytest.mark.parametrize("asked", [("94000", "95000"), ("94000", "95000", "97300"), ("100", "100", "100"), (None, "1", "2")])
def test_two_prices_or_uneven_ones_show_no_pattern(asked):
    assert not list(prices.patterned(priced(*asked), TOLERANCE))


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=2, unique=True), st.integers(3, 8))
def test_every_even_staircase_is_seen(ends, steps):
    low, gap = min(ends), max(ends) - min(ends)
    stairs = [D(low + n * gap) for n in range(steps)]
    assert told(prices.patterned(priced(*stairs), TOLERANCE))


def test_a_narrow_band_needs_three_prices():
    assert told(prices.clustered(priced("100000", "100400", "100900"), D("0.01")))
    assert not list(prices.clustered(priced("100000", "100400", "101001"), D("0.01")))
    assert not list(prices.clustered(priced("100000", "100400"), D("0.01")))


def test_purchases_that_pass_a_limit_only_together_look_split():
    this, others = PurchaseFacts("CG-2", "二", D(30000)), [PurchaseFacts("CG-1", "一", D(30000))]
    (finding,) = purchasing.splitting(this, others, {"small_limit": D(50000), "statutory_limit": D(500000)})
    assert [e.value for e in finding.evidence if e.what in {"limit", "total"}] == ["50000.00", "60000.00"]
    assert not list(purchasing.splitting(this, [], {"small_limit": D(20000)}))
    assert not list(purchasing.splitting(PurchaseFacts("CG-2", "二", D(60000)), others, {"small_limit": D(50000)}))


@pytest.mark.parametrize(("amount", "seen"), [("47500", True), ("50000", True), ("47499.99", False), ("50000.01", False)])
def test_an_amount_just_below_a_limit(amount, seen):
    found = purchasing.just_below(PurchaseFacts("CG-1", "一", D(amount)), {"small_limit": D(50000)}, D("0.05"))
    assert bool(list(found)) is seen


def test_the_same_winner_again_and_again():
    awards = [PastAward(f"CG-{n}", "org-01" if n % 4 else "org-02", "甲", D(1), dt.date(2026, 1, n)) for n in range(1, 7)]
    assert told(purchasing.repeated_winner("org-01", awards, least=3, share=D("0.5")))
    assert not list(purchasing.repeated_winner("org-02", awards, least=3, share=D("0.5")))
    assert not list(purchasing.repeated_winner("org-01", awards, least=3, share=D("0.9")))


def test_a_period_is_short_by_its_working_days_or_because_of_a_holiday():
    days = (dt.date(2026, 9, 28), dt.date(2026, 10, 10))  # 12 days, National Day among them

    def seen(working_days):
        return [e.what for f in purchasing.short_period(*days, working_days, least=4, off_share=D("0.5")) for e in f.evidence]

    assert seen(4) == ["period", "working_days", "days_off"]
    assert seen(5) == ["period", "working_days", "days_off"]
    assert not seen(6)


def test_one_bid_leaves_nothing_to_compare():
    assert told(purchasing.single_bid([bid("org-01")], 1)) == [("single_bid", ("org-01",))]
    assert not list(purchasing.single_bid([], 1))
    assert not list(purchasing.single_bid(priced("1", "2"), 1))


def test_the_same_pattern_has_the_same_fingerprint_in_any_order():
    first = next(prices.identical(priced("100", "100")))
    second = next(prices.identical(list(reversed(priced("100", "100")))))
    assert first.fingerprint == second.fingerprint
    assert first.fingerprint != next(prices.identical(priced("101", "101"))).fingerprint
