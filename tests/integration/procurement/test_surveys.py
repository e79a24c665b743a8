"""What the database knows of a survey: who was invited, what was answered, and nothing that joins the two."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import InvalidInput, NotFound
from engine.model import SYSTEM, Actor
from procurement.office import Office
from procurement.office.surveys import CardsElsewhere, LinkUnknown, LinkUsed, SurveyOver, TooManyFromHere
from procurement.registers.row import OFFICE_ZONE
from procurement.surveys.tokens import new_secret
from tests.support.surveys import open_survey, perform

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)
OFFICER = Actor("cgjb", frozenset({"procurement_officer"}))
SECRET = "a" * 64


def opened(office: Office, **given: Any) -> str:
    with office.desk.editing(SYSTEM) as session:
        return open_survey(session, office.desk.now(), **given)


def did(office: Office, operation: str, **inputs: Any) -> Any:
    with office.desk.editing(SYSTEM) as session:
        return perform(session, office.desk.now(), operation, **inputs)


def rows(office: Office, query: str, **values: Any) -> list[Any]:
    with office.desk.reading() as session:
        return list(session.execute(text(query), values).all())


def everything(office: Office) -> str:
    """All the registers hold about surveys, as one text."""
    tables = ("surveys", "survey_batches", "survey_invitations", "survey_answers", "survey_poster_visits", "operation_results")
    return "\n".join(str(row) for table in tables for row in rows(office, f"select * from {table}"))


def answered(office: Office, tokens: list[str], step: str = "5", **more: list[str]) -> None:
    for token in tokens:
        office.surveys.answer(token, {"overall": [step], **more}, address="10.0.0.1")


def test_neither_token_nor_address_nor_moment_is_kept_beside_an_answer(office: Office) -> None:
    number = opened(office)
    tokens = office.surveys.make_cards(number, new_secret(), "", 20, actor=OFFICER)
    answered(office, tokens[:10], wish=["早饭太早"])
    held = everything(office)
    assert "早饭太早" in held
    assert not any(token in held for token in tokens)
    assert "10.0.0.1" not in held
    columns = {
        row[0] for row in rows(office, "select column_name from information_schema.columns where table_name = 'survey_answers'")
    }
    assert columns == {"id", "survey_id", "stratum", "via", "answers"}
    columns = {
        row[0]
        for row in rows(office, "select column_name from information_schema.columns where table_name = 'survey_invitations'")
    }
    assert columns == {"token_hash", "survey_id", "batch", "stratum", "used"}


def test_the_place_of_rows_on_disk_pairs_no_card_with_an_answer(office: Office) -> None:
    """The transaction that used the last card also wrote many other cards and answers."""
    number = opened(office)
    tokens = office.surveys.make_cards(number, new_secret(), "", 40, actor=OFFICER)
    answered(office, tokens)
    for table in ("survey_answers", "survey_invitations"):
        query = (
            f"select xmin::text, count(*) from {table} where survey_id = :n group by 1 order by xmin::text::bigint desc limit 1"
        )
        assert rows(office, query, n=number)[0][1] > 10
    first = rows(office, "select answers from survey_answers where survey_id = :n order by ctid", n=number)
    assert len(first) == 40


def test_a_link_is_used_once(office: Office) -> None:
    number = opened(office)
    [token] = office.surveys.make_cards(number, new_secret(), "", 1, actor=OFFICER)
    answered(office, [token])
    with pytest.raises(LinkUsed):
        answered(office, [token], "1")
    with pytest.raises(LinkUsed):
        office.surveys.asked(token)
    assert len(rows(office, "select id from survey_answers where survey_id = :n", n=number)) == 1


def test_sent_twice_at_the_same_moment_it_counts_once(office: Office) -> None:
    number = opened(office)
    [token] = office.surveys.make_cards(number, new_secret(), "", 1, actor=OFFICER)
    refused: list[Exception] = []

    def send() -> None:
        try:
            answered(office, [token])
        except LinkUsed as error:
            refused.append(error)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert len(rows(office, "select id from survey_answers where survey_id = :n", n=number)) == 1


@pytest.mark.parametrize("token", ["", "a" * 32, "../../etc/passwd", "' or 1=1 --", "海报"])
def test_a_guessed_link_leads_nowhere(office: Office, token: str) -> None:
    opened(office, open_poster=True, poster_daily=3)
    with pytest.raises(LinkUnknown):
        office.surveys.asked(token)


def test_a_refused_answer_leaves_the_link_as_it_was(office: Office) -> None:
    number = opened(office)
    [token] = office.surveys.make_cards(number, new_secret(), "", 1, actor=OFFICER)
    with pytest.raises(InvalidInput):
        answered(office, [token], "9")
    answered(office, [token])


def test_nothing_is_taken_after_the_closing_hour_even_before_the_timer(office: Office, clock: Any) -> None:
    number = opened(office)
    [token] = office.surveys.make_cards(number, new_secret(), "", 1, actor=OFFICER)
    clock.forward(days=11)
    with pytest.raises(SurveyOver):
        answered(office, [token])
    with pytest.raises(SurveyOver):
        office.surveys.make_cards(number, new_secret(), "", 1, actor=OFFICER)


def test_closing_deletes_the_invitations_and_gives_the_figures(office: Office) -> None:
    number = opened(office)
    tokens = office.surveys.make_cards(number, new_secret(), "", 24, actor=OFFICER)
    answered(office, tokens[:12])
    closed = did(office, "survey.close", survey=number)
    assert (closed["sent"], closed["answered"], closed["rate"]) == (24, 12, 50)
    assert rows(office, "select 1 from survey_invitations where survey_id = :n", n=number) == []
    with pytest.raises(LinkUnknown):
        office.surveys.asked(tokens[20])
    found = closed["results"]
    assert (found["count"], found["score"], found["satisfied"]) == (12, 100, 12)
    assert did(office, "survey.close", survey=number)["answered"] == 12


def test_erasing_really_deletes_what_people_wrote(office: Office) -> None:
    number = opened(office)
    tokens = office.surveys.make_cards(number, new_secret(), "", 12, actor=OFFICER)
    answered(office, tokens, wish=["独一无二的话"])
    did(office, "survey.close", survey=number)
    assert list(office.surveys.remarks(number, actor=OFFICER).values()) == [["独一无二的话"] * 12]
    assert did(office, "survey.erase", survey=number) == {"erased": 12}
    assert rows(office, "select 1 from survey_answers where survey_id = :n", n=number) == []
    assert "独一无二的话" not in everything(office)
    assert office.surveys.progress(number, actor=OFFICER).survey.results["score"] == 100
    assert list(office.surveys.remarks(number, actor=OFFICER).values()) == [[]]


def test_answers_of_a_survey_whose_case_was_ended_are_erased_once_their_day_has_come(office: Office, clock: Any) -> None:
    number = opened(office)
    tokens = office.surveys.make_cards(number, new_secret(), "", 12, actor=OFFICER)
    answered(office, tokens, wish=["没有人再来删的话"])
    day = office.surveys.progress(number, actor=OFFICER).survey.erase_on
    clock.moment = dt.datetime.combine(day, dt.time(2), OFFICE_ZONE) - dt.timedelta(days=1)
    assert did(office, "survey.erase") == {"erased": 0}
    clock.moment += dt.timedelta(days=1)
    assert did(office, "survey.erase") == {"erased": 12}
    assert "没有人再来删的话" not in everything(office)
    assert did(office, "survey.erase") == {"erased": 0}


def test_what_people_wrote_comes_in_another_order_each_time(office: Office) -> None:
    number = opened(office)
    tokens = office.surveys.make_cards(number, new_secret(), "", 40, actor=OFFICER)
    for n, token in enumerate(tokens):
        answered(office, [token], wish=[f"第{n}"])
    did(office, "survey.close", survey=number)
    [first] = office.surveys.remarks(number, actor=OFFICER).values()
    [second] = office.surveys.remarks(number, actor=OFFICER).values()
    assert sorted(first) == sorted(second)
    assert first != second
    assert first != [f"第{n}" for n in range(40)]


def test_the_same_form_sent_twice_makes_the_same_cards(office: Office) -> None:
    number, secret = opened(office), new_secret()
    cards = office.surveys.make_cards(number, secret, "", 9, actor=OFFICER)
    assert office.surveys.make_cards(number, secret, "", 9, actor=OFFICER) == cards
    assert len(rows(office, "select 1 from survey_invitations where survey_id = :n", n=number)) == 9
    with pytest.raises(CardsElsewhere):
        office.surveys.make_cards(number, secret, "", 10, actor=OFFICER)
    assert office.surveys.void_batch(number, office.surveys.progress(number, actor=OFFICER).batches[0].id, actor=OFFICER) == 9
    with pytest.raises(LinkUnknown):
        office.surveys.asked(cards[0])


def test_a_sampling_group_that_could_be_recognised_gets_no_cards(office: Office) -> None:
    number = opened(office, strata=[{"name": "孤儿", "planned": 3}, {"name": "高龄", "planned": 60}])
    with pytest.raises(InvalidInput):
        office.surveys.make_cards(number, new_secret(), "孤儿", 3, actor=OFFICER)
    with pytest.raises(InvalidInput):
        office.surveys.make_cards(number, new_secret(), "别的组", 30, actor=OFFICER)
    tokens = office.surveys.make_cards(number, new_secret(), "高龄", 60, actor=OFFICER)
    answered(office, tokens[:30])
    strata = did(office, "survey.close", survey=number)["results"]["strata"]
    assert strata[1] == {"name": "高龄", "planned": 60, "sent": 60, "answered": 30}


def test_a_poster_takes_a_few_answers_a_day_from_one_address_and_says_so(office: Office, clock: Any) -> None:
    number = opened(office, open_poster=True, poster_daily=3)
    token = office.surveys.progress(number, actor=OFFICER).survey.poster
    answered(office, [token] * 3)
    with pytest.raises(TooManyFromHere):
        answered(office, [token])
    office.surveys.answer(token, {"overall": ["4"]}, address="10.0.0.2")
    clock.forward(days=1)
    answered(office, [token])
    assert len(rows(office, "select 1 from survey_poster_visits where survey_id = :n", n=number)) == 1
    clock.forward(days=-1)
    for n in range(10):
        office.surveys.answer(token, {"overall": ["4"]}, address=f"10.1.0.{n}")
    assert did(office, "survey.close", survey=number)["results"]["by"] == "poster"
    assert rows(office, "select 1 from survey_poster_visits where survey_id = :n", n=number) == []
    assert rows(office, "select poster_salt from surveys where id = :n", n=number) == [("",)]


def test_somebody_who_may_not_see_the_purchase_does_not_see_its_survey(office: Office) -> None:
    number = opened(office, purchase_id="CG-2026-0777")
    stranger = Actor("agy9", frozenset({"agency", "agency:agy-99"}))
    for look in (office.surveys.progress, office.surveys.remarks):
        with pytest.raises(NotFound):
            look(number, actor=stranger)
    with pytest.raises(NotFound):
        office.surveys.make_cards(number, new_secret(), "", 9, actor=stranger)
    assert office.surveys.listed(actor=stranger).items == ()
    with pytest.raises(NotFound):
        office.surveys.public(number)


def test_the_newest_closed_survey_of_each_kind_goes_to_the_purchase(office: Office) -> None:
    numbers = [opened(office, purchase_id="CG-2026-0778", audience=kind) for kind in ("beneficiaries", "staff")]
    assert did(office, "survey.latest", purchase_id="CG-2026-0778") == {"beneficiaries": None, "staff": None}
    for number in numbers:
        answered(office, office.surveys.make_cards(number, new_secret(), "", 10, actor=OFFICER), "4")
        did(office, "survey.close", survey=number)
    found = did(office, "survey.latest", purchase_id="CG-2026-0778")
    assert found["staff"]["survey"] == numbers[1]
    assert (found["beneficiaries"]["sent"], found["beneficiaries"]["satisfied"], found["beneficiaries"]["score"]) == (10, 10, 80)
