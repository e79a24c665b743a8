from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring import Candidate, Sheet, SheetsUnusable, TieStep, rank

PRICE_THEN_DRAW = [TieStep.LOWER_PRICE, TieStep.DRAW]
ALL = [TieStep.LOWER_PRICE, TieStep.SUPPORTED, TieStep.DRAW]


def candidate(key, price="100", supported=False):
    return Candidate(key, key.upper(), D(price), supported)


def sheets(**totals):
    return [Sheet(f"e{n}", key, D(total)) for key, own in totals.items() for n, total in enumerate(own)]


def order(ranking):
    return [place.organisation_id for place in ranking.places]


def test_the_higher_mean_wins_and_nobody_is_dropped():
    ranking = rank([candidate("a"), candidate("b")], sheets(a=["0", "100", "50"], b=["51", "51", "51"]), PRICE_THEN_DRAW, "s")
    assert order(ranking) == ["b", "a"]
    assert [place.score for place in ranking.places] == [D("51.0000"), D("50.0000")]
    assert [place.tie_note for place in ranking.places] == ["", ""]


def test_a_difference_smaller_than_what_is_shown_still_decides():
    ranking = rank([candidate("a", "1"), candidate("b", "2")], sheets(a=["90.00000"], b=["90.00001"]), PRICE_THEN_DRAW, "s")
    assert order(ranking) == ["b", "a"]
    assert ranking.places[0].score == ranking.places[1].score


def test_equal_scores_go_to_the_lower_price():
    ranking = rank(
        [candidate("a", "200"), candidate("b", "100.01"), candidate("c", "100")], sheets(a=["9"], b=["9"], c=["9"]), ALL, "s"
    )
    assert order(ranking) == ["c", "b", "a"]
    assert [place.tie_note for place in ranking.places] == ["", "lower_price", "lower_price"]


def test_equal_scores_and_prices_go_to_the_supported_organisation_only_where_the_rule_says_so():
    both = [candidate("a"), candidate("b", supported=True)]
    same = sheets(a=["9", "8"], b=["8", "9"])
    assert order(rank(both, same, ALL, "s")) == ["b", "a"]
    assert rank(both, same, ALL, "s").places[1].tie_note == "supported_organisation"
    assert rank(both, same, PRICE_THEN_DRAW, "s").places[1].tie_note == "draw"


def test_a_draw_is_recorded_with_its_seed_and_can_be_repeated():
    both = [candidate("a"), candidate("b"), candidate("c")]
    first, again = (rank(both, sheets(a=["9"], b=["9"], c=["9"]), PRICE_THEN_DRAW, "seed 7") for _ in range(2))
    assert first == again
    assert first.report["seed"] == "seed 7"
    assert {order(rank(both, sheets(a=["9"], b=["9"], c=["9"]), PRICE_THEN_DRAW, f"s{n}"))[0] for n in range(40)} == {
        "a",
        "b",
        "c",
    }


def test_the_lowest_price_earns_the_full_weight_and_the_others_their_share():
    prices = {"a": "50", "b": "100"}
    ranking = rank([candidate(key, price) for key, price in prices.items()], sheets(a=["80"], b=["84"]), ALL, "s", D(10))
    assert [(place.organisation_id, place.score) for place in ranking.places] == [("a", D("90.0000")), ("b", D("89.0000"))]
    assert ranking.report["price_points"] == {"a": D("10.0000"), "b": D("5.0000")}


def test_a_scored_price_that_is_missing_is_refused_but_fixed_prices_earn_nothing():
    with pytest.raises(SheetsUnusable, match="needs a price"):
        rank([candidate("a"), Candidate("b", "B")], sheets(a=["9"], b=["9"]), ALL, "s", D(10))
    assert rank([Candidate("a", "A")], sheets(a=["9"]), ALL, "s", D(10)).places[0].score == 9


def test_without_a_draw_in_the_rule_a_full_tie_is_said_to_be_undecided():
    ranking = rank([candidate("a"), candidate("b")], sheets(a=["9"], b=["9"]), [TieStep.LOWER_PRICE], "s")
    assert ranking.places[1].tie_note == "undecided"
    assert ranking.report["seed"] == ""


@pytest.mark.parametrize(
    ("given_sheets", "words"),
    [
        ([], "no score sheet"),
        ([Sheet("e1", "a", D(9))], "missing e1 for B"),
        ([Sheet("e1", "a", D(9)), Sheet("e1", "a", D(9)), Sheet("e1", "b", D(9))], "twice"),
        ([Sheet("e1", "a", D(9)), Sheet("e1", "b", D(9)), Sheet("e1", "x", D(9))], "no opened bid"),
        ([Sheet("e1", "a", D(9), {"plan": D(5), "team": D(3)}), Sheet("e1", "b", D(9))], "do not sum to 9"),
    ],
)
def test_incomplete_or_contradictory_sheets_are_refused(given_sheets, words):
    with pytest.raises(SheetsUnusable, match=words):
        rank([candidate("a"), candidate("b")], given_sheets, PRICE_THEN_DRAW, "s")


@given(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(st.decimals(0, 100, places=2), st.decimals(1, 9, places=1), st.booleans()),
        min_size=1,
    )
)
def test_places_never_contradict_scores_or_prices(given_candidates):
    candidates = [Candidate(key, key, price, supported) for key, (_, price, supported) in given_candidates.items()]
    totals = {key: total for key, (total, _, _) in given_candidates.items()}
    places = rank(candidates, [Sheet("e", key, total) for key, total in totals.items()], ALL, "s").places
    assert [place.rank for place in places] == list(range(1, len(candidates) + 1))
    keys = [(-totals[p.organisation_id], p.price, not given_candidates[p.organisation_id][2]) for p in places]
    assert keys == sorted(keys)
