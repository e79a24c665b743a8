"""The figures of a survey name nobody, and are exact."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from procurement.surveys import tokens
from procurement.surveys.answering import taken
from procurement.surveys.disclosure import hidden
from procurement.surveys.figures import figures
from procurement.surveys.questions import QuestionWrong, read
from tests.support.surveys import QUESTIONS

ASKED = read(QUESTIONS)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 40), max_size=9), st.integers(2, 12))
def test_nobody_can_find_a_hidden_group_by_subtracting(sizes: dict[str, int], least: int) -> None:
    quiet = hidden(sizes, least)
    assert all(name in quiet for name, size in sizes.items() if 0 < size < least)
    others = [name for name, size in sizes.items() if size and name not in quiet]
    if quiet and others:
        assert len(quiet) > 1
        assert sum(sizes[name] for name in quiet) >= least


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    assert hidden({"a": 3, "b": 20, "c": 9}, 5) == {"a", "c"}
    assert hidden({"a": 6, "b": 20}, 5) == frozenset()
    assert hidden({"a": 1, "b": 1, "c": 30, "d": 40}, 5) == {"a", "b", "c"}


def person(step: int, age: str = "80 岁以上", **more: Any) -> tuple[str, dict[str, Any]]:
    return "", {"overall": str(step), "age": age, **more}


def test_scores_are_points_of_a_hundred_rounded_half_up() -> None:
    found = figures(ASKED, [person(5)] * 7 + [person(3)] * 3, answers=10, group=5)
    assert (found["score"], found["share"], found["satisfied"], found["valid"]) == (Decimal("88.0"), Decimal(70), 7, 10)
    assert [one["share"] for one in found["questions"][0]["shares"]] == [70, 0, 30, 0, 0]


def test_an_aspect_is_measured_by_its_own_questions() -> None:
    found = figures(ASKED, [person(5, attitude="2")] * 6 + [person(2, attitude="4")] * 4, answers=10, group=5)
    assert [(one["name"], one["share"]) for one in found["dimensions"]] == [("总体", 60), ("态度", 40)]


def test_too_few_answers_give_no_figure_at_all() -> None:
    found = figures(ASKED, [person(5)] * 9, answers=10, group=5)
    assert found["enough"] is False
    assert found["score"] is found["satisfied"] is found["valid"] is None
    assert found["questions"] == found["groups"] == []


def test_a_small_subgroup_is_not_shown_and_cannot_be_subtracted() -> None:
    people = [person(5)] * 20 + [person(1, "60 岁以下")] * 2 + [person(4, "60 到 79 岁")] * 8
    rows = {row["name"]: row for row in figures(ASKED, people, answers=10, group=5)["groups"][0]["rows"]}
    assert rows["60 岁以下"]["score"] is rows["60 岁以下"]["count"] is rows["60 到 79 岁"]["score"] is None
    assert rows["80 岁以上"]["score"] == Decimal("100.0")


def test_answers_to_a_sensitive_question_that_few_gave_are_not_shown() -> None:
    people = [person(5, health="方便")] * 20 + [person(4, health="不方便")] * 2
    health = figures(ASKED, people, answers=10, group=5)["questions"][3]
    assert [one["share"] for one in health["shares"]] == [None, None]


def test_a_single_answer_moves_nothing_that_is_shown_by_group_alone() -> None:
    """Whoever knows all others in a hidden group learns nothing from the figures with and without one person."""
    people = [person(5)] * 20 + [person(1, "60 岁以下")] * 3
    before = figures(ASKED, people, answers=10, group=5)["groups"][0]["rows"]
    after = figures(ASKED, [*people[:-1], person(5, "60 岁以下")], answers=10, group=5)["groups"][0]["rows"]
    assert before == after


def test_a_thousand_seven_hundred_answers_in_seven_groups_are_all_counted() -> None:
    groups = ["低保", "特困", "孤儿", "残疾人", "高龄", "失独", "困境儿童"]
    chance = random.Random(1722)
    people = [(chance.choice(groups), {"overall": str(chance.randint(1, 5))}) for _ in range(1722)]
    found = figures(ASKED, people, answers=30, group=10)
    assert found["count"] == 1722
    assert sum(row["count"] for row in found["groups"][0]["rows"]) == 1722
    assert len(found["groups"][0]["rows"]) == 7


def test_tokens_have_160_bits_differ_and_are_made_again_from_the_same_secret() -> None:
    secret = tokens.new_secret()
    made = tokens.tokens_of(secret, 500)
    assert made == tokens.tokens_of(secret, 500)
    assert len(set(made)) == 500
    assert {len(one) for one in made} == {32}
    assert set(made).isdisjoint(tokens.tokens_of(tokens.new_secret(), 500))
    assert secret not in tokens.batch_of(secret)


def test_sensitive_answers_need_a_consent_of_their_own() -> None:
    with pytest.raises(InvalidInput) as refused:
        taken(ASKED, {"overall": ["5"], "health": ["方便"]})
    assert [one.path for one in refused.value.fields] == ["sensitive_consent"]
    assert taken(ASKED, {"overall": ["5"], "health": ["方便"], "sensitive_consent": ["yes"]})["health"] == "方便"


@pytest.mark.parametrize(("who", "wrong"), [("child", "who"), ("guardian", "guardian_consent"), ("", "who")])
def test_a_guardian_answers_for_children_under_fourteen(who: str, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        taken(ASKED, {"overall": ["5"], "who": [who]}, child_age="14")
    assert [one.path for one in refused.value.fields] == [wrong]


def test_a_guardian_who_agrees_is_heard() -> None:
    sent = {"overall": ["4"], "who": ["guardian"], "guardian_consent": ["yes"]}
    assert taken(ASKED, sent, child_age="14") == {"overall": "4"}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, "overall"),
        ({"overall": ["6"]}, "overall"),
        ({"overall": ["5", "1"]}, "overall"),
        ({"overall": ["<script>"]}, "overall"),
        ({"overall": ["5"], "age": ["二十"]}, "age"),
        ({"overall": ["5"], "wish": ["长" * 501]}, "wish"),
    ],
)
def test_only_what_was_asked_is_taken(sent: dict[str, list[str]], wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        taken(ASKED, sent)
    assert [one.path for one in refused.value.fields] == [wrong]


def test_fields_nobody_asked_for_are_not_kept() -> None:
    assert taken(ASKED, {"overall": ["5"], "name": ["王某"], "csrf_token": ["x"]}) == {"overall": "5"}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"text": "多少岁", "kind": "choice", "options": "一"}],
        [{"text": "您还想说什么", "kind": "text"}],
        [{"text": "满意吗", "kind": "stars"}],
        [{"text": "", "kind": "scale"}],
        [{"question_id": "a", "text": "满意吗", "kind": "scale"}, {"question_id": "a", "text": "好吗", "kind": "scale"}],
    ],
)
def test_questions_that_cannot_be_asked_are_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(QuestionWrong):
        read(rows)
