"""The results of a survey: exact arithmetic, rounded half up, and no figure of a group so small that it is somebody's answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from procurement.surveys.disclosure import hidden
from procurement.surveys.questions import MANY, OVERALL, SCALE, TEXT, Question

SATISFIED = 4  # of five steps
FULL = Decimal(20)  # a step in points of a hundred
NOT_SAID = "（没有填）"
Given = Mapping[str, Any]  # question id → what was answered


def figures(questions: Sequence[Question], people: Sequence[tuple[str, Given]], *, answers: int, group: int) -> dict[str, Any]:
    """``people``: sampling group and answers of each. ``answers``: below so many nothing is told; ``group``: nor of a smaller group.

    Scores are points of a hundred (five steps of twenty), shares whole per cent.
    """
    count = len(people)
    told: dict[str, Any] = {"count": count, "enough": count >= max(answers, group)}
    if not told["enough"]:
        return told | {
            "valid": None,
            "satisfied": None,
            "score": None,
            "share": None,
            "questions": [],
            "dimensions": [],
            "groups": [],
        }
    given = [one for _, one in people]
    divided = [("抽样组", [stratum for stratum, _ in people])] if any(stratum for stratum, _ in people) else []
    divided += [(q.text, [q.options.get(str(one.get(q.id)), NOT_SAID) for one in given]) for q in questions if q.divides]
    return (
        told
        | _satisfaction(questions, given, group)
        | {
            "questions": [_of_question(q, given, group) for q in questions if q.kind != TEXT],
            "dimensions": _dimensions(questions, given, group),
            "groups": [{"by": by, "rows": _of_groups(questions, given, names, group)} for by, names in divided],
        }
    )


def _steps(questions: Iterable[Question], one: Given) -> list[int]:
    return [int(one[q.id]) for q in questions if q.kind == SCALE and q.id in one]


def _satisfaction(questions: Sequence[Question], people: Iterable[Given], least: int) -> dict[str, Any]:
    """Everybody weighs the same, however many questions were answered."""
    steps = [(own, one) for one in people if (own := _steps(questions, one))]
    whole = any(question.id == OVERALL for question in questions)  # of one aspect alone, its own questions say it
    if len(steps) < least:
        return {"valid": None, "satisfied": None, "score": None, "share": None}
    satisfied = sum(Decimal((whole and one.get(OVERALL)) or _mean(own)) >= SATISFIED for own, one in steps)
    return {
        "valid": len(steps),
        "satisfied": satisfied,
        "score": _rounded(_mean([_mean(own) for own, _ in steps]) * FULL, 1),
        "share": _rounded(Decimal(100 * satisfied) / len(steps), 0),
    }


def _of_question(question: Question, people: Sequence[Given], least: int) -> dict[str, Any]:
    answered = [one[question.id] for one in people if question.id in one]
    row: dict[str, Any] = {
        "id": question.id,
        "text": question.text,
        "kind": question.kind,
        "objective": question.objective,
        "score": None,
    }
    row |= {"dimension": question.dimension, "count": len(answered), "shares": []}
    if len(answered) < least or (question.sensitive and 0 < len(people) - len(answered) < least):
        return row | {"count": None}
    chosen = Counter(value for one in answered for value in (one if question.kind == MANY else [one]))
    sizes = {value: chosen[value] for value in question.options}
    quiet = hidden(sizes, least) if question.sensitive else frozenset()
    if question.kind == SCALE:
        row["score"] = _rounded(_mean([int(one) for one in answered]) * FULL, 1)
    row["shares"] = [
        {"label": label, "share": None if value in quiet else _rounded(Decimal(100 * sizes[value]) / len(answered), 0)}
        for value, label in question.options.items()
    ]
    return row


def _dimensions(questions: Sequence[Question], people: Sequence[Given], least: int) -> list[dict[str, Any]]:
    names = dict.fromkeys(q.dimension for q in questions if q.kind == SCALE and q.dimension)
    found = ((name, _satisfaction([q for q in questions if q.dimension == name], people, least)) for name in names)
    return [{"name": name, "score": one["score"], "share": one["share"]} for name, one in found]


def _of_groups(questions: Sequence[Question], people: Sequence[Given], names: Sequence[str], least: int) -> list[dict[str, Any]]:
    """Sizes are of those who said how satisfied they are, so that every figure shown stands on that many."""
    members: dict[str, list[Given]] = {name: [] for name in names}
    for name, one in zip(names, people, strict=True):
        if _steps(questions, one):
            members[name].append(one)
    quiet = hidden({name: len(own) for name, own in members.items()}, least)
    return [
        {"name": name, "count": None, "score": None, "share": None}
        if name in quiet or not own
        else {"name": name, "count": len(own), **{key: _satisfaction(questions, own, least)[key] for key in ("score", "share")}}
        for name, own in sorted(members.items())
    ]


def _mean(numbers: Sequence[int] | Sequence[Decimal]) -> Decimal:
    return sum(map(Decimal, numbers), Decimal(0)) / len(numbers)


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
