"""The urn of a survey: putting an answer in so that not even the order of the rows on disk says whose it is.

Every answer put in moves some earlier answers and some used invitations along with it, in the same transaction. A row's place
and its transaction number then belong to several, and nobody can pair an invitation with an answer by them.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from procurement.registers.surveys import Answer, Invitation, InvitationBatch, PosterVisit

STIRRED = 12  # rows moved along with each new one


def put_in(session: Session, survey_id: str, stratum: str, via: str, answers: dict[str, Any]) -> None:
    """One more answer, under a random key."""
    session.add(Answer(id=secrets.token_hex(16), survey_id=survey_id, stratum=stratum, via=via, answers=answers))
    session.flush()
    own = (Answer.survey_id == survey_id, Answer.via == via)
    stirred = select(Answer.id).where(*own).order_by(func.random()).limit(STIRRED).scalar_subquery()
    session.execute(update(Answer).where(Answer.id.in_(stirred)).values(via=via), execution_options=_UNSEEN)
    used = select(Invitation.token_hash).where(Invitation.survey_id == survey_id, Invitation.used)
    stirred = used.order_by(func.random()).limit(STIRRED).scalar_subquery()
    session.execute(update(Invitation).where(Invitation.token_hash.in_(stirred)).values(used=True), execution_options=_UNSEEN)


def shuffled(session: Session, survey_id: str) -> Sequence[Answer]:
    """All answers, in an order that was never there before."""
    rows = list(session.scalars(select(Answer).where(Answer.survey_id == survey_id)))
    secrets.SystemRandom().shuffle(rows)
    return rows


def empty_urn(session: Session, survey_id: str) -> None:
    """Delete who was invited and which addresses came; what they answered stays."""
    for table in (Invitation, InvitationBatch, PosterVisit):
        session.execute(delete(table).where(table.survey_id == survey_id))


_UNSEEN = {"synchronize_session": False}
