"""What a survey asks: rows designers keep in a table or write in the form, checked before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SCALE, CHOICE, MANY, YES_NO, TEXT = "scale", "choice", "many", "yes_no", "text"
KINDS = (SCALE, CHOICE, MANY, YES_NO, TEXT)
STEPS = {"5": "很满意", "4": "满意", "3": "一般", "2": "不满意", "1": "很不满意"}
OVERALL = "overall"  # the question whose answer says whether somebody is satisfied
MOST = 30  # questions of one survey; a phone is small
LONGEST = 200  # characters of a question or an option


@dataclass(frozen=True)
class Question:
    """``options``: value → label. ``divides``: results are also given by its answers. ``objective``: what of the purchase it asks about."""

    id: str
    text: str
    kind: str
    options: Mapping[str, str]
    dimension: str = ""
    objective: str = ""
    required: bool = False
    sensitive: bool = False
    divides: bool = False


class QuestionWrong(ValueError):
    """What is the matter with which row."""


def read(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    """``options`` of a row are separated by "|". Raises QuestionWrong."""
    questions = [_question(row, f"q{n}") for n, row in enumerate(rows, 1)]
    if not 0 < len(questions) <= MOST:
        raise QuestionWrong(f"1 to {MOST} questions")
    if len({question.id for question in questions}) < len(questions):
        raise QuestionWrong("questions with different ids")
    if not any(question.kind == SCALE for question in questions):
        raise QuestionWrong("at least one question on a scale of satisfaction")
    return questions


def _question(row: Mapping[str, Any], number: str) -> Question:
    text, kind = str(row.get("text") or "").strip(), str(row.get("kind") or "")
    if kind not in KINDS or not text or len(text) > LONGEST:
        raise QuestionWrong(f"rows with a text of at most {LONGEST} characters and a kind of {', '.join(KINDS)}")
    labels = [one.strip() for one in str(row.get("options") or "").replace("｜", "|").split("|") if one.strip()]
    if kind in (CHOICE, MANY) and (len(labels) < 2 or len(set(labels)) < len(labels) or max(map(len, labels)) > LONGEST):
        raise QuestionWrong("at least two different options for every question with a choice")
    known = {SCALE: STEPS, YES_NO: {"yes": "是", "no": "否"}, TEXT: {}}
    return Question(
        id=str(row.get("question_id") or number),
        text=text,
        kind=kind,
        options=known.get(kind) or dict(zip(labels, labels, strict=True)),
        dimension=str(row.get("dimension") or ""),
        objective=str(row.get("objective") or ""),
        required=row.get("required") is True,
        sensitive=row.get("sensitive") is True,
        divides=row.get("divides") is True and kind in (CHOICE, YES_NO),
    )
