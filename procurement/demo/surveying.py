"""How the demo's residents answer a survey: some of the cards come back, most people are satisfied, a few write something."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from random import Random

from engine.model import Actor
from procurement.office import Office
from procurement.office.surveys import LinkUsed
from procurement.surveys.answering import CONSENT, SELF, WHO
from procurement.surveys.questions import MANY, SCALE, TEXT, Question, read

TASK = "issue_invitations"
CARDS = 48  # of a survey without sampling groups
ADDRESS = "192.0.2.1"
STEPS = ("5", "5", "5", "4", "4", "4", "4", "3", "3", "2")
REMARKS = ("希望早上能再早半个钟头。", "都好，谢谢。", "电话有时打不通。", "换人的时候先说一声。", "饭菜软一点就更好了。")


def answer(office: Office, number: str, actor: Actor) -> None:
    """Make the cards of every group and answer about two thirds of them; the same on every load of the demo."""
    survey = office.surveys.progress(number, actor=actor).survey
    questions = read(survey.questions)
    for one in survey.strata or [{"name": "", "planned": CARDS}]:
        seed = hashlib.sha256(f"{number} {one['name']}".encode()).hexdigest()  # a real office's secret is drawn, see survey_desk
        chance = Random(seed)  # noqa: S311 - a demo
        for token in office.surveys.make_cards(number, seed, one["name"], one["planned"], actor=actor):
            if chance.random() < 0.68:
                with suppress(LinkUsed):  # before a load that was killed
                    office.surveys.answer(token, _said(questions, chance), address=ADDRESS)


def _said(questions: list[Question], chance: Random) -> dict[str, list[str]]:
    answers = {question.id: _answer(question, chance) for question in questions}
    return {name: values for name, values in answers.items() if values} | {CONSENT: ["yes"], WHO: [SELF]}


def _answer(question: Question, chance: Random) -> list[str]:
    if question.kind == TEXT:
        return [chance.choice(REMARKS)] if chance.random() < 0.2 else []
    if question.kind == SCALE:
        return [chance.choice(STEPS)]
    if question.kind == MANY:
        return chance.sample(list(question.options), 1)
    options = list(question.options)
    return [options[-1] if question.options.get("no") else chance.choice(options)]
