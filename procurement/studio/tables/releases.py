"""Who may change which folder, and every release there was or was asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row
from procurement.studio.tables.drafts import CONTENT, DRAFT


class PermissionRow(KeptRow):
    """``holder`` (a login, or ``role:designer``) has ``action`` (edit, review, release) on ``folder`` (``*``: every folder).

    Rows for a folder take the place of those for ``*``.
    """

    __tablename__ = "studio_permissions"
    __table_args__ = (UniqueConstraint("folder", "action", "holder"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    folder: Mapped[str]
    action: Mapped[str]
    holder: Mapped[str]


class ReleaseRow(Row):
    """One release. ``id`` is its number (FB-2026-0001), the business key of its case.

    ``content``: path → [digest released (None: deleted), digest it took the place of (None: new)]; ``content_hash`` is what is
    signed. ``reviewed`` is false for what came into force without a second signature.
    """

    __tablename__ = "studio_releases"
    __table_args__ = (Index(None, "state", "submitted_at"), Index(None, "draft_key"))

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # review, direct, urgent, shipped, trial_end
    state: Mapped[str]  # see procurement.studio.release_model.STATES
    draft_key: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(DRAFT))
    folder: Mapped[str]
    folders: Mapped[list[str]]
    title: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    cases_run: Mapped[int] = mapped_column(default=0)  # when it was submitted
    editors: Mapped[list[str]]
    submitted_by: Mapped[str]
    submitted_at: Mapped[dt.datetime]
    release_at: Mapped[dt.datetime]
    trial_until: Mapped[dt.date | None]
    process_key: Mapped[int | None] = mapped_column(BigInteger)
    reviewed: Mapped[bool] = mapped_column(default=False)
    released_at: Mapped[dt.datetime | None]
    deployment_key: Mapped[int | None] = mapped_column(BigInteger)
    made: Mapped[list[str]] = mapped_column(default=list)  # "process goal_setting 5"
    returns: Mapped[str | None] = mapped_column(ForeignKey("studio_releases.id"))  # the release this one rolls back
    rolled_back_by: Mapped[str | None]  # the release that rolled this one back
    note: Mapped[str] = mapped_column(default="")  # why it was returned, refused, not applied or not rolled back


class SignatureRow(Row):
    """An opinion on exactly one content, written only by ``release.sign``. Append-only."""

    __tablename__ = "studio_signatures"
    __table_args__ = (Index(None, "release_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("studio_releases.id"))
    by: Mapped[str]
    at: Mapped[dt.datetime]
    opinion: Mapped[str]  # agree, return, refuse
    reason: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str]


class ShippedRow(Row):
    """The version of a file that a release of the software brought and this installation has taken over or looked at."""

    __tablename__ = "studio_shipped"

    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey(CONTENT))
    seen_at: Mapped[dt.datetime]
    kept_ours: Mapped[bool] = mapped_column(default=False)  # the office's own change stayed in force


class LookedRow(Row):
    """Who compared, replayed or ran what of a draft last, for the list before a release."""

    __tablename__ = "studio_looked"

    draft_key: Mapped[int] = mapped_column(BigInteger, ForeignKey(DRAFT), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)  # cases, compared, replayed
    by: Mapped[str]
    at: Mapped[dt.datetime]
    revision: Mapped[int]  # of the draft
    found: Mapped[dict[str, Any]]
