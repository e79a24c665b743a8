"""Taking in what somebody answered: only what was asked, sensitive questions only with a consent of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.errors import FieldError, InvalidInput
from procurement.surveys.questions import MANY, TEXT, Question

LONGEST_TEXT = 500
CONSENT = "sensitive_consent"
WHO = "who"
SELF, GUARDIAN, CHILD = "self", "guardian", "child"
GUARDIAN_CONSENT = "guardian_consent"


def taken(questions: Sequence[Question], sent: Mapping[str, Sequence[str]], *, child_age: str = "") -> dict[str, Any]:
    """Question id → value, list of values or text; what was left out is not in it. Raises InvalidInput by question id.

    ``child_age``: people below that age may be among those asked; a guardian then answers for them (个人信息保护法第三十一条).
    """
    wrong = list(_who(sent, child_age)) if child_age else []
    answers: dict[str, Any] = {}
    for question in questions:
        values = [value.strip() for value in sent.get(question.id, ()) if value.strip()]
        if problem := _problem(question, values):
            wrong.append(problem)
        elif values:
            answers[question.id] = values if question.kind == MANY else values[0]
    if not _ticked(sent, CONSENT) and any(question.sensitive and question.id in answers for question in questions):
        wrong.append(
            FieldError(CONSENT, "Tick your consent to the questions about health and the like, or leave them unanswered.")
        )
    if not answers and not wrong:
        wrong.append(FieldError(questions[0].id, "Answer at least one question."))
    if wrong:
        raise InvalidInput(fields=tuple(wrong))
    return answers


def _problem(question: Question, values: Sequence[str]) -> FieldError | None:
    if not values:
        return FieldError(question.id, "Please answer this question.") if question.required else None
    if question.kind == TEXT:
        return (
            FieldError(question.id, "Write at most {limit} characters.", {"limit": LONGEST_TEXT})
            if len(values[0]) > LONGEST_TEXT
            else None
        )
    known = set(values) <= set(question.options) and (question.kind == MANY or len(values) == 1)
    return None if known else FieldError(question.id, "Choose one of the answers offered.")


def _who(sent: Mapping[str, Sequence[str]], age: str) -> Iterable[FieldError]:
    who = next(iter(sent.get(WHO, ())), "")
    if who == CHILD:
        yield FieldError(WHO, "Below {age} years, please let your guardian answer with you. The link stays valid.", {"age": age})
    elif who == GUARDIAN and not _ticked(sent, GUARDIAN_CONSENT):
        yield FieldError(GUARDIAN_CONSENT, "Tick that you are the guardian and agree.")
    elif who not in (SELF, GUARDIAN):
        yield FieldError(WHO, "Say who answers.")


def _ticked(sent: Mapping[str, Sequence[str]], name: str) -> bool:
    return "yes" in sent.get(name, ())
