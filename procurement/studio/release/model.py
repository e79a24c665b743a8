"""A release as a plain value, and what may refuse it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from engine import json_codec
from engine.errors import Conflict, InvalidInput, NotPermitted
from procurement.studio import layout

PROCESS = "rule_release"
WITHDRAWN_MESSAGE = "change_withdrawn"
REVIEW_TASK = "review_change"

# how it came to be: through the drawn process, past it, as an emergency, with the software, or at the end of a trial
REVIEW, DIRECT, URGENT, SHIPPED, TRIAL_END = "review", "direct", "urgent", "shipped", "trial_end"
SUBMITTED, APPROVED, RELEASED = "submitted", "approved", "released"
RETURNED, REFUSED, WITHDRAWN, NOT_APPLIED, ROLLED_BACK = "returned", "refused", "withdrawn", "not_applied", "rolled_back"
STATES = (SUBMITTED, APPROVED, RELEASED, RETURNED, REFUSED, WITHDRAWN, NOT_APPLIED, ROLLED_BACK)
UNDER_WAY = (SUBMITTED, APPROVED)
IN_FORCE = (RELEASED, ROLLED_BACK)  # came into force, whatever came after

RETURNS = "returns"  # what is kept of a draft that takes a release back: which one
AGREE, RETURN, REFUSE = "agree", "return", "refuse"
OPINIONS = (AGREE, RETURN, REFUSE)

Content = Mapping[str, tuple[str | None, str | None]]
"""Path → (digest put into force, None: taken away; digest it takes the place of, None: new)."""


@dataclass(frozen=True)
class Signature:
    """``opinion``: agree, return, refuse."""

    by: str
    at: dt.datetime
    opinion: str
    reason: str
    content_hash: str


@dataclass(frozen=True)
class Release:
    """``state`` and ``kind`` as above; people are logins; ``made`` lists versions as ``process goal_setting 5``."""

    number: str
    kind: str
    state: str
    draft: int | None
    folder: str
    folders: tuple[str, ...]
    title: str
    reason: str
    content: Content
    content_hash: str
    cases_run: int
    editors: tuple[str, ...]
    submitted_by: str
    submitted_at: dt.datetime
    release_at: dt.datetime
    trial_until: dt.date | None
    process_key: int | None
    reviewed: bool
    released_at: dt.datetime | None
    deployment_key: int | None
    made: tuple[str, ...]
    returns: str | None
    rolled_back_by: str | None
    note: str
    signatures: tuple[Signature, ...] = ()

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def approved_by(self) -> str | None:
        return next((one.by for one in reversed(self.signatures) if one.opinion == AGREE), None)

    @property
    def parties(self) -> frozenset[str]:
        """Whoever may not sign it: everybody who edited, and who submitted."""
        return frozenset({*self.editors, self.submitted_by})


def content_hash(content: Content) -> str:
    """What a signature is for: every path with what it will be and what it was."""
    return hashlib.sha256(json_codec.dumps({path: list(content[path]) for path in sorted(content)}).encode()).hexdigest()


def folders_of(content: Content) -> tuple[str, ...]:
    return tuple(sorted({layout.folder_of(path) for path in content if layout.is_path(path)}))


class NotReady(InvalidInput):
    """The draft cannot be submitted as it is. Mend what is listed; nothing was changed."""


class ReleaseClosed(Conflict):
    """Release {release} is {state}. Reload the page to see what happened to it."""


class NotIndependent(NotPermitted):
    """You edited or submitted this draft, so somebody else has to review it. This holds for administrators too."""


class CannotRollBack(Conflict):
    """Release {release} cannot be rolled back as a whole: {paths} changed again since. Begin a draft from the earlier version instead."""
