"""A request context with our languages, for parts that need no office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_babel import Babel


@contextmanager
def request_context(locale: str = "zh_Hans") -> Iterator[None]:
    pages = Flask("web")
    Babel(pages, default_locale=locale)
    with pages.test_request_context():
        yield
