"""Open data as it was published: one row per OCDS release. A release once published never changes; a correction is a new one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import Row


class PublishedRelease(Row):
    """``content`` is the release as JSON with addresses of this site written from its root; ``sha256`` is over its canonical form.

    ``event`` names what the release tells of, such as ``notice GG-2026-0001``: each event is released once.
    """

    __tablename__ = "published_releases"
    __table_args__ = (Index(None, "purchase_id", "sequence"),)

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)  # in order of publication
    id: Mapped[str] = mapped_column(unique=True)
    ocid: Mapped[str] = mapped_column(index=True)
    purchase_id: Mapped[str]
    event: Mapped[str] = mapped_column(unique=True)
    tags: Mapped[list[str]]
    released_at: Mapped[dt.datetime]  # when the event happened: the release's date
    published_at: Mapped[dt.datetime]  # when it became part of the open data
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str]
