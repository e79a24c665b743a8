"""Where a posted bid waits while it arrives: the server would spool larger files to disk as they come, here they are encrypted."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.formparser import FormDataParser

from procurement.sealing.spool import EncryptedSpool

ENDPOINTS = frozenset({"sealed_bids.bid", "sealed_bids.hand_in"})


class SealingParser(FormDataParser):
    """Every file of the form becomes an EncryptedSpool."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "stream_factory": lambda *_, **__: EncryptedSpool()})


def install(pages: Flask) -> None:
    """Must come before whatever reads the form (the CSRF check does)."""

    @pages.before_request
    def encrypt_uploads() -> None:
        if request.endpoint in ENDPOINTS:
            request.form_data_parser_class = SealingParser
